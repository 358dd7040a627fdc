"""News of 2025.

Where only a year is known, the day is the first one that keeps the items in order.
"""

from .shapes import UK, Date, News, Time, bullets, figure, heading, key_figures, paragraph, table

NEWS_2025 = (
    News(
        title="E-MOTIVE wins a STEM award",
        slug="e-motive-award",
        date=Date(2025, 1, 1),
        date_precision="year",
        kind="award",
        summary="A research programme on severe bleeding after birth has won a science award.",
        body=(
            paragraph(
                "E-MOTIVE, a research programme that helps to find and treat severe bleeding "
                "after birth, has won a STEM award in 2025.",
            ),
            figure("mother-and-child.png", "Safer births give mothers and babies a better start."),
            heading("Finding danger early"),
            paragraph(
                "Severe bleeding after birth can become an emergency within minutes. When it is "
                "noticed early, it can be treated. E-MOTIVE studies how teams on a maternity ward "
                "can measure blood loss reliably, and start all parts of the treatment without "
                "delay.",
            ),
            heading("Part of our work on maternal health"),
            paragraph(
                "Maternal health and perinatal mortality is one of the four priorities of "
                "Birmingham Health Partners (BHP). Our policy reports on "
                '<a href="/reports/safe-and-effective-medicines-in-pregnancy/">safe and effective '
                "medicines</a> and on "
                '<a href="/reports/healthy-mum-healthy-baby-healthy-future/">the case for UK '
                "leadership</a> belong to the same field.",
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
        summary="A trust that cares for people at home and in the community brings Birmingham "
        "Health Partners to nine members.",
        body=(
            paragraph(
                "Birmingham Community Healthcare NHS Foundation Trust has joined Birmingham "
                "Health Partners (BHP) as its ninth member. The partnership now brings together "
                "six NHS trusts, two universities and Health Innovation West Midlands.",
            ),
            figure("nine-rings.png", "Nine members, one partnership."),
            heading("Care close to home"),
            paragraph(
                "Much of the care that people need is given outside hospital: at home, in "
                "schools, in health centres and in community hospitals. With Birmingham Community "
                "Healthcare as a member, research can reach more of the people who rely on it.",
                "Community teams often look after people who live with several long-term "
                "conditions. Their experience is vital for research into multimorbidity, and for "
                "studies that include those who find it hard to travel to a large hospital.",
            ),
            heading("Who leads the partnership"),
            paragraph(
                "Professor Neil Hanley is Executive Director of BHP. You can read more about "
                '<a href="/people/">the people who lead the partnership</a> and about '
                '<a href="/partners/">all nine members</a>.',
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
        summary="Good Hope Hospital recruited 50 people to research in 2019, and 573 in 2024–25.",
        body=(
            key_figures(
                ("50", "people recruited in 2019"),
                ("573", "people recruited in 2024–25"),
                source="Good Hope Hospital",
            ),
            paragraph(
                "The number of people who take part in research at Good Hope Hospital has grown "
                "more than elevenfold. The hospital in Sutton Coldfield is part of University "
                "Hospitals Birmingham NHS Foundation Trust.",
            ),
            figure("hospital.png"),
            heading("Why it matters"),
            paragraph(
                "Most people are treated in a local hospital, and that is where clinical trials "
                "need to be. When research reaches more hospitals, it includes more kinds of "
                "people, and its results hold for more of them.",
                "Hospitals that take part in research also give their staff the chance to learn, "
                "and their patients the chance to try new treatments.",
            ),
            heading("The figures"),
            table(
                "People recruited to research at Good Hope Hospital",
                ("Period", "People"),
                ("2019", "50"),
                ("2024–25", "573"),
            ),
            paragraph(
                "If you are a patient and would like to take part in research, ask the team that "
                "looks after you which studies are open.",
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
        summary="A memorandum of understanding with the Association of British HealthTech "
        "Industries links makers of medical technology with the NHS and universities.",
        body=(
            paragraph(
                "Birmingham Health Partners (BHP) has signed a memorandum of understanding with "
                "the Association of British HealthTech Industries (ABHI), which represents "
                "companies that make medical devices, diagnostics and digital health products.",
            ),
            figure("agreement.png"),
            heading("From idea to everyday care"),
            paragraph(
                "A new test or device has to prove itself with patients before a health service "
                "can adopt it. That takes clinicians who know the need, researchers who can "
                "measure the benefit, and a service that is ready to change. The members of the "
                "partnership have all three.",
                "Better technology is central to early detection and diagnosis, one of the "
                "themes of our work.",
            ),
            heading("Building on experience"),
            paragraph(
                "In September 2019 we signed "
                '<a href="/news/abpi-memorandum/">a memorandum with the Association of the '
                "British Pharmaceutical Industry (ABPI)</a>. Together the two cover medicines and "
                "medical technology.",
            ),
        ),
    ),
    News(
        title="Jonathan Pearson’s term as chair comes to an end",
        slug="chair-term-ends",
        date=Date(2025, 9, 1),
        date_precision="month",
        kind="people",
        summary="The chair of Birmingham Health Partners leaves in September 2025 and becomes "
        "chair of Health Innovation West Midlands.",
        body=(
            paragraph(
                'The term of <a href="/people/jonathan-pearson/">Jonathan Pearson</a> as chair of '
                "Birmingham Health Partners (BHP) ends in September 2025. He goes on to chair "
                '<a href="/partners/health-innovation-west-midlands/">Health Innovation West '
                "Midlands</a>, one of our members.",
            ),
            figure("round-table.png"),
            heading("The role of the chair"),
            paragraph(
                "Our members are independent organisations, each with its own board. The chair "
                "brings them together, helps them to agree on shared aims, and speaks for the "
                "partnership as a whole.",
            ),
            heading("Chairs of the partnership"),
            paragraph(
                '<a href="/people/ed-smith/">Ed Smith</a> was chair when our '
                '<a href="/reports/report-of-activity-2020-2022/">first report of activity</a> '
                "was published. Our earlier announcements give the roles that people held when "
                "they spoke.",
            ),
        ),
        partners=("health-innovation-west-midlands",),
    ),
    News(
        title="Starter Fellowships: call for applications",
        slug="starter-fellowships-call",
        opens_at=Time(2025, 10, 1, tzinfo=UK),
        closes_at=Time(2025, 11, 28, 17, tzinfo=UK),
        date=Date(2025, 10, 1),
        date_precision="day",
        kind="call",
        summary="Clinicians who want to start in research can apply for protected time from "
        "1 October to 28 November 2025.",
        body=(
            paragraph(
                "Birmingham Health Partners (BHP) invites applications for its Starter "
                "Fellowships. They give clinicians a first period of protected time for research, "
                "and have been offered since 2014.",
            ),
            figure("lamp-and-notes.png"),
            table(
                "Dates of this call",
                ("Step", "Date"),
                ("Call opens", "1 October 2025"),
                ("Call closes", "28 November 2025, 5pm"),
            ),
            heading("Who can apply"),
            paragraph(
                "You can apply if you are a nurse, midwife, doctor, pharmacist or therapist, work "
                "for one of our members, and have not yet led research. You need:",
                bullets(
                    "a question from your own practice",
                    "a supervisor at a member university",
                    "the agreement of your manager",
                ),
            ),
            heading("What to send"),
            paragraph(
                bullets(
                    "one page about your question, and why it matters to patients",
                    "one page about what you would do with the time",
                    "a letter from your supervisor",
                ),
            ),
            heading("What we look for"),
            paragraph(
                "We welcome questions from every profession and on every condition. Ideas that "
                "address health inequalities, multimorbidity or one of our four priorities are "
                "especially welcome.",
            ),
        ),
        partners=("university-of-birmingham", "aston-university"),
    ),
)
