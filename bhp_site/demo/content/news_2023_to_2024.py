"""News of 2023 and 2024.

Where only a year is known, the day is the first one that keeps the items in order.
"""

from .shapes import Date, News, figure, heading, key_figures, paragraph, table, video

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
                "One of the partnership’s members has changed its name. The West Midlands Academic "
                "Health Science Network is now Health Innovation West Midlands.",
                "Its work stays the same. It helps the NHS in the region to find, test and spread "
                "what works, from a better pathway to a new device. Its membership of BHP stays "
                "the same as well.",
            ),
            heading("What changes on this site"),
            paragraph(
                "The member’s page bears the new name, and search finds it under both. "
                "Announcements made before 2023 keep the old one, because that is what they said.",
            ),
            figure("canal.png", "Good ideas, like narrowboats, need somebody to open the locks."),
        ),
        partners=("health-innovation-west-midlands",),
    ),
    News(
        title="Birmingham receives £9.9m from the Mental Health Mission",
        slug="mental-health-mission",
        date=Date(2023, 1, 2),
        date_precision="year",
        kind="funding",
        summary="Birmingham and Solihull Mental Health NHS Foundation Trust takes part in a "
        "national mission to find better treatments for mental illness.",
        body=(
            paragraph(
                "The Mental Health Mission is a national effort, worth £42.7m, to speed up "
                "research into mental illness. Of that sum £9.9m comes to Birmingham.",
                "When that was announced is not known to this demonstration; the year given on "
                "this page is its own assumption.",
            ),
            key_figures(
                ("£42.7m", "for the mission as a whole"),
                ("£9.9m", "of it for Birmingham"),
                source="Mental Health Mission",
            ),
            heading("Why here"),
            paragraph(
                "Birmingham is a young city, and mental illness often begins in youth. Finding out "
                "early what helps can change decades. The money makes it possible to offer trials "
                "to people who have rarely been asked, and to do so close to where they live.",
                "Birmingham and Solihull Mental Health NHS Foundation Trust takes part in the "
                "mission for the city.",
            ),
            figure("ward-window.png", "Care and research can happen in the same room."),
        ),
        partners=("birmingham-and-solihull-mental-health",),
    ),
    News(
        title="Ten years of Starter Fellowships",
        slug="ten-years-of-starter-fellowships",
        date=Date(2024, 1, 1),
        date_precision="year",
        kind="people",
        summary="Since 2014 Starter Fellowships have given clinicians their first protected time "
        "for research.",
        body=(
            paragraph(
                "A question comes up on a night shift. Somebody ought to look into it. Nobody has "
                "the time. Starter Fellowships exist for that somebody, and have done since 2014.",
            ),
            heading("A small gift of time"),
            paragraph(
                "A fellowship takes a clinician off the rota for a limited period, with a "
                "supervisor and a desk. It is long enough to read what is known, to collect first "
                "results and to write an application for something larger. It is also long enough "
                "to find out that research is not for you, which is worth knowing.",
            ),
            table(
                "A common path",
                ("Step", "What it is for"),
                ("Idea", "A question from practice"),
                ("Starter Fellowship", "First results and a plan"),
                ("Doctorate", "A full answer to one question"),
                ("Leading research", "Asking, and training others"),
            ),
            paragraph(
                "The next call is announced on this site, with its opening and closing dates.",
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
        "will bring trials of new treatments closer to home.",
        body=(
            paragraph(
                "A new Commercial Research Delivery Centre is to bring trials of new treatments to "
                "people across the region. Birmingham Women’s and Children’s NHS Foundation Trust "
                "is its host.",
                "When that was announced is not known to this demonstration; the year given on "
                "this page is its own assumption.",
            ),
            key_figures(
                ("£7m", "for the centre"), ("4.2m", "people in the area it serves"), source="NIHR"
            ),
            heading("Nearer, and fairer"),
            paragraph(
                "Trials tend to happen in large hospitals, and tend to recruit those who live near "
                "one. The centre is meant to change that. Taking part should not depend on owning "
                "a car or on a free morning.",
                "Professor Lorraine Harper, the partnership’s Managing Director, also directs a "
                "research delivery centre.",
            ),
            video(
                "Films about taking part in research",
                "https://www.youtube.com/user/NIHRtv",
                "The NIHR’s film channel, where people describe what taking part was like. It "
                "opens on YouTube; most films have captions.",
            ),
        ),
        partners=("birmingham-womens-and-childrens",),
    ),
)
