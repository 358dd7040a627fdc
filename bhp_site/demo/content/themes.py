"""What the partnership works on, and which of the demonstration's pages are about it."""

from .shapes import Theme, bullets, heading, paragraph

MOTHERS = "maternal-and-perinatal-health"
TRIALS = "clinical-trials"

THEMES = (
    Theme(
        name="Cancer outcomes",
        slug="cancer-outcomes",
        kind="priority",
        summary="Helping more people to live longer and better after a diagnosis of cancer.",
        story=(
            paragraph(
                "How long and how well people live after a diagnosis of cancer depends on many "
                "things: how early it is found, which treatment follows, and how good the care "
                "around it is. No single organisation provides all of them. Our members do so "
                "together, from university laboratories to specialist hospitals and care in the "
                "community.",
                "Outcomes also differ between communities. Research that includes people from "
                "all of them can show why, and help to close the gap.",
            ),
            heading("What we want to know"),
            paragraph(
                bullets(
                    "how cancer can be found earlier, when it is easier to treat",
                    "which treatment works best for which patient",
                    "how clinical trials can be open to everyone who might benefit",
                ),
            ),
        ),
        pages=("biomedical-research-centre", "university-hospitals-birmingham"),
    ),
    Theme(
        name="Inflammation and chronic disease",
        slug="inflammation-and-chronic-disease",
        kind="priority",
        summary="Understanding long-term conditions in which inflammation plays a part, and "
        "helping people who live with several of them.",
        story=(
            paragraph(
                "Inflammation is the body’s response to injury and infection. When it does not "
                "stop, it can damage joints, the bowel, the liver, the lungs and the kidneys. "
                "Conditions that are treated in separate clinics may have the same cause.",
            ),
            heading("Multimorbidity"),
            paragraph(
                "Many people live with two or more long-term conditions at once. This is called "
                "multimorbidity. It becomes more common as people grow older, and it begins "
                "earlier in communities where life is harder. Most treatments were tested in "
                "people with a single condition, so research is needed that looks at the whole "
                "person.",
            ),
        ),
        pages=("biomedical-research-centre", "royal-orthopaedic-hospital"),
    ),
    Theme(
        name="Maternal health and perinatal mortality",
        slug=MOTHERS,
        kind="priority",
        summary="Making pregnancy and birth safer for every mother and baby.",
        story=(
            paragraph(
                "Perinatal means around the time of birth. This priority is about the health of "
                "women before, during and after pregnancy, and about preventing the deaths of "
                "babies before birth and in their first days.",
            ),
            heading("Medicines in pregnancy"),
            paragraph(
                "Pregnant women have often been left out of clinical trials, so there is too "
                "little evidence on the medicines they take. We have published two policy reports "
                "on the subject: a call to action in 2021, and the case for UK leadership in "
                "2022, which makes eight recommendations.",
            ),
        ),
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
        summary="Finding out which treatments work, and offering help early.",
        story=(
            paragraph(
                "Mental illness often begins when people are young, and help that comes early "
                "can change the course of a life. In a young and diverse city, research into "
                "mental health has to include people from every community.",
                "Mental and physical health are closely linked. People with long-term physical "
                "illness are more likely to have poor mental health, and the other way round. "
                "That makes mental health part of our work on multimorbidity, and on health "
                "inequalities.",
            ),
        ),
        pages=("mental-health-mission", "birmingham-and-solihull-mental-health"),
    ),
    Theme(
        name="Clinical trials",
        slug=TRIALS,
        kind="theme",
        summary="Giving more people the chance to take part in research, wherever they live.",
        story=(
            paragraph(
                "A clinical trial compares treatments fairly, so that patients and clinicians can "
                "know which one works better, and for whom. Trials need many people, and they "
                "need to include all kinds of people.",
            ),
            heading("How we help"),
            paragraph(
                bullets(
                    "bringing trials to more hospitals, clinics and communities",
                    "working with industry under memorandums of understanding",
                    "training clinicians to lead research, with Starter Fellowships",
                ),
            ),
            heading("Taking part"),
            paragraph(
                "You can ask the team that looks after you which trials are open. Taking part is "
                "always your choice, and you can change your mind at any time.",
            ),
        ),
        pages=(
            "commercial-research-delivery-centre",
            "good-hope-hospital-recruitment",
            "abpi-memorandum",
            "abhi-memorandum",
            "e-motive-award",
            "starter-fellowships-call",
            "university-hospitals-birmingham",
            "birmingham-womens-and-childrens",
        ),
    ),
    Theme(
        name="Early detection and diagnosis",
        slug="early-detection-and-diagnosis",
        kind="theme",
        summary="Finding disease sooner, when it can be treated best.",
        story=(
            paragraph(
                "For many conditions, the earlier they are found, the more can be done. Better "
                "tests are part of the answer. So are shorter waits, clear information, and "
                "services that people can reach and trust.",
                "Research on early detection follows the whole path, from the first sign of "
                "disease to the start of treatment. It brings together clinicians, scientists "
                "and companies that develop diagnostics.",
            ),
        ),
        pages=("biomedical-research-centre", "aston-university", "abhi-memorandum"),
    ),
    Theme(
        name="Health inequalities",
        slug="health-inequalities",
        kind="theme",
        summary="Reducing the unfair differences in health between people and communities.",
        story=(
            paragraph(
                "Health inequalities are differences in health that are unfair and can be "
                "avoided. They are driven by the conditions in which people are born, grow up, "
                "work and live. They lead to chronic illness, poor mental health and "
                "multimorbidity, often many years earlier than elsewhere.",
            ),
            heading("What research can do"),
            paragraph(
                bullets(
                    "ask the questions that matter to the communities most affected",
                    "make sure that clinical trials include them",
                    "use health data, safely, to show where the gaps are and what closes them",
                ),
            ),
        ),
        pages=(
            "birmingham-community-healthcare",
            "birmingham-community-healthcare-joins",
            "sandwell-and-west-birmingham",
            "report-of-activity-2020-2022",
            "commercial-research-delivery-centre",
        ),
    ),
)


def get_theme_slugs(slug: str) -> list[str]:
    """Return the slugs of the themes of the page with this slug."""
    return [theme.slug for theme in THEMES if slug in theme.pages]
