"""The four reports. Their documents are demonstration documents, and say so."""

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
        # Public pages prove only that it came out after August 2022, its last month.
        date=Date(2022, 9, 1),
        date_precision="year",
        summary="What we did together from September 2020 to August 2022, as the partnership grew "
        "from four members to seven.",
        highlights=(
            ("Training", "First steps in research for clinicians of every profession."),
            ("Funding", "Calls for funding that members answer together."),
            ("Health data", "Safe use of data, and services that go digital."),
        ),
        body=(
            paragraph(
                "This is the first report of activity by Birmingham Health Partners (BHP). It "
                "explains who we are and how we work, and describes what the partnership did in "
                "two years of growth. It is written for our member organisations, "
                "for everyone who works with us, and for people in the West Midlands and beyond.",
            ),
            key_figures(
                ("7", "members by the end of August 2022"),
                ("3", "of them new since September 2020"),
                ("2", "policy reports on medicines in pregnancy"),
                source="Report of Activity 2020 to 2022",
            ),
            heading("What you will find in it"),
            paragraph(
                bullets(
                    "the seven members, and how the partnership grew",
                    "the four priorities, from cancer outcomes to mental health",
                    "the themes that run through them: clinical trials, early detection and "
                    "diagnosis, and health inequalities",
                    "two policy reports on safe and effective medicines in pregnancy",
                    "training, health data, and work with industry",
                )
            ),
            figure("skyline.png", "Seven organisations in one city region."),
            heading("Health inequalities and multimorbidity"),
            paragraph(
                "One concern runs through every chapter. Where life is harder, people become ill "
                "earlier and more often live with several conditions at once, which is called "
                "multimorbidity. The report explains how research can help to change that, and "
                "why it takes hospitals, universities and communities to do it.",
            ),
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
        summary="Eight recommendations for safer and more effective medicines in pregnancy, based "
        "on six evidence sessions.",
        highlights=(
            ("Six sessions", "Evidence from people who know the subject from different sides."),
            ("Eight recommendations", "What has to change, and who can change it."),
        ),
        body=(
            paragraph(
                "This policy report by Birmingham Health Partners (BHP) follows our call to action "
                "of 2021. It asks what the UK should do so that women who need a medicine during "
                "pregnancy can rely on good evidence, and why the UK is well placed to lead.",
            ),
            key_figures(
                ("6", "evidence sessions"), ("8", "recommendations"), source="The report, May 2022"
            ),
            heading("Who should read it"),
            paragraph(
                "The report is for those who fund, regulate and carry out research, for companies "
                "that develop medicines, and for everyone who cares for women during pregnancy. "
                "It does not give medical advice.",
            ),
            figure("tablets.png"),
            heading("How it relates to our work"),
            paragraph(
                "Maternal health and perinatal mortality is one of the four priorities of the "
                "partnership. Clinical trials that include pregnant women, and health data that "
                "follows mothers and children safely over time, would both improve care.",
            ),
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
        summary="Why so little is known about medicines in pregnancy, and what would change that.",
        highlights=(
            ("The gap", "Pregnant women have been left out of most clinical trials."),
            ("The cost", "Decisions about treatment are made without good evidence."),
            ("The call", "Include pregnant women, learn from data, share what is known."),
        ),
        body=(
            paragraph(
                "Many women take a medicine during pregnancy, and there is little evidence on most "
                "of them. This report by Birmingham Health Partners (BHP) describes how that came "
                "about, and calls on everyone involved to put it right.",
            ),
            table(
                "What stands in the way, and what would help",
                ("Group", "What stands in the way", "What would help"),
                ("Companies", "A small market and high risk", "Clear rules and early advice"),
                ("Funders", "Trials that are long and complex", "Calls that name pregnancy"),
                ("Regulators", "Few applications", "Asking why pregnant women are left out"),
                ("Clinicians", "Little evidence to go by", "Answers that are easy to find"),
            ),
            figure("mother-and-child.png"),
            heading("What came next"),
            paragraph(
                "The call led to a second report. In May 2022 "
                '<a href="/reports/healthy-mum-healthy-baby-healthy-future/">Healthy Mum, Healthy '
                "Baby, Healthy Future</a> made eight recommendations.",
            ),
        ),
        partners=PREGNANCY,
        files=(
            File(
                "safe-and-effective-medicines-2021.pdf",
                "Safe and Effective Medicines for Use in Pregnancy",
                "Safe and Effective Medicines for Use in Pregnancy",
            ),
        ),
    ),
    Report(
        title="Five-year strategy",
        slug="five-year-strategy",
        kind="strategy",
        period_start=None,
        period_end=None,
        # Its date is not public.
        date=Date(2022, 1, 1),
        date_precision="year",
        summary="Our four priorities, the themes that run through them, and how we will know that "
        "we are making a difference.",
        highlights=(
            ("Priorities", "Cancer, inflammation, mothers and babies, mental health."),
            ("Themes", "Clinical trials, early detection, health inequalities."),
        ),
        body=(
            paragraph(
                "The strategy of Birmingham Health Partners (BHP) sets out what our members want "
                "to achieve together within five years.",
            ),
            heading("Four priorities"),
            paragraph(
                bullets(
                    '<a href="/themes/cancer-outcomes/">cancer outcomes</a>',
                    '<a href="/themes/inflammation-and-chronic-disease/">inflammation and chronic '
                    "disease</a>",
                    '<a href="/themes/maternal-and-perinatal-health/">maternal health and '
                    "perinatal mortality</a>",
                    '<a href="/themes/mental-health/">mental health</a>',
                )
            ),
            figure("round-table.png", "Members decide together what to work on."),
            heading("Themes that run through them"),
            paragraph(
                "Three themes connect the priorities: clinical trials, early detection and "
                "diagnosis, and health inequalities. A study of cancer can be about early "
                "detection; a trial in mental health can reduce inequalities.",
            ),
            heading("Making a difference"),
            paragraph(
                "The strategy names what we will look at: how quickly studies open, who takes "
                "part, how many clinicians build a career in research, and whether results reach "
                "patients.",
            ),
        ),
        partners=SEVEN,
        files=(File("five-year-strategy.pdf", "Five-year strategy", "Five-year strategy"),),
    ),
)
