"""People the partnership's public pages name, with their roles as far as those pages date them."""

from .shapes import Date, Person, Role

AFTER_THE_REPORT = Date(2022, 9, 1)
SEPTEMBER_2025 = Date(2025, 9, 1), Date(2025, 9, 30)

PEOPLE = (
    Person(
        name="Ed Smith",
        slug="ed-smith",
        honorific="",
        biography="Chaired the partnership when its first report of activity was published. He "
        "formerly chaired NHS Improvement.",
        roles=(
            Role(
                "Chair",
                start_latest=Date(2022, 12, 31),
                end_earliest=AFTER_THE_REPORT,
                end_latest=Date(2025, 9, 30),
            ),
            Role("Chair", organisation="NHS Improvement", end_latest=Date(2022, 12, 31)),
        ),
    ),
    Person(
        name="David Adams",
        slug="david-adams",
        honorific="Professor",
        biography="Became Director of the partnership in 2018 and held the role when its first "
        "report of activity was published.",
        roles=(
            Role(
                "Director",
                start_earliest=Date(2018, 1, 1),
                start_latest=Date(2018, 12, 31),
                end_earliest=AFTER_THE_REPORT,
            ),
        ),
    ),
    Person(
        name="Jonathan Pearson",
        slug="jonathan-pearson",
        honorific="",
        biography="Chaired the partnership until September 2025, and went on to chair Health "
        "Innovation West Midlands.",
        roles=(
            Role(
                "Chair",
                start_earliest=AFTER_THE_REPORT,
                start_latest=Date(2025, 9, 30),
                end_earliest=SEPTEMBER_2025[0],
                end_latest=SEPTEMBER_2025[1],
            ),
            Role(
                "Chair",
                partner="health-innovation-west-midlands",
                start_earliest=SEPTEMBER_2025[0],
            ),
        ),
    ),
    Person(
        name="Neil Hanley",
        slug="neil-hanley",
        honorific="Professor",
        biography="Was Executive Director of the partnership in March 2025, when its ninth member "
        "was announced.",
        roles=(Role("Executive Director", start_latest=Date(2025, 3, 31)),),
    ),
    Person(
        name="Lorraine Harper",
        slug="lorraine-harper",
        honorific="Professor",
        biography="Managing Director of the partnership. She also directs a research delivery "
        "centre.",
        roles=(
            Role("Managing Director"),
            Role("Director", organisation="research delivery centre"),
        ),
    ),
    Person(
        name="Charlie Craddock",
        slug="charlie-craddock",
        honorific="Professor",
        biography="Directed the partnership’s transition in 2011, the year its founding agreement "
        "was announced.",
        roles=(
            Role(
                "Transitional director",
                start_earliest=Date(2011, 1, 1),
                start_latest=Date(2011, 12, 31),
                end_earliest=Date(2011, 1, 1),
            ),
        ),
    ),
    Person(
        name="Robert Lechler",
        slug="robert-lechler",
        honorific="Professor Sir",
        biography="A non-executive director of the partnership.",
        roles=(Role("Non-executive director"),),
    ),
    Person(
        name="Yve Buckland",
        slug="yve-buckland",
        honorific="Dame",
        biography="A non-executive director of the partnership.",
        roles=(Role("Non-executive director"),),
    ),
)
