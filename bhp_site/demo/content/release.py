"""A release in preparation, which shows what an embargo, a sign-off and a shared draft are."""

from .people import STATEMENT
from .shapes import Date, News, heading, paragraph, quote

RELEASE = News(
    title="Find our research by priority",
    slug="find-our-research-by-priority",
    # The day on which its embargo ends, once it is loaded.
    date=Date(2026, 1, 1),
    date_precision="day",
    kind="announcement",
    summary="Each of our four priorities now has a page that leads to its news and reports.",
    body=(
        paragraph(
            "Birmingham Health Partners (BHP) has four priorities: cancer outcomes, inflammation "
            "and chronic disease, maternal health and perinatal mortality, and mental health. Each "
            "of them now has a page of its own.",
        ),
        heading("All in one place"),
        paragraph(
            "The page of a priority lists the news and the reports that belong to it, and the "
            "partners who work on it. You can get an e-mail when something is added.",
        ),
        quote(
            STATEMENT.slug,
            "Our own words",
            "This release is an example. Change it, publish it or delete it.",
            organisation="BHP demonstration site",
        ),
    ),
)

EMBARGO_DAYS = 14
SUGGESTED_WORDS = "This release is only an example. You can change it, publish it or delete it."
LINK_LABEL = "Press office of a partner (example)"
