"""News up to the first report of activity.

Where only a year is known, the day is the first one that keeps the items in order.
"""

from .shapes import Date, News, bullets, figure, heading, key_figures, paragraph, quote, table

REPORT = "report-of-activity-2020-2022"
NEW_MEMBERS = (
    "sandwell-and-west-birmingham",
    "royal-orthopaedic-hospital",
    "aston-university",
)

NEWS_2019_TO_2022 = (
    News(
        title="BHP and the pharmaceutical industry agree how to work together",
        slug="abpi-memorandum",
        date=Date(2019, 9, 1),
        date_precision="month",
        kind="partnership",
        summary="A memorandum with the Association of the British Pharmaceutical Industry sets out "
        "what both sides want from research in the region.",
        body=(
            paragraph(
                "BHP has signed a memorandum of understanding with the Association of the British "
                "Pharmaceutical Industry (ABPI). It gives companies that develop medicines one "
                "place to begin a conversation with the region’s hospitals and universities.",
            ),
            figure("agreement.png", "Where interests overlap, both sides can say so in advance."),
            heading("Why it helps patients"),
            paragraph(
                "A trial that opens sooner reaches people sooner. Much of the delay lies in "
                "questions that are asked again at every hospital: who signs, what it costs, whose "
                "template is used. A memorandum does not answer them all, but it names those who "
                "will.",
                "It is not a contract, and it obliges nobody to buy anything. Results are "
                "published whichever way they come out, and patients are told who pays for a "
                "study before they decide whether to take part.",
            ),
        ),
    ),
    News(
        title="Royal Orthopaedic Hospital joins as fourth NHS member",
        slug="royal-orthopaedic-hospital-joins",
        date=Date(2021, 1, 1),
        date_precision="year",
        kind="membership",
        summary="A specialist hospital for bones, joints and muscles brings its patients, its "
        "surgeons and its questions to the partnership.",
        body=(
            paragraph(
                "The Royal Orthopaedic Hospital NHS Foundation Trust has joined BHP. It is the "
                "fourth NHS trust among the members, and the sixth member in all.",
                "On which day between September 2020 and August 2022 is not known to this "
                "demonstration; the year given on this page is its own assumption.",
                "Few things decide so plainly how people live in later years as whether they can "
                "move without pain. Arthritis and other diseases of the joints belong to one of "
                "the partnership’s four priorities, inflammation and chronic disease.",
            ),
            figure("joint.png", "Ball and socket: movement is health that people can feel."),
            heading("From ward to laboratory and back"),
            paragraph(
                "A specialist hospital sees many people with conditions that others see rarely. "
                "That makes it a good place to start a trial, and a good place to notice what "
                "nobody has asked yet. With university laboratories and general hospitals in the "
                "same partnership, a question from one clinic can become a study in several.",
            ),
        ),
        partners=("royal-orthopaedic-hospital",),
    ),
    News(
        title="Aston University becomes seventh member",
        slug="aston-university-joins",
        date=Date(2021, 1, 2),
        date_precision="year",
        kind="membership",
        summary="A second university joins the partnership, the last of three members to do so in "
        "the period of its first report of activity.",
        body=(
            paragraph(
                "Aston University has joined BHP as its seventh member. There are now two "
                "universities in the partnership, four NHS trusts and one network.",
                "On which day between September 2020 and August 2022 is not known to this "
                "demonstration; the year given on this page is its own assumption.",
            ),
            table(
                "Members after Aston joined",
                ("Kind", "Members"),
                (
                    "NHS trusts",
                    "University Hospitals; Women’s and Children’s; Sandwell; Royal Orthopaedic",
                ),
                ("Universities", "Birmingham; Aston"),
                ("Network", "West Midlands Academic Health Science Network"),
            ),
            heading("What a second university changes"),
            paragraph(
                "It widens the choice. A nurse who wants to try research can look for a supervisor "
                "in two places; a hospital with a problem can put it to two faculties; a study "
                "that needs an engineer or a psychologist has more doors to knock on.",
                "It also makes the table rounder. Partnerships between one large university and "
                "its hospital are common. Those in which several of each plan together are less "
                "so, and have to learn to listen.",
            ),
        ),
        partners=("aston-university",),
    ),
    News(
        title="“Safe and effective medicines” – BHP calls for research in pregnancy",
        slug="safe-and-effective-medicines",
        date=Date(2021, 1, 3),
        date_precision="year",
        kind="announcement",
        summary="A call to action asks why so little is known about the medicines that women take "
        "while they are pregnant, and who could change it.",
        body=(
            paragraph(
                "BHP has published <i>Safe and Effective Medicines for Use in Pregnancy: A Call to "
                "Action</i>.",
                "Many women need a medicine while they are pregnant, for a condition they had "
                "before or one that pregnancy brings. Few of those medicines have been tested in "
                "pregnancy. Women and those who look after them are left to weigh one unknown "
                "against another.",
            ),
            figure("mother-and-child.png"),
            heading("A gap with many owners"),
            paragraph(
                "No single body decided that pregnant women should be left out of trials. Makers, "
                "funders, regulators and committees each had a reason. That is why a call from a "
                "partnership of trusts and universities is worth making: it can speak to all of "
                "them at once.",
                "Anyone who is pregnant and takes a medicine should talk to a midwife, pharmacist "
                "or doctor before changing anything.",
            ),
        ),
        report="safe-and-effective-medicines-in-pregnancy",
        partners=("university-of-birmingham", "birmingham-womens-and-childrens"),
    ),
    News(
        title="“Healthy mum, healthy baby, healthy future” – report makes eight recommendations",
        slug="healthy-mum-healthy-baby-healthy-future",
        date=Date(2022, 5, 1),
        date_precision="month",
        kind="announcement",
        summary="After six evidence sessions BHP sets out the case for UK leadership on medicines "
        "in pregnancy.",
        body=(
            paragraph(
                "BHP has published <i>Healthy Mum, Healthy Baby, Healthy Future</i>, the sequel to "
                "its call to action of 2021. Where the first report described a gap, the second "
                "says what could close it.",
            ),
            key_figures(
                ("6", "evidence sessions held"),
                ("8", "recommendations made"),
                source="The report, May 2022",
            ),
            heading("Heard in the same room"),
            paragraph(
                "An evidence session brings together people who usually write about each other. "
                "Objections are met while those who hold them are present, and what remains at the "
                "end is harder to dismiss.",
                "The case for the United Kingdom is practical: one health service, records that "
                "follow a person from birth, and hospitals used to taking part in large trials.",
            ),
        ),
        report="healthy-mum-healthy-baby-healthy-future",
        partners=("university-of-birmingham", "birmingham-womens-and-childrens"),
    ),
    News(
        title="“Born well, live well, die well” – BHP publishes report of activity 2020-2022",
        slug="report-of-activity-2020-2022",
        date=Date(2022, 9, 1),
        date_precision="year",
        kind="announcement",
        summary="The partnership’s first report of activity covers September 2020 to August 2022, "
        "two years in which three organisations joined it.",
        body=(
            paragraph(
                "How do hospitals and universities make a difference together that they could not "
                "make apart? BHP’s first report of activity gives an account of two years, for its "
                "members, for those who work with them and for anyone in the West Midlands and "
                "beyond who wants to know.",
            ),
            quote("ed-smith", "Chair", "forming a powerful regional cluster"),
            heading("Three new members"),
            paragraph(
                "Sandwell and West Birmingham NHS Trust, the Royal Orthopaedic Hospital and Aston "
                "University joined in the period, and made four members seven. Each brought people "
                "whom research had not easily reached before.",
            ),
            quote("david-adams", "Director", "collaborating across institutional boundaries"),
            paragraph(
                "The report covers training, funding, the safe use of health records, and the two "
                "policy reports on medicines in pregnancy. It is free to download, to quote and "
                "to share.",
            ),
        ),
        report=REPORT,
        partners=NEW_MEMBERS,
    ),
    News(
        title="From four members to seven: how the partnership grew",
        slug="from-four-members-to-seven",
        date=Date(2022, 9, 2),
        date_precision="year",
        kind="membership",
        summary="The report of activity shows a partnership that nearly doubled in two years. What "
        "does that ask of those who were there before?",
        body=(
            paragraph(
                "When the period of the report began, BHP had four members. When it closed there "
                "were seven. Growth is good news only if the newcomers can do more inside than "
                "they could outside, and sooner.",
            ),
            quote(
                "ed-smith",
                "Chair",
                "a values-based partnership with key organisations in the city-region",
            ),
            paragraph(
                "That is how the chair described the starting point in the announcement of the "
                "report. In practice it comes down to a few habits:",
                bullets(
                    "a newcomer can propose a study from the first month",
                    "rules for costs, contracts and data are written down before they are needed",
                    "no decision depends on having been there at the beginning",
                ),
            ),
            figure("skyline.png", "The members care for people in every part of the city region."),
        ),
        report=REPORT,
        partners=NEW_MEMBERS,
    ),
    News(
        title="Three threads in two years: training, funding and data",
        slug="training-funding-and-data",
        date=Date(2022, 9, 3),
        date_precision="year",
        kind="announcement",
        summary="A closer look at three strands of the report of activity, and at what holds them "
        "together.",
        body=(
            paragraph(
                "Research needs people who know how, money to pay for their time, and something "
                "reliable to measure. The report of activity follows these three threads through "
                "the work of seven members.",
            ),
            heading("People first"),
            paragraph(
                "The partnership has offered Starter Fellowships since 2014. They give clinicians "
                "a first stretch of protected time, which is often all that stands between a good "
                "question and a good study.",
            ),
            quote(
                "david-adams",
                "Director",
                "the opportunities the partnership provides to support health innovation in our "
                "region",
            ),
            paragraph(
                "Health data is the third thread. Records made for care can answer questions for "
                "everyone, provided that people can see what is done with them and why. The report "
                "sets out five questions to ask of any project that uses them.",
            ),
            figure("data-dots.png", "Each dot a record; where circles overlap, a question."),
        ),
        report=REPORT,
    ),
    News(
        title="Over £30m for Birmingham’s Biomedical Research Centre",
        slug="biomedical-research-centre",
        date=Date(2022, 9, 4),
        date_precision="year",
        kind="funding",
        summary="The NIHR Birmingham Biomedical Research Centre receives more than £30m to turn "
        "discoveries into treatments.",
        body=(
            paragraph(
                "The National Institute for Health and Care Research (NIHR) is to support the "
                "Birmingham Biomedical Research Centre with more than £30m.",
                "When that was announced is not known to this demonstration; the year given on "
                "this page is its own assumption.",
            ),
            key_figures(("£30m+", "for the centre"), source="NIHR"),
            heading("From bench to bedside"),
            paragraph(
                "A biomedical research centre works at the point where a finding in the laboratory "
                "is tried in people for the first time. It pays for the scarce things that make "
                "this possible: research nurses, samples kept well, specialists in early trials, "
                "and time.",
                "For patients it means that some new treatments can be offered here first. For "
                "the partnership it means that inflammation and chronic disease, one of its four "
                "priorities, can be studied from cause to care in one city.",
            ),
            figure("laboratory-glass.png"),
        ),
        partners=("university-of-birmingham", "university-hospitals-birmingham"),
    ),
)
