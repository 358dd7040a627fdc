"""The nine members, in order of joining."""

from .shapes import Date, Event, Partner, bullets, figure, heading, paragraph

FOUNDED = Date(2011, 12, 1), Date(2011, 12, 31)
IN_THE_REPORT = Date(2020, 9, 1), Date(2022, 8, 31)
BY_MARCH_2025 = Date(2022, 9, 1), Date(2025, 3, 31)

PARTNERS = (
    Partner(
        name="University of Birmingham",
        slug="university-of-birmingham",
        kind="university",
        short_name="UoB",
        other_names=("Birmingham University",),
        website="https://www.birmingham.ac.uk/",
        summary="A founding member, with laboratories, expertise in clinical trials and the "
        "training of researchers and health professionals.",
        story=(
            paragraph(
                "The University of Birmingham is one of the founders of Birmingham Health "
                "Partners. The agreement to create the partnership was announced on 1 December "
                "2011.",
            ),
            heading("What it brings"),
            paragraph(
                "The university trains doctors, nurses and scientists, and carries out research "
                "from the laboratory to clinical trials. Its staff work closely with the NHS "
                "trusts in the partnership, and many of them also care for patients.",
            ),
            heading("Research with partners"),
            paragraph(
                "With University Hospitals Birmingham it is part of the NIHR Birmingham "
                "Biomedical Research Centre, supported by the National Institute for Health and "
                "Care Research (NIHR) with over £30m. Its work on maternal health includes "
                '<a href="/news/e-motive-award/">E-MOTIVE</a>, which won an award in 2025.',
            ),
        ),
        events=(
            Event(
                "joined",
                *FOUNDED,
                order=1,
                note="Founder. The agreement was announced on 1 December 2011.",
            ),
        ),
    ),
    Partner(
        name="University Hospitals Birmingham NHS Foundation Trust",
        slug="university-hospitals-birmingham",
        kind="nhs_trust",
        short_name="UHB",
        other_names=("UHBFT", "University Hospitals Birmingham"),
        website="https://www.uhb.nhs.uk/",
        summary="A founding member with hospitals in and around the city, among them Good Hope in "
        "Sutton Coldfield.",
        story=(
            paragraph(
                "University Hospitals Birmingham NHS Foundation Trust is one of the founders of "
                "the partnership. Its hospitals care for people from every part of the city and "
                "beyond, so its research can reflect the whole of a diverse region.",
            ),
            figure("hospital.png"),
            heading("Research in every hospital"),
            paragraph(
                "Good Hope Hospital recruited 50 people to research in 2019, and 573 in 2024–25. "
                '<a href="/news/good-hope-hospital-recruitment/">Read about Good Hope</a>.',
            ),
            heading("What it brings"),
            paragraph(
                bullets(
                    "questions that come from caring for patients",
                    "research nurses, pharmacists and doctors who run clinical trials",
                    "a part in the NIHR Birmingham Biomedical Research Centre, supported by the "
                    "National Institute for Health and Care Research (NIHR)",
                ),
            ),
        ),
        events=(Event("joined", *FOUNDED, order=2, note="Founder."),),
    ),
    Partner(
        name="Birmingham Women’s and Children’s NHS Foundation Trust",
        slug="birmingham-womens-and-childrens",
        kind="nhs_trust",
        short_name="BWC",
        other_names=(
            "Birmingham Children’s Hospital",
            "Birmingham Women’s and Children’s Hospitals",
            "BWCH",
        ),
        website="https://bwc.nhs.uk/",
        summary="A founding member that cares for women, babies, children and young people, and "
        "hosts the region’s Commercial Research Delivery Centre.",
        story=(
            paragraph(
                "Birmingham Women’s and Children’s NHS Foundation Trust joined the partnership as "
                "Birmingham Children’s Hospital. A merger later brought care for women and for "
                "children together in one trust.",
            ),
            figure("mother-and-child.png"),
            heading("Born well"),
            paragraph(
                "Maternal health and perinatal mortality is one of our four priorities. The trust "
                "looks after women before, during and after birth, and supports research that "
                "makes pregnancy and birth safer, from medicines to the care of the newborn.",
            ),
            heading("Commercial Research Delivery Centre"),
            paragraph(
                "The trust is the host of a £7m centre for commercial clinical trials, which "
                "serves 4.2 million people. "
                '<a href="/news/commercial-research-delivery-centre/">Read about the centre</a>.',
            ),
        ),
        events=(
            Event(
                "joined",
                Date(2011, 12, 1),
                Date(2017, 1, 31),
                order=3,
                note="Founder, as Birmingham Children’s Hospital.",
            ),
            Event(
                "merged",
                Date(2017, 2, 1),
                Date(2017, 2, 28),
                former_name="Birmingham Children’s Hospital NHS Foundation Trust",
                note="Care for women and for children came under one trust.",
            ),
        ),
    ),
    Partner(
        name="Health Innovation West Midlands",
        slug="health-innovation-west-midlands",
        kind="network",
        short_name="HIWM",
        other_names=("West Midlands Academic Health Science Network", "WMAHSN"),
        website="https://www.healthinnovationwestmidlands.org/",
        summary="The region’s health innovation network, which helps the NHS to find, test and "
        "spread new ideas.",
        story=(
            paragraph(
                "Health Innovation West Midlands helps health services to adopt what has been "
                "shown to work, and helps innovators to reach the services that need their ideas. "
                "In the partnership it forms the link between research and its use in everyday "
                "care.",
            ),
            heading("A new name since 2023"),
            paragraph(
                "Until 2023 the network was called the West Midlands Academic Health Science "
                "Network. Announcements made before then use the earlier name.",
            ),
            heading("People"),
            paragraph(
                '<a href="/people/jonathan-pearson/">Jonathan Pearson</a>, who chaired Birmingham '
                "Health Partners until September 2025, went on to chair the network.",
            ),
        ),
        events=(
            Event(
                "joined",
                Date(2011, 12, 1),
                Date(2020, 8, 31),
                order=4,
                note="As the West Midlands Academic Health Science Network.",
            ),
            Event(
                "renamed",
                Date(2023, 1, 1),
                Date(2023, 12, 31),
                former_name="West Midlands Academic Health Science Network",
            ),
        ),
    ),
    Partner(
        name="Sandwell and West Birmingham NHS Trust",
        slug="sandwell-and-west-birmingham",
        kind="nhs_trust",
        short_name="SWB",
        other_names=("Sandwell and West Birmingham Hospitals NHS Trust", "SWBH"),
        website="https://www.swbh.nhs.uk/",
        summary="An NHS trust that cares for people in Sandwell and the west of Birmingham.",
        story=(
            paragraph(
                "Sandwell and West Birmingham NHS Trust was the first of three organisations to "
                "join between September 2020 and August 2022, the two years of our "
                '<a href="/reports/report-of-activity-2020-2022/">first report of activity</a>. '
                "It is the fifth member of the partnership.",
            ),
            figure("neighbourhood.png"),
            heading("Health inequalities"),
            paragraph(
                "The trust serves communities on both sides of the city’s boundary, in an area "
                "where health inequalities are part of daily life. Its membership helps research "
                "to include people who have often been left out, and to study the conditions that "
                "affect them most, including multimorbidity.",
            ),
        ),
        events=(Event("joined", *IN_THE_REPORT, order=5),),
    ),
    Partner(
        name="Royal Orthopaedic Hospital NHS Foundation Trust",
        slug="royal-orthopaedic-hospital",
        kind="nhs_trust",
        short_name="ROH",
        other_names=(
            "The Royal Orthopaedic Hospital",
            "The Royal Orthopaedic Hospital NHS Foundation Trust",
        ),
        website="https://roh.nhs.uk/",
        summary="A specialist hospital for bones, joints and muscles, and the fourth NHS trust to "
        "join the partnership.",
        story=(
            paragraph(
                "The Royal Orthopaedic Hospital NHS Foundation Trust treats conditions of the "
                "bones, joints and muscles. It joined between September 2020 and August 2022 as "
                "the fourth NHS trust in the partnership, and the sixth member in all.",
            ),
            figure("joint.png"),
            heading("Inflammation and chronic disease"),
            paragraph(
                "Many of the hospital’s patients live with pain and inflammation for years, and "
                "many have other long-term conditions too. Research with the other members can "
                "follow them beyond a single clinic, and look for treatments that help with more "
                "than one condition.",
                '<a href="/news/royal-orthopaedic-hospital-joins/">Read about how it joined</a>.',
            ),
        ),
        events=(Event("joined", *IN_THE_REPORT, order=6),),
    ),
    Partner(
        name="Aston University",
        slug="aston-university",
        kind="university",
        short_name="Aston",
        other_names=(),
        website="https://www.aston.ac.uk/",
        summary="A university in the centre of Birmingham, the seventh member and the second "
        "university in the partnership.",
        story=(
            paragraph(
                "Aston University became the seventh member of Birmingham Health Partners. It "
                "joined between September 2020 and August 2022, and was the last of three "
                "organisations to do so in that time.",
            ),
            heading("What it brings"),
            paragraph(
                "A second university widens the range of subjects and skills on which our "
                "research can draw. It also gives nurses, doctors, pharmacists and therapists in "
                "the NHS another place to train in research.",
                "Its expertise supports early detection and diagnosis, one of the themes of our "
                'work. <a href="/news/aston-university-joins/">Read about how it joined</a>.',
            ),
        ),
        events=(Event("joined", *IN_THE_REPORT, order=7),),
    ),
    Partner(
        name="Birmingham and Solihull Mental Health NHS Foundation Trust",
        slug="birmingham-and-solihull-mental-health",
        kind="nhs_trust",
        short_name="BSMHFT",
        other_names=("Birmingham & Solihull Mental Health NHS Foundation Trust",),
        website="https://www.bsmhft.nhs.uk/",
        summary="The eighth member, which provides mental health care in Birmingham and Solihull "
        "and takes part in the national Mental Health Mission.",
        story=(
            paragraph(
                "Birmingham and Solihull Mental Health NHS Foundation Trust is the eighth member "
                "of the partnership. It joined after August 2022, and by March 2025.",
            ),
            heading("Mental health"),
            paragraph(
                "Mental health is one of our four priorities. The trust brings the experience of "
                "people who use mental health services, and of the teams who care for them, to "
                "the research that our members plan together.",
            ),
            heading("The Mental Health Mission"),
            paragraph(
                "The trust takes part in the Mental Health Mission, a national programme worth "
                "£42.7m, of which £9.9m comes to Birmingham. "
                '<a href="/news/mental-health-mission/">Read about the mission</a>.',
            ),
        ),
        events=(Event("joined", *BY_MARCH_2025, order=8),),
    ),
    Partner(
        name="Birmingham Community Healthcare NHS Foundation Trust",
        slug="birmingham-community-healthcare",
        kind="nhs_trust",
        short_name="BCHC",
        other_names=("Birmingham Community Healthcare",),
        website="https://www.bhamcommunity.nhs.uk/",
        summary="The ninth member, an NHS trust that cares for people at home, in clinics and in "
        "community hospitals.",
        story=(
            paragraph(
                "Birmingham Community Healthcare NHS Foundation Trust was announced as the ninth "
                "member of the partnership in March 2025. Its teams care for people of all ages "
                "outside large hospitals.",
            ),
            heading("Research in the community"),
            paragraph(
                "People who live with several long-term conditions often rely on community "
                "services. With the trust as a member, clinical trials and other studies can "
                "reach them where they are, and research on multimorbidity and on health "
                "inequalities can learn from those who know them best.",
                '<a href="/news/birmingham-community-healthcare-joins/">Read about how it '
                "joined</a>.",
            ),
        ),
        events=(Event("joined", *BY_MARCH_2025, order=9),),
    ),
)
