"""What a report contains, and the way to it from its announcement."""

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client

from bhp_site.core.text.sizes import format_size
from bhp_site.files.models import SiteDocument
from reports.contents_list import MAX_VISIBLE_ENTRIES, ContentsItem, fold_contents
from reports.table_of_contents import (
    ContentsEntry,
    get_outline_entries,
    parse_contents,
)

from ..factories import (
    ReportPageFactory,
    SiteDocumentFactory,
    offer,
    pdf_bytes,
    write_chapter,
)
from ..pages import get_html
from ..pdf.pdfs import as_bytes, make_blank
from ..pdf.pdfs import report as good_report


def list_parts(client: Client, page: Any) -> list[tuple[str, str]]:
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
    assert list_parts(client, report) == [("/documents/activity.pdf#page=2", "Middle")]


def test_an_editor_may_write_others(report: Any, client: Client) -> None:
    report.contents = "1 Foreword\n\n 3.  What we did: a summary "
    report.full_clean()
    report.save()
    assert report.contents == "1 Foreword\n3 What we did: a summary"
    assert list_parts(client, report) == [
        ("/documents/activity.pdf#page=1", "Foreword"),
        ("/documents/activity.pdf#page=3", "What we did: a summary"),
    ]


def test_pages_that_the_file_does_not_have_are_left_out(report: Any, client: Client) -> None:
    report.contents = "2 Middle\n4 Beyond"
    report.save()
    assert [title for _, title in list_parts(client, report)] == ["Middle"]


def test_a_replaced_file_brings_its_own(report: Any, client: Client) -> None:
    document = SiteDocument.objects.get()
    document.file = ContentFile(as_bytes(make_blank(2)), name="b.pdf")
    document.version_reason = "A blank page says nothing to anybody."
    document.save()
    assert document.outline == []
    assert list_parts(client, report) == []
    assert "In this report" not in client.get(report.get_url()).text


def test_a_withdrawn_file_has_none(report: Any, client: Client, admin: Any) -> None:
    SiteDocument.objects.get().versions.get().withdraw("A name.", admin)
    assert list_parts(client, report) == []


def test_a_report_without_a_pdf_has_none(report_index: Any, client: Client) -> None:
    page = ReportPageFactory(parent=report_index, contents="1 Foreword")
    offer(page, SiteDocumentFactory(file=ContentFile(b"a,b\n", name="a.csv")))
    assert list_parts(client, page) == []


def test_many_parts_are_folded_away(report: Any, client: Client) -> None:
    report.contents = "\n".join(f"{1 + n % 3} Part {n}" for n in range(1, MAX_VISIBLE_ENTRIES + 4))
    report.save()
    text = client.get(report.get_url()).text
    open_part, _, folded = text.partition("Show 3 more parts")
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


def get_items(html: str) -> list[tuple[int, str, str, str]]:
    """Return depth, address, title and page link of each line of the table of contents."""
    toc = html[html.index('id="in-this-report"') :].partition("</section>")[0]
    found, depth = [], -1
    for tag, line in re.findall(r"(<ol|</ol>|<div>)((?:(?<=<div>).*?</div>)?)", toc, re.DOTALL):
        if tag != "<div>":
            depth += 1 if tag == "<ol" else -1
            continue
        (address, title), *other = re.findall(r'<a[^>]*href="([^"]+)">([^<]+)', line)
        found.append((depth, address, title.strip(), other[0][0] if other else ""))
    assert depth == -1
    return found


def test_bookmarks_are_a_nested_list(report_index: Any, client: Client) -> None:
    page = ReportPageFactory(parent=report_index)
    document = SiteDocumentFactory(file=ContentFile(pdf_bytes("Deep", pages=5), name="deep.pdf"))
    rows = [["Who we are", 1, 1], ["One region", 2, 2], ["Begun in 2011", 2, 2], ["Data", 4, 1]]
    SiteDocument.objects.filter(pk=document.pk).update(outline=rows)
    offer(page, document)
    url = document.url
    html = get_html(client, page)
    assert get_items(html) == [
        (0, f"{url}#page=1", "Who we are", ""),
        (1, f"{url}#page=2", "One region", ""),
        (1, f"{url}#page=2", "Begun in 2011", ""),
        (0, f"{url}#page=4", "Data", ""),
    ]
    size = format_size(document.file_size)
    assert html.count(f'<span class="hide">(PDF, {size})</span></a>') == len(rows)
    assert '<span class="at">page 4</span>' in html


def test_chapters_come_first_where_there_are_any(report_index: Any, client: Client) -> None:
    page = ReportPageFactory(parent=report_index, slug="activity")
    document = SiteDocumentFactory(file=ContentFile(pdf_bytes("Deep", pages=5), name="deep.pdf"))
    rows = [["1 Who we are", 2, 1], ["One  Region", 3, 2], ["Data", 9, 1]]
    SiteDocument.objects.filter(pk=document.pk).update(outline=rows)
    offer(page, document)
    headings = [("heading", "One region"), ("heading", "Elsewhere")]
    write_chapter(page, "Who we are", headings)
    write_chapter(page, "Data", page=4)
    write_chapter(page, "Beyond", page=6)
    html = get_html(client, page)
    read, pdf = "/reports/activity/read", document.url
    assert get_items(html) == [
        (0, f"{read}/who-we-are/", "Who we are", f"{pdf}#page=2"),
        (1, f"{read}/who-we-are/#one-region", "One region", f"{pdf}#page=3"),
        (1, f"{read}/who-we-are/#elsewhere", "Elsewhere", ""),
        (0, f"{read}/data/", "Data", f"{pdf}#page=4"),
        (0, f"{read}/beyond/", "Beyond", ""),
    ]
    size = format_size(document.file_size)
    link = f'<a class="at" href="{pdf}#page=4">PDF, page 4<span class="hide"> ({size}): Data</span>'
    assert link in html


def test_chapters_are_listed_without_a_pdf(report_index: Any, client: Client) -> None:
    page = ReportPageFactory(parent=report_index, slug="activity")
    write_chapter(page, "Foreword", page=3)
    assert get_items(get_html(client, page)) == [
        (0, "/reports/activity/read/foreword/", "Foreword", "")
    ]


@pytest.mark.parametrize(
    ("children", "shown"),
    [
        ([0] * MAX_VISIBLE_ENTRIES, MAX_VISIBLE_ENTRIES),
        # One or two are not worth a fold.
        ([0] * (MAX_VISIBLE_ENTRIES + 2), MAX_VISIBLE_ENTRIES + 2),
        ([0] * (MAX_VISIBLE_ENTRIES + 3), MAX_VISIBLE_ENTRIES),
        ([9, 9, 0, 0, 0], 2),
        ([MAX_VISIBLE_ENTRIES + 9, 1, 1, 1], 1),
    ],
)
def test_many_lines_are_folded_by_whole_parts(children: list[int], shown: int) -> None:
    items = [
        ContentsItem("Part", 1, children=[ContentsItem("Sub", 1)] * count) for count in children
    ]
    visible, folded = fold_contents(items)
    assert len(visible) == shown
    assert visible + folded == items


def test_an_announcement_leads_to_its_report_in_other_words(site: Any, client: Client) -> None:
    figures = [{"number": "7", "text": "members of it", "source": "Our register"}]
    site.report.summary = "All that was done, in one sentence of its own."
    site.report.highlights = [("highlight", {"heading": "Training", "text": "Careers for all."})]
    site.report.body = [("key_figures", figures)]
    write_chapter(site.report, "Foreword")
    report, news = get_html(client, site.report), get_html(client, site.news)
    for words in (site.report.summary, "Careers for all.", "members of it", "Our register"):
        assert words in report
        assert words not in news
    section = news[news.index('id="from-the-report"') :].partition("</section>")[0]
    assert f'<a href="{site.report.get_url()}">{site.report.title}</a>' in section
    assert f'<a href="{site.report.get_url()}read/">Read it online' in section
    site.report.unpublish()
    assert "from-the-report" not in get_html(client, site.news)
