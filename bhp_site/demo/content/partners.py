"""The nine members, in order of joining."""

from .shapes import Date, Event, Partner, bullets, heading, paragraph

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
        summary="A founding member, which brings laboratories, trials expertise and training in "
        "medicine, nursing and the life sciences.",
        story=(
            paragraph(
                "The University of Birmingham stands next to the city’s largest hospital, and the "
                "partnership began with that closeness. The agreement to work together was "
                "announced on 1 December 2011.",
                "The university brings what a study needs before the first person is recruited: "
                "statisticians, laboratories, a place to train, and colleagues who have run trials "
                "before.",
            ),
            heading("Working with the other members"),
            paragraph(
                "Many of its researchers hold posts in a hospital as well. They spend part of the "
                "week with patients and part with data, which keeps the questions honest.",
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
        summary="A founding member with hospitals across the city and beyond, among them Good Hope "
        "in Sutton Coldfield.",
        story=(
            paragraph(
                "University Hospitals Birmingham has been a member from the start. It cares for "
                "people at several hospitals, and a study that opens in all of them meets a true "
                "cross-section of the region.",
                "Good Hope Hospital shows what that can mean. In 2019 it recruited 50 people to "
                "research; in 2024–25 it recruited 573.",
            ),
            heading("What it brings"),
            paragraph(
                bullets(
                    "patients’ questions, from emergency care to transplantation",
                    "research nurses and pharmacists who know how a trial runs on a ward",
                    "a host for shared research facilities",
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
                "The trust joined as Birmingham Children’s Hospital. A merger has since brought "
                "care for women and for children into one organisation, and with it two of the "
                "partnership’s questions: how babies can be born well, and how children can grow "
                "up well.",
                "It is the host of the Commercial Research Delivery Centre, a £7m centre for "
                "trials that serves 4.2 million people.",
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
        summary="The region’s health innovation network, whose craft is getting what works in one "
        "place to work in the next.",
        story=(
            paragraph(
                "A treatment that has proved itself in one clinic may take years to reach another. "
                "Health Innovation West Midlands exists to shorten that time. It helps services to "
                "take up new ideas, and innovators to find the service that needs theirs.",
                "Until 2023 it was called the West Midlands Academic Health Science Network. "
                "Earlier announcements on this site keep the name it bore at the time.",
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
        summary="An NHS trust that cares for people in Sandwell and in the west of Birmingham.",
        story=(
            paragraph(
                "Sandwell and West Birmingham serves neighbourhoods on both sides of the city’s "
                "boundary. Health does not stop at a boundary, and since this trust joined the "
                "partnership’s plans do not either.",
                "It was one of three members to join in the two years of the first report of "
                "activity, between September 2020 and August 2022.",
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
                "The Royal Orthopaedic Hospital looks after the parts of the body that let people "
                "walk to the shops, lift a child and sleep without pain. Its patients often live "
                "with inflammation for years, which is one of the partnership’s four priorities.",
                "It joined as the fourth NHS member, the sixth member in all.",
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
        summary="A university in the heart of the city, the second among the members.",
        story=(
            paragraph(
                "With Aston University the partnership gained a second university, and with it new "
                "subjects, new teachers and another place where clinicians can train in research.",
                "It was the seventh member, and the last to join in the two years of the first "
                "report of activity.",
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
                "Mental health is one of the partnership’s four priorities, and since this trust "
                "joined it has a member for whom it is the whole of the work.",
                "The trust takes part in the Mental Health Mission. Of the £42.7m given to the "
                "mission, £9.9m came to Birmingham.",
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
        summary="An NHS trust that brings care to people at home, in clinics and in "
        "community hospitals.",
        story=(
            paragraph(
                "Most care is given outside hospitals: at a kitchen table, in a school, in a "
                "clinic above a library. Birmingham Community Healthcare brings those places into "
                "the partnership’s research.",
                "It was announced as the ninth member in March 2025.",
            ),
        ),
        events=(Event("joined", *BY_MARCH_2025, order=9),),
    ),
)
