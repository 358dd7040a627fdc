"""News up to the first report of activity.

Where only a year is known, the day is the first one that keeps the items in order.
"""

from .funders import RESEARCH_CENTRE
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
        summary="A memorandum of understanding with the Association of the British Pharmaceutical "
        "Industry will bring clinical trials and patients in the region closer together.",
        body=(
            paragraph(
                "Birmingham Health Partners (BHP) has signed a memorandum of understanding with "
                "the Association of the British Pharmaceutical Industry (ABPI). It sets out how "
                "NHS trusts, universities and the companies that develop medicines intend to work "
                "together in the Birmingham region.",
            ),
            figure("agreement.png"),
            heading("Why it matters to patients"),
            paragraph(
                "New medicines reach patients through clinical trials. Before a trial can recruit "
                "anybody, hospitals, universities and a company have to agree on its design, its "
                "costs and the staff it needs. The sooner they do, the sooner people are offered "
                "the chance to take part.",
                "Birmingham is a good place to run trials that work for everyone. Its population "
                "is large and diverse, and the health problems it faces are those of many other "
                "cities.",
            ),
            heading("What a memorandum does"),
            paragraph(
                "A memorandum of understanding is not a contract, and it commits nobody to a "
                "purchase. Every study still needs its own approvals, and nobody takes part "
                "without giving their consent. What the memorandum adds is a shared purpose and "
                "a clear place to begin a conversation.",
            ),
        ),
    ),
    News(
        title="Royal Orthopaedic Hospital joins as fourth NHS member",
        slug="royal-orthopaedic-hospital-joins",
        date=Date(2021, 1, 1),
        date_precision="year",
        kind="membership",
        summary="The Royal Orthopaedic Hospital brings specialist care for bones, joints and "
        "muscles to Birmingham Health Partners.",
        body=(
            paragraph(
                "The Royal Orthopaedic Hospital NHS Foundation Trust has joined Birmingham Health "
                "Partners (BHP). It is the fourth NHS trust among our members and the sixth "
                "organisation to join.",
            ),
            figure("joint.png", "Moving without pain shapes how well people live."),
            heading("Specialist care, shared questions"),
            paragraph(
                "Arthritis and other conditions of the joints, bones and muscles can limit work, "
                "sleep and independence for years. They belong to inflammation and chronic "
                "disease, one of our four priorities.",
                "A specialist hospital sees many people with conditions that are rare elsewhere. "
                "Working alongside universities and general hospitals, its teams can turn what "
                "they learn in the clinic into questions for research, and help to run the "
                "studies that answer them.",
            ),
            heading("Living with several conditions"),
            paragraph(
                "Many people with joint disease have other long-term conditions as well. "
                "Researchers call this multimorbidity. Understanding it takes specialists who "
                "look beyond a single organ, and members who plan research together.",
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
        summary="Aston University is the seventh organisation to join Birmingham Health Partners "
        "and the second university among its members.",
        body=(
            paragraph(
                "Aston University has joined Birmingham Health Partners (BHP) as its seventh "
                "member. The partnership now brings together four NHS trusts, two universities "
                "and the West Midlands Academic Health Science Network.",
            ),
            table(
                "Our seven members",
                ("Kind", "Members"),
                (
                    "NHS trusts",
                    "University Hospitals Birmingham; Birmingham Women’s and Children’s; "
                    "Sandwell and West Birmingham; Royal Orthopaedic Hospital",
                ),
                ("Universities", "University of Birmingham; Aston University"),
                ("Network", "West Midlands Academic Health Science Network"),
            ),
            heading("Two universities, one region"),
            paragraph(
                "With two universities in the partnership, clinicians who want to start in "
                "research have a wider choice of supervisors and subjects. Hospitals can put "
                "their questions to more than one faculty, and studies can draw on a broader "
                "range of expertise.",
                "Early detection and diagnosis is one of the themes that run through our work. "
                "Progress there depends on people from many disciplines, from clinicians who see "
                "the first signs of disease to scientists who can measure them.",
            ),
            figure("laboratory-glass.png"),
        ),
        partners=("aston-university",),
    ),
    News(
        title="“Safe and effective medicines” – BHP calls for research in pregnancy",
        slug="safe-and-effective-medicines",
        date=Date(2021, 1, 3),
        date_precision="year",
        kind="announcement",
        summary="A new report asks for better evidence on the medicines that women take during "
        "pregnancy.",
        body=(
            paragraph(
                "Birmingham Health Partners (BHP) has published <i>Safe and Effective Medicines "
                "for Use in Pregnancy: A Call to Action</i>.",
                "Many women need a medicine while they are pregnant, for a condition they already "
                "have or for one that pregnancy brings. Yet pregnant women have long been left "
                "out of clinical trials, so the evidence on which medicines are safe, and which "
                "work, is thin.",
            ),
            figure("mother-and-child.png"),
            heading("A gap in the evidence"),
            paragraph(
                "Leaving pregnant women out of trials was meant to protect them. In practice it "
                "means that women, midwives and doctors often have to decide without the "
                "information that other patients take for granted.",
                "No single organisation can close that gap. It takes those who fund, design, "
                "approve and carry out research, together with the women it is for. That is why "
                "the report is a call to action.",
            ),
            heading("If you are pregnant and take a medicine"),
            paragraph(
                "Please do not stop or change it because of this report. Speak to your midwife, "
                "pharmacist or doctor first.",
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
        summary="After six evidence sessions, a new report sets out the case for UK leadership on "
        "medicines for use in pregnancy.",
        body=(
            paragraph(
                "Birmingham Health Partners (BHP) has published <i>Healthy Mum, Healthy Baby, "
                "Healthy Future: The Case for UK Leadership</i>. The report follows our call to "
                "action of 2021. It is based on six evidence sessions and makes eight "
                "recommendations.",
            ),
            key_figures(
                ("6", "evidence sessions"),
                ("8", "recommendations"),
                source="Healthy Mum, Healthy Baby, Healthy Future, May 2022",
            ),
            figure("tablets.png", "Better evidence helps women to choose with confidence."),
            heading("From a call to action to a case for change"),
            paragraph(
                "Our first report described what is missing: reliable evidence on medicines for "
                "the women who take them during pregnancy. The second turns to what the country "
                "can do about it.",
                "Maternal health and perinatal mortality is one of our four priorities. Our "
                "members care for women before, during and after birth, and for the children who "
                "are born, so better medicines in pregnancy would make a difference in every one "
                "of their services.",
            ),
            heading("Why the UK"),
            paragraph(
                "The UK has a national health service, health records that can be linked safely "
                "for research, and long experience of large clinical trials. Together they make "
                "it a strong place to lead.",
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
        summary="Our first report of activity covers September 2020 to August 2022, two years in "
        "which three new partners joined us.",
        body=(
            paragraph(
                "Birmingham Health Partners (BHP) has published its first report of activity. It "
                "shows how NHS trusts and universities are bringing their plans together to "
                "tackle the major health challenges of the Midlands, and what that has achieved "
                "in two years.",
            ),
            figure("open-report.png", "The report covers September 2020 to August 2022."),
            quote(
                "ed-smith",
                "Chair",
                "BHP is forming a powerful regional cluster to address health inequalities",
            ),
            heading("A growing partnership"),
            paragraph(
                "Sandwell and West Birmingham NHS Trust, the Royal Orthopaedic Hospital and Aston "
                "University joined between September 2020 and August 2022. They took the "
                "partnership from four members to seven.",
                "The report is for our members, for everyone we work with, and for people in the "
                "West Midlands and beyond who want to know what the partnership does.",
            ),
            heading("Training, funding and health data"),
            paragraph(
                "The report describes our contribution to training, to funding, and to health "
                "data and digital delivery. It also looks at our two policy reports on medicines "
                "for use in pregnancy.",
            ),
            quote(
                "david-adams",
                "Director",
                "We aim to enhance the endeavours of individuals, teams and organisations",
            ),
            heading("Closing the gap"),
            paragraph(
                "Health inequalities run through the report. They lead to chronic illness, to "
                "poor mental health and to multimorbidity, which means living with two or more "
                "long-term conditions at the same time.",
            ),
            quote(
                "statement",
                "Our own words",
                "Where people live should not decide how long they live in good health. In every "
                "large city it still does, and the people with the most to gain from research "
                "are too often the last to be asked to take part.",
                "Research can help to change that. It has to ask the questions that matter to "
                "local people, include them in the studies, and carry the answers into everyday "
                "care. That is work that no hospital and no university can do alone.",
                organisation="BHP demonstration site",
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
        summary="Three organisations joined Birmingham Health Partners in the two years of its "
        "first report of activity.",
        body=(
            paragraph(
                "In September 2020 Birmingham Health Partners (BHP) had four members. By the end "
                "of August 2022 it had seven.",
            ),
            quote(
                "ed-smith",
                "Chair",
                "Our starting point has been to create a values-based partnership",
            ),
            heading("Who joined"),
            paragraph(
                bullets(
                    '<b><a href="/partners/sandwell-and-west-birmingham/">Sandwell and West '
                    "Birmingham NHS Trust</a></b>, the fifth member, serves communities on both "
                    "sides of the city’s boundary",
                    '<b><a href="/partners/royal-orthopaedic-hospital/">Royal Orthopaedic '
                    "Hospital</a></b>, the sixth member and the fourth NHS trust to join, "
                    "specialises in bones, joints and muscles",
                    '<b><a href="/partners/aston-university/">Aston University</a></b>, the '
                    "seventh member, is the second university in the partnership",
                ),
            ),
            figure("skyline.png", "Our members care for people across the city region."),
            heading("Why more members make better research"),
            paragraph(
                "The large and diverse population of the Birmingham region faces problems that "
                "are familiar across the country and around the world. Research that includes "
                "all of its communities gives answers that more people can rely on.",
                "Each new member widens the reach of clinical trials, adds to the health data "
                "that can be studied safely, and opens more places where clinicians can begin a "
                "career in research.",
            ),
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
        summary="A closer look at three strands of our report of activity, and at how they "
        "support each other.",
        body=(
            paragraph(
                "Good research needs people with the right skills, the money to give them time, "
                "and data they can trust. Our report of activity follows all three through the "
                "work of seven members.",
            ),
            quote(
                "david-adams",
                "Director",
                "we have made substantial contributions over the last year",
            ),
            heading("Training"),
            paragraph(
                "Birmingham Health Partners (BHP) has offered Starter Fellowships since 2014. "
                "They give clinicians a first period of protected time for research, with a "
                "supervisor to guide them.",
            ),
            heading("Funding"),
            paragraph(
                "Large awards often go to places where hospitals and universities can show that "
                "they work as one. Planning together helps our members to answer calls that none "
                "of them could answer alone.",
            ),
            heading("Health data and digital delivery"),
            paragraph(
                "Records made for care can also show who becomes ill, which treatments work and "
                "where health inequalities are widest. Used for research, they have to be kept "
                "safe, and people have to be told what happens to them.",
            ),
            figure("data-dots.png", "Linked safely, health data can answer new questions."),
        ),
        report=REPORT,
    ),
    News(
        title="Over £30m for Birmingham’s Biomedical Research Centre",
        slug="biomedical-research-centre",
        date=Date(2022, 9, 4),
        date_precision="year",
        kind="funding",
        summary="The NIHR Birmingham Biomedical Research Centre has been awarded more than £30m "
        "to turn discoveries into treatments.",
        body=(
            paragraph(
                "The National Institute for Health and Care Research (NIHR) has awarded more than "
                "£30m to the NIHR Birmingham Biomedical Research Centre.",
            ),
            key_figures(("£30m+", "awarded to the centre"), source="NIHR"),
            figure("laboratory-glass.png"),
            heading("From the laboratory to the clinic"),
            paragraph(
                "Biomedical research centres work where a discovery in the laboratory is first "
                "tested with patients. They bring together scientists, clinicians and the people "
                "who take part in early clinical trials.",
                "That makes them important for early detection and diagnosis, and for conditions "
                "in which inflammation plays a part. Many people live with more than one of "
                "these conditions at once, and studying what they have in common may help more "
                "of them than studying each alone.",
            ),
            heading("Part of a wider effort"),
            paragraph(
                "Inflammation and chronic disease is one of the four priorities that the members "
                "of Birmingham Health Partners (BHP) share. Work that begins in one centre can "
                "continue in hospitals and communities across the partnership.",
            ),
        ),
        partners=("university-of-birmingham", "university-hospitals-birmingham"),
        award=RESEARCH_CENTRE,
    ),
)
