"""What the reader makes of press releases in the forms that editors get them in."""

import datetime
from pathlib import Path

import pytest

from bhp_site.press_releases.reading.parser import propose
from bhp_site.press_releases.reading.proposed import PartKind, ProposedRelease, Speech
from bhp_site.press_releases.reading.sources import make_source, read_source, render_source

from .corpus import (
    DEVELOPMENT,
    HELD_OUT,
    count_correct,
    describe,
    find_releases,
    get_left_out,
    get_speeches,
    load_source,
    read_expected,
    read_release,
)


def read(text: str, html: str = "") -> ProposedRelease:
    return propose(read_source(make_source(text, html)))


def read_speech(line: str) -> Speech:
    """Return the only quotation of a release with this line."""
    (speech,) = get_speeches(read(f"A title\n\nIt has happened.\n\n{line}"))
    return speech


def name_release(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


@pytest.mark.parametrize("path", find_releases(DEVELOPMENT), ids=name_release)
def test_releases_are_read_as_expected(path: Path) -> None:
    assert describe(read_release(path)) == read_expected(path)


def test_releases_that_the_reader_was_not_written_for_are_read_too() -> None:
    correct, number = count_correct(HELD_OUT)
    assert number >= 200
    assert correct / number >= 0.95


@pytest.mark.parametrize(
    "path", [*find_releases(DEVELOPMENT), *find_releases(HELD_OUT)], ids=name_release
)
def test_a_review_can_be_sent_back_and_forth(path: Path) -> None:
    lines = read_source(load_source(path))
    again = read_source(render_source(lines))
    assert [line.text for line in again] == [line.text for line in lines]
    assert describe(propose(again)) == describe(read_release(path))


def test_a_review_keeps_lists_within_lists() -> None:
    html = (
        "<h1>A &amp; B</h1><ul><li>One<ol><li>Two</li></ol></li><li>Three</li></ul><h2>C</h2>"
        "<table><tr><td>D</td><td>E</td></tr><tr><td>F</td><td>G</td></tr></table><p>H</p>"
    )
    lines = read_source(make_source("", html))
    assert [(line.text, line.list_kind, line.depth) for line in lines] == [
        ("A & B", "", 0),
        ("One", "ul", 0),
        ("Two", "ol", 1),
        ("Three", "ul", 0),
        ("C", "", 0),
        ("D | E; F | G", "", 0),
        ("H", "", 0),
    ]
    assert read_source(render_source(lines)) == lines


@pytest.mark.parametrize(
    "path", [*find_releases(DEVELOPMENT), *find_releases(HELD_OUT)], ids=name_release
)
def test_no_word_is_invented(path: Path) -> None:
    given = {word for line in read_source(load_source(path)) for word in split(line.text)}
    proposal = read_release(path)
    headings = {"notes", "to", "editors"}
    texts = [proposal.title, proposal.summary, *(part.text for part in proposal.parts)]
    texts += [f"{one.name} {one.role}" for one in get_speeches(proposal)]
    assert {word for text in texts for word in split(text)} - given <= headings


def split(text: str) -> set[str]:
    return {
        word.strip(".,:;“”‘’\"'«»„()[]–—-*#").replace("’", "'").lower() for word in text.split()
    }


ANNOUNCEMENT = """“Near, clear, together” – Example Partners publish their second report
Following a year of work in four towns, Example Partners have published a report covering \
September 2030 to August 2032.
Download the Example Partners Report of Work 2030 to 2032 pdf (4MB)
The report says what was done and what was not.
Sam Fictional, Example Partners’ chair, commented: “We began with a list. It was too long, and \
we kept half of it.
“The other half is for others, who know it better.”
Professor Sample Voice, Director Example Partners, added: “Readers should find what they paid \
for.
“As this report sets out, it is a start.”"""


def test_a_release_pasted_without_blank_lines() -> None:
    proposal = read(ANNOUNCEMENT)
    assert proposal.title.startswith("“Near, clear, together” – Example")
    assert proposal.summary.endswith("August 2032.")
    assert [(one.name, one.role, len(one.paragraphs)) for one in get_speeches(proposal)] == [
        ("Sam Fictional", "Example Partners’ chair", 2),
        ("Professor Sample Voice", "Director Example Partners", 2),
    ]
    assert proposal.report is not None
    assert proposal.report.title == "Example Partners Report of Work 2030 to 2032"
    assert proposal.report.period is not None
    assert proposal.report.period.start == datetime.date(2030, 9, 1)
    assert proposal.report.period.end == datetime.date(2032, 8, 31)
    texts = [part.text for part in proposal.parts if part.kind == PartKind.TEXT]
    assert texts == ["The report says what was done and what was not."]


EMBARGOES = [
    ("EMBARGO: not for publication or broadcast before 00:01, Thursday 12 March 2026", "00:01"),
    ("Embargoed until 00.01 GMT on Thursday, 12th March 2026", "00:01"),
    ("STRICTLY EMBARGOED: 12.01am BST, 12 March 2026", "00:01"),
    ("Not for release before a minute past midnight on 12 March 2026", "00:01"),
    ("UNDER EMBARGO UNTIL 0900hrs, 12/03/2026", "09:00"),
    ("**EMBARGO** 9 am (UK time) Thursday 12 March 2026", "09:00"),
    ("Embargo: midday, March 12, 2026", "12:00"),
    ("[Embargoed for 5.30pm on Thursday 12 March 2026]", "17:30"),
    ("Not to be published before midnight, 12 March 2026", "00:00"),
]


@pytest.mark.parametrize(("line", "time"), EMBARGOES)
def test_an_embargo_is_read_wherever_it_stands(line: str, time: str) -> None:
    body = "A title of a release\n\nSomething has happened in a town. It was small."
    for text in (f"{line}\n\n{body}", f"{body}\n\nENDS\n\n{line}"):
        embargo = read(text).embargo
        assert embargo is not None
        assert embargo.date == datetime.date(2026, 3, 12)
        assert embargo.time == datetime.time.fromisoformat(time)
        assert read(text).title == "A title of a release"


@pytest.mark.parametrize(
    "mark",
    ["ENDS", "-ends-", "– Ends –", "###", "# # #", "*** ENDS ***", "[ends]", "End of release"],
)
def test_an_end_mark_ends_the_text(mark: str) -> None:
    proposal = read(f"A title\n\nIt has happened. Twice.\n\n{mark}\n\nA word more for editors.")
    assert [part.text for part in proposal.parts if part.is_note] == ["A word more for editors."]


LEADS = {
    "Dr Example Speaker, director, said: ": "director",
    "The director, Dr Example Speaker, said: ": "director",
    "Example Trust director Dr Example Speaker added: ": "Example Trust director",
    "Dr Example Speaker (director, Example Trust) commented, ": "director, Example Trust",
    "Dr Example Speaker – director of Example Trust – explained: ": "director of Example Trust",
    "Speaking at the opening, Dr Example Speaker, director, concluded: ": "director",
    "Dr Example Speaker, director: ": "director",
    "Commented Dr Example Speaker, director: ": "director",
    "According to Dr Example Speaker, director, ": "director",
    "Dr Example Speaker - director, Example Trust - stressed: ": "director, Example Trust",
    "As Dr Example Speaker, director, puts it: ": "director",
    "Dr Example Speaker, director at Example Trust (ET), noted: ": "director at Example Trust (ET)",
    "The director, Dr Example Speaker, was glad. She added: ": "director",
}


@pytest.mark.parametrize(("lead", "role"), LEADS.items(), ids=str)
def test_who_speaks_is_read_before_the_words(lead: str, role: str) -> None:
    speech = read_speech(f"{lead}“We begin today.”")
    assert speech == Speech(("We begin today.",), "Dr Example Speaker", role)


FOLLOWING = {
    " said Dr Example Speaker, director.": "director",
    " Dr Example Speaker, director, said.": "director",
    " – Dr Example Speaker, director": "director",
    " (Dr Example Speaker, director)": "director",
    " according to Dr Example Speaker, director.": "director",
}


@pytest.mark.parametrize(("words", "role"), FOLLOWING.items(), ids=str)
def test_who_speaks_is_read_after_the_words(words: str, role: str) -> None:
    speech = read_speech(f"“We begin today,”{words}")
    assert speech == Speech(("We begin today.",), "Dr Example Speaker", role)


def test_two_people_can_say_the_same() -> None:
    lead = "Dr Example Speaker and Professor Sample Voice, co-leads of the centre, said: "
    speech = read_speech(f"{lead}“We begin today.”")
    assert speech.name == "Dr Example Speaker and Professor Sample Voice"
    assert speech.role == "co-leads of the centre"


def test_words_in_marks_that_nobody_says_stay_text() -> None:
    text = "The board called it “a risk worth taking” and left."
    assert get_speeches(read(f"A title\n\nIt has happened.\n\n{text}")) == []


def test_text_that_is_no_release_is_kept_as_text() -> None:
    lines = ["Milk", "Two eggs", "Call Sam about the roof before Friday"]
    proposal = read("\n\n".join(lines))
    assert proposal.title == "Milk"
    kept = [part.text for part in proposal.parts if part.kind != PartKind.LEFT_OUT]
    assert kept == lines[1:]
    assert proposal.summary == ""
    assert proposal.report is None


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("Download the Example Review 2026 pdf (4MB)", "Example Review 2026"),
        ("Example Review 2026 [PDF 35.6KB]", "Example Review 2026"),
        ("Download: Example Review 2026 (PDF, 4 MB)", "Example Review 2026"),
        ("Read the full report here", ""),
        ("The review can be downloaded here: https://example.org/review.pdf", ""),
        ("Click here to download the full report", ""),
    ],
)
def test_a_line_that_offers_a_document_names_the_report(line: str, title: str) -> None:
    proposal = read(f"A title\n\nIt has happened.\n\n{line}\n\nThere is more.")
    assert proposal.report is not None
    assert proposal.report.title == title
    assert get_left_out(proposal, "Download") == [line]


def test_links_and_lists_keep_their_formatting() -> None:
    html = (
        "<h1>A title</h1><p>It has happened. See <a href='https://example.org/'>the plan</a>.</p>"
        "<ul><li>One</li><li>Two</li></ul>"
    )
    parts = read("", html).parts
    assert parts[0].lines[0].runs[1].href == "https://example.org/"
    assert [part.lines[0].list_kind for part in parts[1:]] == ["ul", "ul"]
