"""News of 2025.

Where only a year is known, the day is the first one that keeps the items in order.
"""

from .shapes import Date, News, bullets, figure, heading, key_figures, paragraph, table

NEWS_2025 = (
    News(
        title="E-MOTIVE wins a STEM award",
        slug="e-motive-award",
        date=Date(2025, 1, 1),
        date_precision="year",
        kind="award",
        summary="A programme against severe bleeding after birth is honoured for its science.",
        body=(
            paragraph(
                "E-MOTIVE, a programme that helps midwives and doctors to notice and stop severe "
                "bleeding after birth, has won a STEM award.",
            ),
            figure("mother-and-child.png", "Born well begins with a mother who is well."),
            heading("Simple steps, taken together"),
            paragraph(
                "Bleeding after birth can be treated if it is seen in time. E-MOTIVE measures what "
                "used to be guessed, and gives the treatments together instead of one after the "
                "other. Nothing in it is exotic. What is new is that it is done for everyone, "
                "early and at once.",
                "Maternal health and perinatal mortality are one of the partnership’s four "
                "priorities.",
            ),
        ),
        partners=("university-of-birmingham", "birmingham-womens-and-childrens"),
    ),
    News(
        title="Birmingham Community Healthcare becomes ninth member",
        slug="birmingham-community-healthcare-joins",
        date=Date(2025, 3, 1),
        date_precision="month",
        kind="membership",
        summary="A trust that cares for people at home and in the community brings the partnership "
        "to nine members.",
        body=(
            paragraph(
                "Birmingham Community Healthcare NHS Foundation Trust has joined BHP as its ninth "
                "member. Professor Neil Hanley is the partnership’s Executive Director.",
                "Most of the care that people receive in a lifetime is given outside hospitals. "
                "Until research goes there too, it will know a great deal about illness and too "
                "little about living with it.",
            ),
            figure("nine-rings.png", "Nine members, one plan for research."),
            heading("Research at the kitchen table"),
            paragraph(
                "Community staff see people where they live, often for years. They know who cannot "
                "get to a clinic and who has stopped opening letters. For a partnership that wants "
                "its studies to look like its city, that knowledge is worth a great deal.",
            ),
        ),
        partners=("birmingham-community-healthcare",),
    ),
    News(
        title="Good Hope Hospital: from 50 people in research to 573",
        slug="good-hope-hospital-recruitment",
        date=Date(2025, 4, 1),
        date_precision="year",
        kind="announcement",
        summary="In 2019 Good Hope Hospital recruited 50 people to research. In 2024–25 it "
        "recruited 573.",
        body=(
            key_figures(
                ("50", "people recruited in 2019"),
                ("573", "people recruited in 2024–25"),
                source="Good Hope Hospital",
            ),
            paragraph(
                "Good Hope is not a university hospital in the old sense of the word. It is a "
                "general hospital with a busy front door, and that is the point: the people who "
                "come through it are the people for whom treatments are meant.",
            ),
            heading("What it takes"),
            paragraph(
                "Numbers like these do not come from a poster in a corridor. As a rule, they come "
                "from steady things:",
                bullets(
                    "research staff who are on the ward and known there",
                    "studies chosen because they suit the patients",
                    "asking everyone who could take part, and asking well",
                ),
            ),
            table(
                "People recruited to research at Good Hope",
                ("Period", "People"),
                ("2019", "50"),
                ("2024–25", "573"),
            ),
        ),
        partners=("university-hospitals-birmingham",),
    ),
    News(
        title="One door for healthtech: BHP signs memorandum with ABHI",
        slug="abhi-memorandum",
        date=Date(2025, 6, 1),
        date_precision="month",
        kind="partnership",
        summary="A memorandum with the Association of British HealthTech Industries gives makers "
        "of devices and diagnostics a place to start.",
        body=(
            paragraph(
                "BHP has signed a memorandum of understanding with ABHI, the Association of "
                "British HealthTech Industries.",
                "A company with a new device needs a clinic to try it, somebody to measure "
                "whether it helps, and an honest answer. In a large region it can take months to "
                "find out whom to ask. The memorandum is meant to make it one conversation.",
            ),
            figure("agreement.png", "Two circles, and what they have in common."),
            heading("The second of its kind"),
            paragraph(
                "In September 2019 the partnership signed a memorandum with the pharmaceutical "
                "industry’s association. This one does for devices and diagnostics what that one "
                "did for medicines. Early detection is one of the partnership’s themes, and much "
                "of it depends on better tests.",
            ),
        ),
    ),
    News(
        title="Jonathan Pearson’s term as chair comes to an end",
        slug="chair-term-ends",
        date=Date(2025, 9, 1),
        date_precision="month",
        kind="people",
        summary="The chair of BHP leaves in September 2025 and becomes chair of Health Innovation "
        "West Midlands.",
        body=(
            paragraph(
                "Jonathan Pearson’s term as chair of BHP ends in September 2025. He stays close: "
                "he goes on to chair Health Innovation West Midlands, one of the partnership’s "
                "members.",
            ),
            heading("What a chair does"),
            paragraph(
                "No member of a partnership can instruct another. The chair’s task is to find the "
                "plan that nine independent boards can each call their own, and to say so when "
                "there is none. It is done in meetings, in telephone calls, and in the order of an "
                "agenda.",
                "Earlier announcements on this site keep the roles that people held when they "
                "spoke. The register of people shows when roles began and ended, as exactly as is "
                "known.",
            ),
        ),
        partners=("health-innovation-west-midlands",),
    ),
    News(
        title="Starter Fellowships: call for applications",
        slug="starter-fellowships-call",
        date=Date(2025, 10, 1),
        date_precision="day",
        kind="call",
        summary="Clinicians who would like to try research can apply for protected time from "
        "1 October to 28 November 2025.",
        body=(
            table(
                "Dates of this call",
                ("Step", "Date"),
                ("Call opens", "1 October 2025"),
                ("Call closes", "28 November 2025, 5pm"),
            ),
            heading("Who can apply"),
            paragraph(
                "Nurses, midwives, doctors, pharmacists and therapists who work for a member of "
                "the partnership and have not yet led research. You need a question from your own "
                "practice, a supervisor at a member university, and your manager’s consent.",
            ),
            heading("What to send"),
            paragraph(
                bullets(
                    "one page on the question, and why it matters to patients",
                    "one page on what you would do with the time",
                    "a letter from your supervisor",
                ),
                "Starter Fellowships have been offered since 2014. This call, its dates and its "
                "conditions are an example made for the demonstration of this site: no "
                "application can be made here.",
            ),
        ),
        partners=("university-of-birmingham", "aston-university"),
    ),
)
