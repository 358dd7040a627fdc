"""People the partnership's public pages name, with their roles as far as those pages date them."""

from .shapes import Date, Person, Role

AFTER_THE_REPORT = Date(2022, 9, 1)
SEPTEMBER_2025 = Date(2025, 9, 1), Date(2025, 9, 30)

PEOPLE = (
    Person(
        name="Neil Hanley",
        slug="neil-hanley",
        honorific="Professor",
        biography="Professor Neil Hanley is Executive Director of Birmingham Health Partners. He "
        "held the role in March 2025, when Birmingham Community Healthcare was announced as the "
        "partnership’s ninth member.",
        roles=(Role("Executive Director", start_latest=Date(2025, 3, 31)),),
    ),
    Person(
        name="Lorraine Harper",
        slug="lorraine-harper",
        honorific="Professor",
        biography="Professor Lorraine Harper is Managing Director of Birmingham Health Partners. "
        "She also directs a research delivery centre, which helps clinical trials to reach "
        "patients.",
        roles=(
            Role("Managing Director"),
            Role("Director", organisation="research delivery centre"),
        ),
    ),
    Person(
        name="Robert Lechler",
        slug="robert-lechler",
        honorific="Professor Sir",
        biography="Professor Sir Robert Lechler is a non-executive director of Birmingham Health "
        "Partners.",
        roles=(Role("Non-executive director"),),
    ),
    Person(
        name="Yve Buckland",
        slug="yve-buckland",
        honorific="Dame",
        biography="Dame Yve Buckland is a non-executive director of Birmingham Health Partners.",
        roles=(Role("Non-executive director"),),
    ),
    Person(
        name="Jonathan Pearson",
        slug="jonathan-pearson",
        honorific="",
        biography="Jonathan Pearson chaired Birmingham Health Partners until September 2025. He "
        "went on to chair Health Innovation West Midlands, one of the partnership’s members.",
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
        name="Ed Smith",
        slug="ed-smith",
        honorific="",
        biography="Ed Smith was chair of Birmingham Health Partners when it published its first "
        "report of activity, for September 2020 to August 2022. He formerly chaired NHS "
        "Improvement.\n\nIn the announcement of the report he spoke about health inequalities, "
        "and about what a regional partnership can do to reduce them.",
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
        biography="Professor David Adams became Director of Birmingham Health Partners in 2018, "
        "and held the role when its first report of activity was published.\n\nIn the "
        "announcement of the report he spoke about the partnership’s work on training, funding, "
        "health data and digital delivery.",
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
        name="Charlie Craddock",
        slug="charlie-craddock",
        honorific="Professor",
        biography="Professor Charlie Craddock was transitional director of Birmingham Health "
        "Partners in 2011, the year in which the agreement to create it was announced.",
        roles=(
            Role(
                "Transitional director",
                start_earliest=Date(2011, 1, 1),
                start_latest=Date(2011, 12, 31),
                end_earliest=Date(2011, 1, 1),
            ),
        ),
    ),
)

# The speaker of words of our own. Nobody is quoted at length, and this speaker has no page.
STATEMENT = Person(
    name="Statement of the demonstration",
    slug="statement",
    honorific="",
    biography="Words written for this site, which no person has spoken.",
    roles=(Role("Our own words", organisation="BHP demonstration site"),),
)
SPEAKERS = (*PEOPLE, STATEMENT)
