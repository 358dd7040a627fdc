"""Reading a report without its PDF: contents, chapters, and the whole on one page."""

import json
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bhp_site.core.caching.cacheable import CACHE_POLICY_KEY
from bhp_site.files.version_diff import compare_pages
from reports.chapters import Chapter
from reports.document_links import describe_chapters

from ..factories import (
    ReportPageFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    offer,
    pdf_bytes,
    write_chapter,
)
from ..page_states import HIDDEN, publish
from ..pages import get_html, get_schema_node

EDITION_URL = "/reports/activity/read/"
TABLE = {
    "caption": "Members by kind",
    "table": {
        "columns": [{"type": "text", "heading": "Kind"}, {"type": "number", "heading": "Members"}],
        "rows": [{"values": ["Trusts", "6"]}],
        "caption": "",
    },
    "row_headers": True,
}


@pytest.fixture
def report(report_index: Any) -> Any:
    """A report of three chapters, with something of every kind."""
    made = ReportPageFactory(parent=report_index, title="Activity", slug="activity")
    pdf = ContentFile(pdf_bytes("Activity", pages=6), name="activity.pdf")
    offer(made, SiteDocumentFactory(title="Activity", file=pdf))
    write_chapter(made, "Foreword", [("paragraph", "<p>We begin.</p>")], page=3)
    write_chapter(
        made,
        "Health data",
        [
            {"type": "heading", "value": "Sources"},
            {"type": "paragraph", "value": "<p>Counted [2], and again [2], by <b>us</b> [9].</p>"},
            {"type": "subheading", "value": "Births"},
            {"type": "heading", "value": "Sources"},
            {"type": "table", "value": TABLE},
            {"type": "figure", "value": build_figure()},
            {"type": "note", "value": {"text": "Is this one table?", "page": 5}},
        ],
        page=5,
        footnotes="2 Our register, https://example.org/register",
    )
    write_chapter(made, "What comes next", [("heading", "Sources")])
    return made


def build_figure() -> dict[str, Any]:
    image = {"image": SiteImageFactory().pk, "alt_text": "Two discs", "decorative": False}
    return {"image": image, "caption": "Where we work."}


def test_the_report_leads_to_its_edition(report: Any, client: Client) -> None:
    text = get_html(client, "/reports/activity/")
    assert f'<a class="button" href="{EDITION_URL}">Read it online</a>' in text
    parts = get_schema_node(text, "Report")["hasPart"]
    assert [part["name"] for part in parts] == ["Foreword", "Health data", "What comes next"]
    assert parts[1]["url"] == f"http://testserver{EDITION_URL}health-data/"


def test_the_contents_lead_to_chapters_and_their_headings(report: Any, client: Client) -> None:
    text = get_html(client, EDITION_URL)
    assert len(re.findall("<h1[ >]", text)) == 1
    assert f'<a href="{EDITION_URL}health-data/">Health data</a>' in text
    assert f'<a href="{EDITION_URL}health-data/#sources">Sources</a>' in text
    assert f'<a href="{EDITION_URL}health-data/#sources-2">Sources</a>' in text
    assert f'<link rel="canonical" href="http://testserver{EDITION_URL}">' in text


def test_a_chapter_has_all_that_was_written(report: Any, client: Client) -> None:
    text = get_html(client, f"{EDITION_URL}health-data/")
    assert re.findall("<h1[^>]*>([^<]+)", text) == ["Health data"]
    assert '<h2 id="sources">Sources</h2>' in text
    assert '<h3 id="births">Births</h3>' in text
    assert '<h2 id="sources-2">Sources</h2>' in text
    assert "Members by kind</caption>" in text
    assert 'alt="Two discs"' in text
    assert '<a href="/documents/activity.pdf#page=5">Page 5 of the PDF' in text
    assert f'<a href="{EDITION_URL}foreword/" rel="prev">' in text
    assert f'<a href="{EDITION_URL}what-comes-next/" rel="next">' in text
    assert f'<a href="{EDITION_URL}health-data/" aria-current="page">' in text
    assert "Is this one table?" not in text


def test_footnotes_lead_there_and_back(report: Any, client: Client) -> None:
    text = get_html(client, f"{EDITION_URL}health-data/")
    assert text.count('<a id="mark:2" href="#note:2" role="doc-noteref">') == 1
    assert text.count('href="#note:2"') == 2
    assert '<li id="note:2" value="2">Our register, <a href="https://example.org' in text
    assert '<a href="#mark:2" role="doc-backlink">' in text
    # No such footnote.
    assert "[9]" in text


def test_the_whole_report_stands_on_one_page(report: Any, client: Client) -> None:
    text = get_html(client, f"{EDITION_URL}all/")
    assert '<h2 id="health-data">Health data</h2>' in text
    assert '<h3 id="health-data--sources">Sources</h3>' in text
    assert '<h4 id="health-data--births">Births</h4>' in text
    assert '<h3 id="what-comes-next--sources">Sources</h3>' in text
    assert 'id="note:health-data--2"' in text
    assert '<a href="#health-data--sources">Sources</a>' in text
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len({*ids})
    targets = {*re.findall(r'href="#([^"]+)"', text)}
    assert targets <= {*ids}


@pytest.mark.parametrize("part", ["", "health-data/", "all/"])
def test_every_part_keeps_the_budget_and_may_be_kept(
    report: Any, client: Client, part: str
) -> None:
    for title in ("More", "And more"):
        write_chapter(report, title, [{"type": "figure", "value": build_figure()}])
    get_html(client, EDITION_URL + part)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(EDITION_URL + part)
    assert len(captured) <= 8
    assert response.wsgi_request.META[CACHE_POLICY_KEY].parameters == ()
    assert "no-store" not in response["Cache-Control"]
    assert not response.cookies
    assert f'<link rel="canonical" href="http://testserver{EDITION_URL}{part}">' in response.text


def test_a_chapter_tells_machines_what_it_is_part_of(report: Any, client: Client) -> None:
    text = get_html(client, f"{EDITION_URL}health-data/")
    chapter = get_schema_node(text, "Chapter")
    assert chapter["position"] == 2
    assert chapter["pageStart"] == 5
    assert chapter["isPartOf"]["@id"] == "http://testserver/reports/activity/#page"
    way = [step["name"] for step in get_schema_node(text, "BreadcrumbList")["itemListElement"]]
    assert way[-3:] == ["Activity", "Read online", "Health data"]


@pytest.mark.parametrize("part", ["nothing/", "foreword/more/", "all/all/", "%00/", "Foreword/"])
def test_an_address_that_names_no_chapter_is_404(report: Any, client: Client, part: str) -> None:
    assert client.get(EDITION_URL + part).status_code in (400, 404)


def test_machines_are_told_of_the_edition(report: Any, client: Client) -> None:
    url = f"http://testserver{EDITION_URL}"
    assert "http://testserver/sitemap-chapters.xml" in get_html(client, "/sitemap.xml")
    listed = re.findall("<loc>([^<]+)</loc>", get_html(client, "/sitemap-chapters.xml"))
    assert listed == [f"{url}{slug}/" for slug in ("foreword", "health-data", "what-comes-next")]
    assert f'&lt;a href="{url}"&gt;Read it online' in get_html(client, "/reports/feed.xml")
    (item,) = json.loads(get_html(client, "/reports/feed.json"))["items"]
    assert f'<a href="{url}">Read it online</a>' in item["content_html"]
    report.unpublish()
    assert "foreword" not in client.get("/sitemap-chapters.xml").text


def test_a_report_without_chapters_has_no_edition(report_index: Any, client: Client) -> None:
    ReportPageFactory(parent=report_index, slug="activity")
    assert client.get(EDITION_URL).status_code == 404
    assert "Read it online" not in get_html(client, "/reports/activity/")


@pytest.mark.parametrize("state", HIDDEN)
def test_an_edition_is_hidden_as_its_report_is(report: Any, client: Client, state: str) -> None:
    report.unpublish()
    HIDDEN[state](report)
    hidden = client.get("/reports/activity/").status_code
    assert hidden != 200 or "password" in state
    for part in ("", "health-data/", "all/"):
        response = client.get(EDITION_URL + part)
        assert "We begin" not in response.text
        assert "Counted" not in response.text
        assert CACHE_POLICY_KEY not in response.wsgi_request.META
        assert response.status_code == hidden


def test_a_draft_chapter_is_seen_in_the_preview_alone(report: Any, client: Client, rf: Any) -> None:
    draft = report.get_latest_revision_as_object()
    draft.chapters.add(Chapter(title="Secret plan", body=[("paragraph", "<p>Not yet.</p>")]))
    draft.save_revision()
    assert "Secret plan" not in get_html(client, EDITION_URL)
    assert client.get(f"{EDITION_URL}secret-plan/").status_code == 404
    draft = report.get_latest_revision_as_object()
    modes = dict(draft.preview_modes)
    assert modes["read/secret-plan"] == "Chapter “Secret plan”"
    for mode in modes:
        response = draft.make_preview_request(
            original_request=rf.get("/", SERVER_NAME="testserver"), preview_mode=mode
        )
        assert response.status_code == 200
        assert ("Not yet." in response.text) == (mode in ("read/secret-plan", "read/all"))
        assert ("Is this one table?" in response.text) == (mode in ("read/health-data", "read/all"))


def test_a_chapter_keeps_its_address(report: Any, client: Client) -> None:
    chapter = report.chapters.get(slug="health-data")
    chapter.title = "Data on health"
    report.chapters.add(chapter)
    publish(report)
    assert "Data on health" in get_html(client, f"{EDITION_URL}health-data/")


def test_an_address_changed_by_hand_leads_to_the_new_one(report: Any, client: Client) -> None:
    chapter = report.chapters.get(slug="health-data")
    chapter.slug = "data"
    report.chapters.add(chapter)
    publish(report)
    response = client.get(f"{EDITION_URL}health-data/")
    assert (response.status_code, response["Location"]) == (301, f"{EDITION_URL}data/")


def test_a_report_that_gets_another_address_takes_its_edition_along(
    report: Any, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    report.slug = "other"
    with django_capture_on_commit_callbacks(execute=True):
        publish(report)
    response = client.get(f"{EDITION_URL}foreword/")
    assert (response.status_code, response["Location"]) == (301, "/reports/other/read/foreword/")


def test_two_chapters_of_one_title_have_two_addresses(report: Any) -> None:
    write_chapter(report, "Foreword")
    write_chapter(report, "All")
    write_chapter(report, "Main")
    write_chapter(report, "☃")
    slugs = [chapter.slug for chapter in report.chapters.all()]
    assert slugs[3:] == ["foreword-2", "all-2", "main-2", "chapter"]


@pytest.mark.parametrize(
    "field, value, words",
    [
        ("slug", "all", "The whole report"),
        ("slug", "main", "The report itself uses this address"),
        ("footnotes", "1 A\nB", "Line 2 has no number"),
        ("footnotes", "1 A\n1 B", "repeats the number"),
        ("page", 0, "greater than or equal to 1"),
    ],
)
def test_what_is_no_chapter_is_refused(field: str, value: Any, words: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        Chapter(**{"title": "A", field: value}).full_clean(exclude=["report"])
    assert words in str(refusal.value.message_dict[field])


def test_the_text_of_a_report_has_its_chapters(report: Any) -> None:
    assert "Foreword. We begin." in report.text
    assert "Our register" in report.text
    assert "Is this one table?" not in report.text
    assert "We begin" not in report.own_text


def test_a_chapter_leads_to_no_page_that_the_pdf_does_not_have(report: Any, client: Client) -> None:
    document = report.downloads.get().document
    document.file = ContentFile(pdf_bytes("Short", pages=4), name="short.pdf")
    document.version_reason = "A blank page says nothing to anybody."
    document.save()
    text = get_html(client, f"{EDITION_URL}health-data/")
    assert "#page=5" not in text
    assert "pageStart" not in get_schema_node(text, "Chapter")
    assert "#page=3" in get_html(client, f"{EDITION_URL}foreword/")
    beyond = type(report).objects.get(pk=report.pk).chapters_beyond_pdf
    assert [chapter.title for chapter in beyond] == ["Health data"]


@pytest.mark.parametrize(
    ("pages", "sentences"),
    [
        ("a b c d e f", []),
        ("a b c* d e f", ["Chapter “Two” may need the same correction: page 3 differs."]),
        (
            "a new b c d e f",
            [
                "Chapter “Two” begins on page 2, which is page 3 in the new PDF. Change the page "
                "number.",
                "Chapter “Five” begins on page 5, which is page 6 in the new PDF. Change the page "
                "number.",
            ],
        ),
        (
            "a b c",
            [
                "Chapter “Five” begins on page 5, but the new PDF has only 3 pages. Change the "
                "page number. Until then the chapter does not link to the PDF."
            ],
        ),
        (
            "a c d e* f",
            [
                "Chapter “Two” begins on page 2, which the new PDF does not have.",
                "Chapter “Five” begins on page 5, which is page 4 in the new PDF. Change the page "
                "number. Its text may need the same correction: page 4 differs.",
            ],
        ),
    ],
)
def test_chapters_that_a_new_pdf_affects_are_named(pages: str, sentences: list[str]) -> None:
    before, after = build_texts("a b c d e f"), build_texts(pages)
    comparison = compare_pages(before, after, pages_before=6, pages_after=len(after))
    chapters = [Chapter(title=title, page=page) for title, page in (("Two", 2), ("Five", 5))]
    chapters.append(Chapter(title="None"))
    assert [*describe_chapters(chapters, comparison)] == sentences


def build_texts(pages: str) -> dict[int, str]:
    """Page texts by number: each word a page of its own text, which “*” changes at its end."""
    return {
        number: f"{word.strip('*')} " * 20 + ("changed" if word.endswith("*") else "same")
        for number, word in enumerate(pages.split(), 1)
    }
