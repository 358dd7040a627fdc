"""What is on which page of a report's PDF; and the report at a glance, in its announcement."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client

from bhp_site.files.models import SiteDocument
from reports.table_of_contents import (
    MAX_VISIBLE_ENTRIES,
    ContentsEntry,
    get_outline_entries,
    parse_contents,
)

from ..factories import ReportPageFactory, SiteDocumentFactory, offer
from ..pdf.pdfs import as_bytes, blank
from ..pdf.pdfs import report as good_report


def parts(client: Client, page: Any) -> list[tuple[str, str]]:
    """Addresses and titles of what the page lists."""
    text = client.get(page.get_url()).text
    found = re.findall(r'<a href="([^"]+#page=\d+)">([^<]+?)\s*<', text)
    return [(address, title) for address, title in found]


@pytest.fixture
def report(report_index: Any) -> Any:
    made = ReportPageFactory(parent=report_index, slug="activity")
    file = ContentFile(as_bytes(good_report()), name="a.pdf")
    offer(made, SiteDocumentFactory(title="Activity", file=file))
    return made


def test_the_bookmarks_of_the_pdf_are_its_contents(report: Any, client: Client) -> None:
    assert SiteDocument.objects.get().outline == [
        ["Beginning", 1, 1],
        ["Middle", 2, 2],
        ["Nowhere", None, 1],
    ]
    # The one at the top of all is the title of the whole.
    assert parts(client, report) == [("/documents/activity.pdf#page=2", "Middle")]


def test_an_editor_may_write_others(report: Any, client: Client) -> None:
    report.contents = "1 Foreword\n\n 3.  What we did: a summary "
    report.full_clean()
    report.save()
    assert report.contents == "1 Foreword\n3 What we did: a summary"
    assert parts(client, report) == [
        ("/documents/activity.pdf#page=1", "Foreword"),
        ("/documents/activity.pdf#page=3", "What we did: a summary"),
    ]


def test_pages_that_the_file_does_not_have_are_left_out(report: Any, client: Client) -> None:
    report.contents = "2 Middle\n4 Beyond"
    report.save()
    assert [title for _, title in parts(client, report)] == ["Middle"]


def test_a_replaced_file_brings_its_own(report: Any, client: Client) -> None:
    document = SiteDocument.objects.get()
    document.file = ContentFile(as_bytes(blank(2)), name="b.pdf")
    document.version_reason = "A blank page says nothing to anybody."
    document.save()
    assert document.outline == []
    assert parts(client, report) == []
    assert "In this report" not in client.get(report.get_url()).text


def test_a_withdrawn_file_has_none(report: Any, client: Client, admin: Any) -> None:
    SiteDocument.objects.get().versions.get().withdraw("A name.", admin)
    assert parts(client, report) == []


def test_a_report_without_a_pdf_has_none(report_index: Any, client: Client) -> None:
    page = ReportPageFactory(parent=report_index, contents="1 Foreword")
    offer(page, SiteDocumentFactory(file=ContentFile(b"a,b\n", name="a.csv")))
    assert parts(client, page) == []


def test_many_parts_are_folded_away(report: Any, client: Client) -> None:
    report.contents = "\n".join(f"{1 + n % 3} Part {n}" for n in range(1, MAX_VISIBLE_ENTRIES + 4))
    report.save()
    text = client.get(report.get_url()).text
    open_part, _, folded = text.partition(f"All {MAX_VISIBLE_ENTRIES + 3} parts")
    assert f">Part {MAX_VISIBLE_ENTRIES}<" in re.sub(r"\s*<", "<", open_part)
    assert f">Part {MAX_VISIBLE_ENTRIES + 1}<" in re.sub(r"\s*<", "<", folded)


@pytest.mark.parametrize("line", ["Foreword", "0 Foreword", "12", "-1 x", "1234567 x", "１２ x"])
def test_a_line_without_a_page_is_refused(report_index: Any, line: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        ReportPageFactory.build(contents=f"1 Fine\n{line}").clean()
    assert "Line 2 has no page number" in str(refusal.value)


def test_deep_bookmarks_are_left_out() -> None:
    outline = [["A", 1, 1], ["B", 2, 2], ["C", 3, 3], ["D", 4, 1]]
    assert get_outline_entries(outline) == [
        ContentsEntry("A", 1, 1),
        ContentsEntry("B", 2, 2),
        ContentsEntry("D", 4, 1),
    ]
    assert parse_contents("") == []


def test_the_editor_can_start_from_the_bookmarks(report: Any, admin_client: Client) -> None:
    text = admin_client.get(f"/admin/pages/{report.pk}/edit/").text
    assert "<pre>2 Middle</pre>" in text


def test_an_announcement_shows_the_report_at_a_glance(
    site: SimpleNamespace, client: Client
) -> None:
    url = site.news.get_url()
    assert "The report at a glance" not in client.get(url).text
    figures = [{"number": "7", "text": "members", "source": "Our register"}]
    site.report.highlights = [("highlight", {"heading": "Training", "text": "Careers."})]
    site.report.body = [("key_figures", figures)]
    site.report.save()
    text = client.get(url).text
    assert "The report at a glance" in text
    assert "<h3>Training</h3>" in text
    assert "Our register" in text
    site.news.body = [("key_figures", [{"number": "9", "text": "own", "source": "Elsewhere"}])]
    site.news.save()
    text = client.get(url).text
    assert "Our register" not in text
    assert "<h3>Training</h3>" in text
    site.report.unpublish()
    assert "Training" not in client.get(url).text
