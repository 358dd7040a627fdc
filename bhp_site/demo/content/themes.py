"""What the partnership works on, and which of the demonstration's pages are about it."""

from .shapes import Theme

MOTHERS = "maternal-and-perinatal-health"
TRIALS = "clinical-trials"

THEMES = (
    Theme(
        name="Cancer outcomes",
        slug="cancer-outcomes",
        kind="priority",
        summary="Finding cancer sooner, and treating it with what works best for each person.",
        pages=("biomedical-research-centre",),
    ),
    Theme(
        name="Inflammation and chronic disease",
        slug="inflammation-and-chronic-disease",
        kind="priority",
        summary="Long-term conditions whose course inflammation decides.",
        pages=("biomedical-research-centre", "royal-orthopaedic-hospital"),
    ),
    Theme(
        name="Maternal health and perinatal mortality",
        slug=MOTHERS,
        kind="priority",
        summary="Safer pregnancies and births, and fewer babies lost.",
        pages=(
            "safe-and-effective-medicines",
            "safe-and-effective-medicines-in-pregnancy",
            "healthy-mum-healthy-baby-healthy-future",
            "e-motive-award",
            "birmingham-womens-and-childrens",
        ),
    ),
    Theme(
        name="Mental health",
        slug="mental-health",
        kind="priority",
        summary="Treatments that reach people early, the young above all.",
        pages=("mental-health-mission", "birmingham-and-solihull-mental-health"),
    ),
    Theme(
        name="Clinical trials",
        slug=TRIALS,
        kind="theme",
        summary="Trials that are quick to open and open to everybody.",
        pages=(
            "commercial-research-delivery-centre",
            "good-hope-hospital-recruitment",
            "abpi-memorandum",
            "abhi-memorandum",
            "e-motive-award",
        ),
    ),
    Theme(
        name="Early detection and diagnosis",
        slug="early-detection-and-diagnosis",
        kind="theme",
        summary="Knowing sooner, while more can be done.",
        pages=("biomedical-research-centre", "aston-university"),
    ),
    Theme(
        name="Health inequalities",
        slug="health-inequalities",
        kind="theme",
        summary="Why health differs from street to street, and what closes the gap.",
        pages=("birmingham-community-healthcare", "sandwell-and-west-birmingham"),
    ),
)


def about(slug: str) -> list[str]:
    """Return the slugs of the themes of the page with this slug."""
    return [theme.slug for theme in THEMES if slug in theme.pages]
