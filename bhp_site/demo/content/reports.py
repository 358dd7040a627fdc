"""The four reports. Their files are demonstration documents, and say so."""

from .shapes import Date, File, Report, bullets, figure, heading, key_figures, paragraph, table

SEVEN = (
    "university-of-birmingham",
    "university-hospitals-birmingham",
    "birmingham-womens-and-childrens",
    "health-innovation-west-midlands",
    "sandwell-and-west-birmingham",
    "royal-orthopaedic-hospital",
    "aston-university",
)
PREGNANCY = ("university-of-birmingham", "birmingham-womens-and-childrens")

REPORTS = (
    Report(
        title="Report of Activity 2020 to 2022",
        slug="report-of-activity-2020-2022",
        kind="activity",
        period_start=Date(2020, 9, 1),
        period_end=Date(2022, 8, 31),
        # After August 2022, its last month; the page says that the year is the demonstration's own.
        date=Date(2022, 9, 1),
        date_precision="year",
        summary="The first account of the partnership’s work, from September 2020 to August 2022: "
        "two years in which four members became seven.",
        highlights=(
            ("Training", "First steps in research for clinicians of every profession."),
            ("Funding", "Answering together the calls that none could answer alone."),
            ("Health data", "Records that help everyone, handled with care."),
        ),
        body=(
            paragraph(
                "In two years Sandwell and West Birmingham, the Royal Orthopaedic Hospital and "
                "Aston University joined the partnership. This is its first report of activity, "
                "written for members, local people and everyone in the West Midlands and beyond "
                "who has a stake in better health.",
                "It came out after August 2022. In which year is not known to this demonstration; "
                "the one given on this page is its own assumption.",
            ),
            key_figures(
                ("7", "members by the end of August 2022"),
                ("3", "of them new since September 2020"),
                ("2", "policy reports on pregnancy"),
                source="Our registers of members and reports",
            ),
            heading("What it covers"),
            paragraph(
                bullets(
                    "who the members are, and when they joined",
                    "the themes that cut across the work, and its four priorities",
                    "two policy reports on medicines in pregnancy",
                    "training, health data and work with industry",
                )
            ),
            figure("skyline.png", "Seven organisations, one city region."),
        ),
        partners=SEVEN,
        files=(
            File(
                "report-of-activity-2020-2022.pdf",
                "Report of Activity 2020 to 2022",
                "Report of Activity 2020 to 2022",
            ),
        ),
    ),
    Report(
        title="Healthy Mum, Healthy Baby, Healthy Future: The Case for UK Leadership",
        slug="healthy-mum-healthy-baby-healthy-future",
        kind="policy",
        period_start=None,
        period_end=None,
        date=Date(2022, 5, 1),
        date_precision="month",
        summary="Eight recommendations for safer and more effective medicines in pregnancy, drawn "
        "from six evidence sessions.",
        highlights=(
            ("Six sessions", "Evidence from many sides, heard in the same room."),
            ("Eight recommendations", "Few enough to remember, clear enough to act on."),
        ),
        body=(
            paragraph(
                "Many women need a medicine while they are pregnant, and few medicines have been "
                "studied in pregnancy. This report followed a call to action of 2021 and asked "
                "what the country could do about it."
            ),
            key_figures(
                ("6", "evidence sessions"), ("8", "recommendations"), source="The report, May 2022"
            ),
            heading("Why it matters here"),
            paragraph(
                "Maternal health and perinatal mortality are among the partnership’s four "
                "priorities. Its members look after women before, during and after birth, and "
                "after the children who are born."
            ),
            figure("mother-and-child.png"),
        ),
        partners=PREGNANCY,
        files=(
            File(
                "healthy-mum-healthy-baby-2022.pdf",
                "Healthy Mum, Healthy Baby, Healthy Future",
                "Healthy Mum, Healthy Baby, Healthy Future",
            ),
        ),
    ),
    Report(
        title="Safe and Effective Medicines for Use in Pregnancy: A Call to Action",
        slug="safe-and-effective-medicines-in-pregnancy",
        kind="policy",
        period_start=None,
        period_end=None,
        date=Date(2021, 1, 1),
        date_precision="year",
        summary="A call to end the gap in knowledge about the medicines that women take while "
        "they are pregnant.",
        highlights=(
            ("The gap", "Most medicines have not been studied in pregnancy."),
            ("The cost", "Decisions that should rest on evidence rest on caution."),
            ("The call", "Include, follow, share, train, join up."),
        ),
        body=(
            paragraph(
                "For a long time pregnant women were kept out of trials in order to protect them. "
                "The risk did not go away. It moved to where nobody measures it."
            ),
            table(
                "Where the obstacles lie",
                ("Group", "What it sees", "What would help"),
                ("Makers", "A small market and a large risk", "Clear rules and early advice"),
                ("Funders", "Difficult, lengthy trials", "Calls that name pregnancy"),
                ("Clinicians", "One patient, today", "Answers they can find in a minute"),
            ),
            heading("About the file"),
            paragraph(
                "The file offered here is an older document without tags, so a screen reader finds "
                "no headings in it. If you need it in another form, please ask: the address is on "
                '<a href="/contact/">our contact page</a>.'
            ),
        ),
        partners=PREGNANCY,
        files=(
            File(
                "safe-and-effective-medicines-2021.pdf",
                "Safe and Effective Medicines for Use in Pregnancy",
                "Safe and Effective Medicines for Use in Pregnancy",
                "It has no tags on purpose: this demonstration shows with it what visitors are "
                "told about such a file.",
            ),
        ),
    ),
    Report(
        title="Five-year strategy",
        slug="five-year-strategy",
        kind="strategy",
        period_start=None,
        period_end=None,
        # Its date is not public; the page says that this year is the demonstration's own.
        date=Date(2022, 1, 1),
        date_precision="year",
        summary="Where the partnership means to be of use: four priorities, and the ways of "
        "working that serve them all.",
        highlights=(
            ("Priorities", "Cancer, inflammation, mothers and babies, mental health."),
            ("Themes", "Trials, early detection, health inequalities."),
        ),
        body=(
            heading("Four priorities"),
            paragraph(
                bullets(
                    "cancer outcomes",
                    "inflammation and chronic disease",
                    "maternal health and perinatal mortality",
                    "mental health",
                )
            ),
            heading("Ways of working"),
            paragraph(
                "Themes cut across the priorities: clinical trials, early detection and diagnosis, "
                "and health inequalities among them. A study can belong to several at once, and "
                "the best ones do.",
                "When the strategy was published is not known to this demonstration; the year "
                "given on this page is its own assumption.",
            ),
            figure("nine-rings.png", "Nine members by March 2025, one plan."),
        ),
        partners=SEVEN,
        files=(File("five-year-strategy.pdf", "Five-year strategy", "Five-year strategy"),),
    ),
)
