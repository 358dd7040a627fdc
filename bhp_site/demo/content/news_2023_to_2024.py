"""News of 2023 and 2024.

Where only a year is known, the day is the first one that keeps the items in order.
"""

from .shapes import Date, News, bullets, figure, heading, key_figures, paragraph, video

NEWS_2023_TO_2024 = (
    News(
        title="West Midlands network takes a new name",
        slug="health-innovation-west-midlands",
        date=Date(2023, 1, 1),
        date_precision="year",
        kind="membership",
        summary="The West Midlands Academic Health Science Network, a member of BHP, is now called "
        "Health Innovation West Midlands.",
        body=(
            paragraph(
                "One of our members has a new name. The West Midlands Academic Health Science "
                "Network is now Health Innovation West Midlands (HIWM).",
            ),
            heading("A new name for the same purpose"),
            paragraph(
                "Health innovation networks help the NHS to find, test and spread new ideas, from "
                "a better way to organise a clinic to a new device or digital service. They work "
                "with patients, researchers and companies across a region.",
                "That role does not change, and neither does the network’s membership of "
                "Birmingham Health Partners (BHP).",
            ),
            figure("canal.png"),
            heading("Finding earlier announcements"),
            paragraph(
                "You can search for the network under either name. Announcements made before 2023 "
                "keep the name it had at the time.",
            ),
        ),
        partners=("health-innovation-west-midlands",),
    ),
    News(
        title="Birmingham receives £9.9m from the Mental Health Mission",
        slug="mental-health-mission",
        date=Date(2023, 1, 2),
        date_precision="year",
        kind="funding",
        summary="Birmingham and Solihull Mental Health NHS Foundation Trust is part of a £42.7m "
        "national mission to improve research into mental illness.",
        body=(
            paragraph(
                "Birmingham is to receive £9.9m from the Mental Health Mission, a national "
                "programme worth £42.7m. Birmingham and Solihull Mental Health NHS Foundation "
                "Trust takes part in the mission.",
            ),
            key_figures(
                ("£42.7m", "for the mission as a whole"),
                ("£9.9m", "of it for Birmingham"),
                source="Mental Health Mission",
            ),
            figure("ward-window.png"),
            heading("Research where it is needed"),
            paragraph(
                "Mental illness often begins when people are young, and Birmingham is a young "
                "city. Treatment that comes early and suits the person can change the course of "
                "a life. To find out what works, and for whom, people from every community need "
                "the chance to take part in clinical trials.",
            ),
            heading("Mind and body together"),
            paragraph(
                "Mental health is one of the four priorities of Birmingham Health Partners (BHP). "
                "It is closely linked to the others. People who live with a long-term physical "
                "illness are more likely to have poor mental health, and health inequalities "
                "affect both.",
            ),
        ),
        partners=("birmingham-and-solihull-mental-health",),
    ),
    News(
        title="Ten years of Starter Fellowships",
        slug="ten-years-of-starter-fellowships",
        date=Date(2024, 1, 1),
        date_precision="year",
        kind="people",
        summary="Since 2014 our Starter Fellowships have given clinicians their first protected "
        "time for research.",
        body=(
            paragraph(
                "For ten years the Starter Fellowships of Birmingham Health Partners (BHP) have "
                "helped clinicians to take their first step into research.",
            ),
            figure("lamp-and-notes.png", "A fellowship gives a question the time it needs."),
            heading("Time to ask a question"),
            paragraph(
                "Nurses, midwives, doctors and therapists see every day what works for patients "
                "and what does not. Few of them have time to follow up the questions that this "
                "raises. A Starter Fellowship gives them protected time, with a supervisor, to "
                "find out what is already known and to plan a study.",
            ),
            heading("Where it can lead"),
            paragraph(
                bullets(
                    "a first set of results, and a better question",
                    "an application for a doctoral fellowship",
                    "a career that combines research with caring for patients",
                ),
                "Our members can offer such careers together: hospitals where questions arise, "
                "universities that teach how to answer them, and a network that spreads what has "
                "been learnt.",
            ),
            heading("Applying"),
            paragraph(
                'We announce each call in our <a href="/news/?kind=call">news</a>, with its '
                "opening and closing dates.",
            ),
        ),
    ),
    News(
        title="£7m research delivery centre will serve 4.2 million people",
        slug="commercial-research-delivery-centre",
        date=Date(2024, 1, 2),
        date_precision="year",
        kind="funding",
        summary="A Commercial Research Delivery Centre hosted by Birmingham Women’s and Children’s "
        "will bring clinical trials closer to home.",
        body=(
            paragraph(
                "A new Commercial Research Delivery Centre will give more people the chance to "
                "take part in clinical trials of new treatments. It is worth £7m and serves an "
                "area in which 4.2 million people live. Birmingham Women’s and Children’s NHS "
                "Foundation Trust is its host.",
            ),
            key_figures(
                ("£7m", "for the centre"), ("4.2m", "people in the area it serves"), source="NIHR"
            ),
            figure("neighbourhood.png", "Trials should be within reach of everyone."),
            heading("Trials closer to home"),
            paragraph(
                "Commercial trials test medicines and devices that companies have developed. They "
                "can give patients access to new treatments before these are widely available. A "
                "delivery centre brings together the staff, the space and the experience that "
                "such trials need.",
                "Where a trial takes place matters. When taking part means a long journey or a "
                "day without pay, some people are left out, and the results fit everyone else "
                "better than them. Fair access to trials is part of reducing health "
                "inequalities.",
            ),
            heading("Leadership"),
            paragraph(
                "Professor Lorraine Harper, Managing Director of Birmingham Health Partners (BHP), "
                "also directs a research delivery centre.",
            ),
            video(
                "Films about taking part in research",
                "https://www.youtube.com/user/NIHRtv",
                "People describe what it is like to take part in research, on the film channel of "
                "the National Institute for Health and Care Research (NIHR). It opens on YouTube; "
                "most films have captions.",
            ),
        ),
        partners=("birmingham-womens-and-childrens",),
    ),
)
