"""Each rule of the house-style check: what it finds, and what it leaves alone."""

import datetime
import time

import pytest

from bhp_site.house_style.checker import StyleFinding, TextBlock, check_text_blocks
from bhp_site.house_style.known_names import KnownNames, edit_distance

TODAY = datetime.date(2025, 6, 15)
NAMES = KnownNames(
    own="Birmingham Health Partners",
    members=(
        ("University of Birmingham", "UoB"),
        ("University Hospitals Birmingham NHS Foundation Trust", "UHB", "UHBFT"),
        ("Birmingham Women’s and Children’s NHS Foundation Trust", "BWC"),
        ("Health Innovation West Midlands", "West Midlands Academic Health Science Network"),
        (
            "Sandwell and West Birmingham NHS Trust",
            "SWB",
            "Sandwell and West Birmingham Hospitals NHS Trust",
        ),
        (
            "Royal Orthopaedic Hospital NHS Foundation Trust",
            "ROH",
            "The Royal Orthopaedic Hospital",
        ),
        ("Aston University", "Aston"),
        ("Birmingham and Solihull Mental Health NHS Foundation Trust", "BSMHFT"),
        ("Birmingham Community Healthcare NHS Foundation Trust", "BCHC"),
    ),
    acronyms=frozenset({"BHP", "NHS", "UK", "PDF"}),
)


def check(*texts: str, **more: object) -> list[StyleFinding]:
    return check_text_blocks([TextBlock("Body", text, **more) for text in texts], NAMES, TODAY)  # type: ignore[arg-type]


def list_faults(*texts: str, **more: object) -> list[tuple[str, str]]:
    return [(one.code, one.text) for one in check(*texts, **more)]


@pytest.mark.parametrize(
    "text, code, words",
    [
        (
            "All who founded Birmingham Health Paretners were there.",
            "own-name",
            "Birmingham Health Paretners",
        ),
        ("A laboratory at the Universityof Birmingham.", "missing-space", "Universityof"),
        (
            "The trial is one of the is one of the largest in Europe.",
            "doubled-words",
            "is one of the is one of the",
        ),
        ("A new clinic, due to open in 2022, serves all.", "stale-promise", "due to open in 2022"),
    ],
)
def test_the_faults_of_the_live_site_are_found(text: str, code: str, words: str) -> None:
    assert list_faults(text) == [(code, words)]


@pytest.mark.parametrize(
    "text",
    [
        "Birmingham Heath Partners",
        "Brimingham Health Partners",
        "Birmingham Health Partner",
        "Birmingham Health Patrners’ report",
    ],
)
def test_our_own_name_misspelt(text: str) -> None:
    (found,) = check(f"This is {text}.")
    assert found.code == "own-name"
    assert found.advice == "Write “Birmingham Health Partners”."


@pytest.mark.parametrize(
    "text",
    [
        "Birmingham Health Partners’ plan, and Birmingham Health Partners.",
        "Birmingham health partners met their partners in health.",
        "Our partner in Birmingham, Health Partners Ltd, is another.",
        "Partners of Birmingham’s health services",
    ],
)
def test_ordinary_words_are_no_misspelling(text: str) -> None:
    assert list_faults(text) == []


@pytest.mark.parametrize(
    "text, name",
    [
        ("Birmingham & Solihull Mental Health", "Birmingham and Solihull Mental Health"),
        ("Sandwell & West Birmingham Hospitals", "Sandwell and West Birmingham"),
        ("University Hospital Birmingham", "University Hospitals Birmingham"),
        ("University Hospitals Birmingham Foundation Trust", "University Hospitals Birmingham"),
        ("University of Birmingham Hospitals", "University of Birmingham"),
        ("Birmingham Womens and Childrens", "Birmingham Women’s and Children’s"),
        ("Royal Orthopedic Hospital", "Royal Orthopaedic Hospital"),
        ("Aston Univeristy", "Aston University"),
        ("Health Inovation West Midlands", "Health Innovation West Midlands"),
        ("Sandwell and West Birmingham NHS Foundation Trust", "Sandwell and West Birmingham"),
    ],
)
def test_a_members_name_that_drifts(text: str, name: str) -> None:
    (found,) = check(f"Nurses of {text} took part.")
    assert (found.code, found.text) == ("member-name", text)
    assert found.advice.startswith(f"Write “{name}")


@pytest.mark.parametrize(
    "text",
    [
        *(name for names in NAMES.members for name in names),
        "University of Birmingham’s",
        "University Hospitals Birmingham NHS Foundation Trust’s",
        "University Hospitals Birmingham",
        "Royal Orthopaedic Hospital",
        "Sandwell and West Birmingham",
        "Birmingham Women’s and Children’s",
        "University of Birmingham, NHS trusts",
        "Birmingham City University",
        "Health Innovation East Midlands",
        "university hospitals, Birmingham’s too,",
    ],
)
def test_accepted_names_and_others_names_are_left_alone(text: str) -> None:
    assert list_faults(f"Nurses of {text} took part.") == []


def test_a_name_is_not_looked_for_across_paragraphs() -> None:
    assert list_faults("Studies at Aston", "University & hospital") == []


@pytest.mark.parametrize("text", ["WestMidlands", "BirminghamHealth", "UniversityofBirmingham"])
def test_names_without_a_space_between(text: str) -> None:
    assert list_faults(f"Made in {text} again") == [("missing-space", text)]


@pytest.mark.parametrize(
    "text",
    [
        "Healthcare in Birmingham Community Healthcare",
        "See https://www.universityofbirmingham.example/ or @BirminghamHealth or #WestMidlands.",
        "healthinnovationwestmidlands.org",
    ],
)
def test_what_is_written_together_rightly(text: str) -> None:
    assert list_faults(text) == []


@pytest.mark.parametrize(
    "text, words",
    [
        ("What the the study found", "the the"),
        ("The the study", "The the"),
        ("as well as as well as the rest", "as well as as well as"),
    ],
)
def test_words_that_stand_there_twice(text: str, words: str) -> None:
    assert list_faults(text) == [("doubled-words", words)]


@pytest.mark.parametrize(
    "text",
    [
        "She had had that that nobody else had.",
        "Born well, live well, die well",
        "step by step, day to day",
        "In 2022 2022 people came",
        "on one, one on",
    ],
)
def test_words_that_are_rightly_twice(text: str) -> None:
    assert list_faults(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The ward will launch in March 2024.",
        "By the end of 2023 it will have opened.",
        "From March 2024 the new centre will recruit.",
        "It is expected to be completed by May 2025.",
        "The call is planned for early 2025, we hear… and it will open in spring 2024.",
        "The building is due in 2024.",
        "We aim to finish on 14 June 2025.",
        "They are to move in before January 2025.",
        "We’ll report in 2024–25, in May 2024 at the latest.",
        "It will run from 2021 to 2024.",
        "Scheduled for autumn 2023, it will help.",
    ],
)
def test_a_promise_whose_day_has_passed(text: str) -> None:
    assert {code for code, _ in list_faults(text)} == {"stale-promise"}


@pytest.mark.parametrize(
    "text",
    [
        "It will open in 2025.",
        "It will launch in June 2025, on 15 June 2025.",
        "It will run from 2021 to 2026.",
        "It opened in 2022 and closed in 2023.",
        "Due to the pandemic in 2020 it closed.",
        "It was due to open in 2022.",
        "It was expected to open in 2022, and did.",
        "It will build on work begun in 2011.",
        "The grant that was given in 2019 will help.",
        "In 2019 the plan was made. It will be kept.",
        "It will treat 2022 people.",
        "The Report of Activity 2020 to 2022 will be read.",
        "“It will open in 2022”, she said then.",
    ],
)
def test_what_promises_nothing_that_has_passed(text: str) -> None:
    assert list_faults(text) == []


def test_a_stale_promise_says_what_to_do() -> None:
    (found,) = check("It will launch in March 2024.")
    assert found.advice == "March 2024 has passed. Say what has happened since."


@pytest.mark.parametrize(
    "text, words",
    [
        ("Download the report (PDF, 4 MB)", "4 MB"),
        ("Read the report (4MB)", "4MB"),
        ("The file has 1.5 megabytes", "1.5 megabytes"),
        ("A PDF of 36 pages", "36 pages"),
        ("Download our 36-page report", "36-page"),
    ],
)
def test_sizes_and_pages_typed_by_hand(text: str, words: str) -> None:
    assert list_faults(text) == [("typed-size", words)]


def test_pages_typed_beside_a_link_to_a_file() -> None:
    assert list_faults("The report, 36 pages", offers_file=True) == [("typed-size", "36 pages")]


@pytest.mark.parametrize(
    "text",
    [
        "She wrote 36 pages on mice.",
        "Each scan takes 4 MB of memory.",
        "It cost £4m, and 4.2 million people are served.",
    ],
)
def test_figures_that_are_about_no_file(text: str) -> None:
    assert list_faults(text) == []


@pytest.mark.parametrize(
    "text, words",
    [
        ('It is "values-based" work', '"values-based"'),
        ("the region's people", "region's"),
        ("the 1990's", "'s"),
        ("a 'cluster' of", "'cluster"),
    ],
)
def test_straight_marks(text: str, words: str) -> None:
    assert list_faults(text)[0] == ("straight-marks", words)


@pytest.mark.parametrize("text", ["“values-based” work, the region’s", "6' 2\" tall"])
def test_curly_marks_and_feet_are_left_alone(text: str) -> None:
    assert list_faults(text) == []


@pytest.mark.parametrize("text", ["The ABCD said so.", "All ABCDs agree", "the ABCD’s view"])
def test_an_acronym_that_nobody_explains(text: str) -> None:
    assert list_faults(text) == [("acronym", "ABCD")]


@pytest.mark.parametrize(
    "texts",
    [
        ["BHP, the NHS, a PDF, UHB, UHBFT and BSMHFT in the UK"],
        ["The ABPI agrees.", "The Association of the British Pharmaceutical Industry (ABPI)"],
        ["ABHI, the Association of British HealthTech Industries"],
        ["The National Institute for Health and Care Research (NIHR), and the NIHR"],
        ["EPR (electronic patient record)"],
        ["electronic patient records (EPRs)", "An EPR"],
        ["A memorandum (MoU), COVID-19, E-MOTIVE, Charles III, B15 2TT"],
        ["SHOUTED HEADING"],
    ],
)
def test_acronyms_that_are_known_or_explained(texts: list[str]) -> None:
    assert list_faults(*texts) == []


def test_an_acronym_in_brackets_explains_nothing_by_itself() -> None:
    assert list_faults("A charity (XYZ)") == [("acronym", "XYZ")]


def test_of_what_others_said_only_the_spelling_is_ours() -> None:
    said = (
        "In 2019 it will open in 2020, with a PDF of 4 MB, said ABCD of Birmingham Heath Partners."
    )
    assert list_faults(said, whose="said") == [("own-name", "Birmingham Heath Partners")]


def test_a_name_of_the_register_is_not_held_against_the_register() -> None:
    assert list_faults("Aston Universities", whose="name") == []
    assert list_faults("Aston's", whose="name") == [("straight-marks", "Aston's")]


def test_a_finding_says_where_and_what() -> None:
    text = f"{'before ' * 9}the the {'after ' * 9}"
    (found,) = [one for one in check(text) if one.text == "the the"]
    assert found.where == "Body"
    assert found.title == "A word is repeated"
    assert found.snippet.startswith("… before") or found.snippet.startswith("… ")
    assert "the the" in found.snippet
    assert found.snippet.endswith(" …")
    assert len(found.snippet) < 110


def test_the_same_words_are_told_once() -> None:
    assert list_faults("ABCD and ABCD", "ABCD") == [("acronym", "ABCD")]


@pytest.mark.parametrize(
    "one, other, expected",
    [("partner", "partner", 0), ("paretner", "partner", 1), ("brim", "birm", 1), ("abc", "xyz", 3)],
)
def test_distance(one: str, other: str, expected: int) -> None:
    assert edit_distance(one, other) == expected


@pytest.mark.parametrize("text", ["a" * 50_000, "a-" * 25_000, '"' * 20_000, "A " * 20_000])
def test_odd_texts_are_answered(text: str) -> None:
    before = time.process_time()
    check(text)
    assert time.process_time() - before < 30


REMOVE = "Remove the link, or link to the public page."
ADMIN = f"This link leads to the admin, which visitors cannot open. {REMOVE}"
LOCAL = "This address only works on your own computer or network. Enter the public address."
PLAN = "https://example.org/plan?a=1"
CODED = "https%3A%2F%2Fexample.org%2Fplan%3Fa%3D1"


@pytest.mark.parametrize(
    "address, advice",
    [
        ("http://x.example/admin/pages/69/edit/#_ftn1", ADMIN),
        ("/admin/documents/", ADMIN),
        ("http://127.0.0.1:8000/admin/", ADMIN),
        ("https://alias.example.org//admin", ADMIN),
        ("https://example.org/news/../admin/pages/3/", ADMIN),
        ("//example.org/Admin/", ADMIN),
        ("https://blog.example.org/wp-admin/post.php?post=3", ADMIN),
        ("#_ftn1", "Visitors cannot open this address."),
        ("plan.docx", "Visitors cannot open this address."),
        ("file:///C:/plan.docx", "Visitors cannot open this address."),
        ("http://[", "Visitors cannot open this address."),
        ("http://localhost:8000/news/", LOCAL),
        ("http://192.168.0.4/plan.pdf", LOCAL),
        ("http://[::1]/plan.pdf", LOCAL),
        ("http://intranet/plan", LOCAL),
        (f"https://www.google.com/url?q={CODED}&sa=D", f"through Google. Link straight to {PLAN} "),
        (
            f"https://eur01.safelinks.protection.outlook.com/?url={CODED}&data=05",
            f"through Outlook Safe Links. Link straight to {PLAN} instead.",
        ),
        (
            f"https://l.facebook.com/l.php?u={CODED}&h=x",
            f"through Facebook. Link straight to {PLAN}",
        ),
        (
            f"https://www.linkedin.com/redir/redirect?url={CODED}&urlhash=x",
            f"through LinkedIn. Link straight to {PLAN}",
        ),
        (
            "https://urldefense.proofpoint.com/v2/url?u=https-3A__example.org_plan-3Fa-3D1&d=x",
            f"through Proofpoint. Link straight to {PLAN}",
        ),
        (
            f"https://linkprotect.cudasvc.com/url?a={CODED}%26utm_source%3Dmail",
            f"through Barracuda. Link straight to {PLAN} instead.",
        ),
        (
            "https://www.google.com/url?q=https://example.org/admin/",
            f"through Google to a place that visitors cannot open. {REMOVE}",
        ),
        ("https://www.google.com/url?q=https://bit.ly/3x", "a link shortener, which hides"),
        ("https://bit.ly/3abc", "through a link shortener, which hides its target. Open the link"),
        ("https://t.co/3abc", "through X, which hides"),
        ("https://lnkd.in/e3abc", "through LinkedIn, which hides"),
        (
            "https://a.us1.list-manage.com/track/click?u=1&id=2&e=3",
            "through Mailchimp, which hides",
        ),
        ("https://bhp.us1.list-manage.com/track/click?u=1", "through Mailchimp, which hides"),
        ("https://url.uk.m.mimecastprotect.com/s/a1b2", "through Mimecast, which hides"),
        (f"{PLAN}&utm_source=mail&mc_eid=12", f"track who follows it. Link to {PLAN} instead."),
        ("https://example.org/?fbclid=1#aims", "Link to https://example.org/#aims instead."),
    ],
)
def test_a_link_that_does_not_lead_to_its_target(address: str, advice: str) -> None:
    (finding,) = check("See the plan (1).", links=(("the plan", address),))
    assert (finding.code, finding.text) == ("link-target", "the plan")
    assert advice in finding.advice


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/",
        "/news/",
        "#aims",
        "mailto:a@b.example",
        "tel:+441210000000",
        "https://example.org/administration/",
        "https://www.google.com/maps/place/Birmingham",
        "https://www.linkedin.com/company/example",
        "https://www.facebook.com/example",
        "https://example.org/search?q=utm_source",
        "http://[2a00:1450:4009::1]/",
    ],
)
def test_an_ordinary_link_is_left_alone(address: str) -> None:
    assert not check("See the plan.", links=(("the plan", address),))
    assert not check(f"See {address} and more.")


@pytest.mark.parametrize("whose", ["ours", "said"])
def test_an_address_typed_in_text_is_checked(whose: str) -> None:
    text = f"Read more (https://www.google.com/url?q={CODED}), or ask."
    (finding,) = check(text, whose=whose)
    assert finding.text == f"https://www.google.com/url?q={CODED}"
    assert PLAN in finding.advice


def test_a_link_with_its_address_as_text_is_reported_once() -> None:
    address = "https://example.org/admin/"
    assert len(check(f"See {address}.", links=((address, address),))) == 1
