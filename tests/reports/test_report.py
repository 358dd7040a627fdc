"""What a visitor finds on the page of a report, and in the list of reports."""

import datetime
import re
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bhp_site.core.caching import process_cache
from bhp_site.core.images.renditions import get_or_create_collection
from bhp_site.files.models import SiteDocument
from reports.covers import COLOURS, build_cover_discs, build_cover_lines
from reports.models import ReportPage
from tests.factories import (
    NewsPageFactory,
    PartnerPageFactory,
    ReportPageFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    offer,
    pdf_bytes,
)
from tests.page_states import HIDDEN

from ..images import get_image_url
from ..pages import get_html, get_schema_node

PER_PAGE = 13


def make_day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def test_report_shows_title_kind_date_and_summary(site: SimpleNamespace, client: Client) -> None:
    text = get_html(client, site.report)
    assert f"<h1>{site.report.title}</h1>" in text
    assert '<span class="tag">Activity report</span>' in text
    assert '<time datetime="2022-11-24">24 November 2022</time>' in text
    assert '<p class="lead">What was done in two years.</p>' in text


@pytest.mark.parametrize(
    "start, end, words",
    [
        ("2020-09-01", "2022-08-31", "September 2020 to August 2022"),
        ("2021-05-01", "2021-05-31", "May 2021"),
        (None, None, ""),
    ],
)
def test_its_period_is_told_by_month(
    db: None, start: str | None, end: str | None, words: str
) -> None:
    report = ReportPage(
        period_start=make_day(start) if start else None, period_end=make_day(end) if end else None
    )
    assert report.period == words


def test_its_period_stands_on_its_page(report_index: Any, client: Client) -> None:
    report = ReportPageFactory(
        parent=report_index, period_start=make_day("2020-09-01"), period_end=make_day("2022-08-31")
    )
    text = get_html(client, report)
    assert "<dd>September 2020 to August 2022</dd>" in text
    assert get_schema_node(text, "Report")["temporalCoverage"] == "2020-09/2022-08"


def test_a_report_without_a_period_shows_none(site: SimpleNamespace, client: Client) -> None:
    assert "<dt>Period</dt>" not in get_html(client, site.report)


@pytest.mark.parametrize(
    "precision, words, machine",
    [
        ("day", "1 July 2019", "2019-07-01"),
        ("month", "July 2019", "2019-07"),
        ("year", "2019", "2019"),
    ],
)
def test_its_date_is_no_more_exact_than_known(
    report_index: Any, client: Client, precision: str, words: str, machine: str
) -> None:
    report = ReportPageFactory(
        parent=report_index, date=make_day("2019-07-01"), date_precision=precision
    )
    text = get_html(client, report)
    assert f'<time datetime="{machine}">{words}</time>' in text
    assert get_schema_node(text, "Report")["datePublished"] == machine


def test_files_stand_in_the_editors_order(report_index: Any, client: Client) -> None:
    report = ReportPageFactory(parent=report_index)
    for label in ("Whole report", "Summary", "Tables"):
        offer(report, SiteDocumentFactory(), label=label)
    text = get_html(client, report)
    assert re.findall(r"Download (.*?) <span", text) == ["Whole report", "Summary", "Tables"]
    assert text.count('class="download minor"') == 2


def test_a_moved_file_moves_on_the_page(report_index: Any, client: Client) -> None:
    report = ReportPageFactory(parent=report_index)
    for label in ("Whole report", "Summary"):
        offer(report, SiteDocumentFactory(), label=label)
    first, second = report.downloads.all()
    first.sort_order, second.sort_order = 1, 0
    report.downloads = [first, second]
    report.save()
    assert re.findall(r"Download (.*?) <span", get_html(client, report)) == [
        "Summary",
        "Whole report",
    ]


def test_a_file_without_a_label_is_called_by_its_title(
    site: SimpleNamespace, client: Client
) -> None:
    assert ">Download The report <" in get_html(client, site.report)
    assert str(site.report.visible_downloads[0]) == "The report"


def test_its_length_is_that_of_the_first_file(site: SimpleNamespace, client: Client) -> None:
    text = get_html(client, site.report)
    assert "<dd>1 page</dd>" in text
    assert get_schema_node(text, "Report")["numberOfPages"] == 1


def test_a_report_without_files_is_still_a_page(report_index: Any, client: Client) -> None:
    report = ReportPageFactory(parent=report_index)
    text = get_html(client, report)
    assert report.main_document is None
    assert "Download " not in text
    assert get_schema_node(text, "Report")["encoding"] == []


def test_its_data_hold_the_file(site: SimpleNamespace, client: Client) -> None:
    data = get_schema_node(get_html(client, site.report), "Report")
    (file,) = data["encoding"]
    assert file["contentUrl"] == f"http://testserver{site.document.url}"
    assert file["encodingFormat"] == "application/pdf"
    assert data["inLanguage"] == "en"
    assert data["publisher"] == {"@id": "http://testserver/#organisation"}


def test_the_editors_cover_comes_first(report_index: Any, client: Client) -> None:
    report = ReportPageFactory(parent=report_index, cover=SiteImageFactory())
    document = SiteDocumentFactory()
    document.cover = SiteImageFactory()
    document.save()
    offer(report, document)
    assert report.cover_picture == report.cover
    assert get_image_url(report.cover) in get_html(client, report)


def test_on_paper_a_download_has_its_whole_address(site: SimpleNamespace, client: Client) -> None:
    address = f"{settings.WAGTAILADMIN_BASE_URL}{site.document.url}"
    assert f'<dd class="printed">{address}</dd>' in get_html(client, site.report)
    screen, _, paper = (
        (settings.BASE_DIR / "static/css/site.css").read_text().partition("@media print")
    )
    assert ".printed { display: none; }" in screen
    assert ".printed { display: block; }" in paper


def test_a_cover_is_waited_with_unless_it_is_seen_first(report_index: Any, client: Client) -> None:
    report = ReportPageFactory(parent=report_index, cover=SiteImageFactory())
    ReportPageFactory(parent=report_index, cover=SiteImageFactory(), date=make_day("2020-01-01"))
    (own,) = re.findall(r"<img\b[^>]*>", get_html(client, report))
    latest, other = re.findall(r"<img\b[^>]*>", client.get("/reports/").text)
    for image, first in ((own, True), (latest, True), (other, False)):
        assert ('fetchpriority="high"' in image, 'loading="lazy"' in image) == (first, not first)


def test_page_1_of_the_first_file_is_the_cover_else(report_index: Any, client: Client) -> None:
    report = ReportPageFactory(parent=report_index)
    document = SiteDocumentFactory()
    document.cover = SiteImageFactory()
    document.save()
    offer(report, document)
    assert report.cover_picture == document.cover
    assert get_image_url(document.cover) in get_html(client, report)


def test_rings_are_drawn_where_there_is_no_picture(site: SimpleNamespace, client: Client) -> None:
    assert site.report.cover_picture is None
    text = get_html(client, site.report)
    assert '<svg class="cover"' in text
    assert text.count('r="') >= 5


def test_the_same_address_has_the_same_rings() -> None:
    assert build_cover_discs("report-of-activity") == build_cover_discs("report-of-activity")


def test_another_address_has_other_rings() -> None:
    assert build_cover_discs("report-of-activity") != build_cover_discs("five-year-strategy")


def test_rings_stay_within_their_field() -> None:
    for address in ("a", "b", "report-of-activity", "x" * 255):
        for disc in build_cover_discs(address):
            assert 0 < int(disc["cx"]) < 300
            assert 150 < int(disc["cy"]) < 424
            assert disc["fill"] in COLOURS


def test_a_short_title_is_set_large_with_the_date_below() -> None:
    drawn = build_cover_lines("Report of Activity", "November 2022")
    assert [line["text"] for line in drawn] == ["Report of", "Activity", "November 2022"]
    assert [line["css"] for line in drawn] == ["name", "name", "when"]
    assert [line["y"] for line in drawn] == [90, 126, 162]


def test_a_long_title_is_set_small_and_cut() -> None:
    drawn = build_cover_lines("Words of a title " * 12, "2022")
    assert len(drawn) == 5
    assert str(drawn[3]["text"]).endswith("…")
    assert {line["css"] for line in drawn[:-1]} == {"name small"}


def test_its_announcements_stand_newest_first(site: SimpleNamespace, client: Client) -> None:
    for title, date in (("Old", "2022-11-25"), ("Newer", "2023-01-01"), ("Between", "2022-12-01")):
        NewsPageFactory(
            parent=site.news_index, title=title, date=make_day(date), report=site.report
        )
    related = get_html(client, site.report).partition("Related news")[2]
    found = re.findall(r'<h3><a href="/news/[^"]+">([^<]+)</a></h3>', related)
    assert found == ["Newer", "Between", "Old", site.news.title]


def test_a_report_without_news_says_nothing_of_news(report_index: Any, client: Client) -> None:
    assert "Related news" not in get_html(client, ReportPageFactory(parent=report_index))


@pytest.mark.parametrize("state", [s for s in HIDDEN if not s.startswith("below")])
def test_an_announcement_visitors_may_not_read_is_not_named(
    site: SimpleNamespace, client: Client, state: str
) -> None:
    news = NewsPageFactory(
        parent=site.news_index, live=False, title="Hidden item", report=site.report
    )
    HIDDEN[state](news)
    assert "Hidden item" not in get_html(client, site.report)


def test_it_names_its_partners(site: SimpleNamespace, client: Client) -> None:
    text = get_html(client, site.report)
    assert f'<a href="{site.partner.get_url()}">{site.partner.title}</a>' in text


def test_a_draft_partner_is_not_named(site: SimpleNamespace, client: Client) -> None:
    site.report.partners.add(
        PartnerPageFactory(parent=site.partner_index, live=False, title="Secret partner")
    )
    site.report.save()
    assert "Secret partner" not in get_html(client, site.report)


def test_highlights_stand_at_a_glance(report_index: Any, client: Client) -> None:
    report = ReportPageFactory(parent=report_index)
    report.highlights = [("highlight", {"heading": "Training", "text": "Careers."})]
    report.save()
    text = get_html(client, report)
    assert "<h2>At a glance</h2>" in text
    assert "<h3>Training</h3>" in text
    assert "Training. Careers." in report.text


@pytest.mark.parametrize(
    "given, missing", [("period_start", "period_end"), ("period_end", "period_start")]
)
def test_half_a_period_is_refused_at_the_half_that_lacks(
    report_index: Any, given: str, missing: str
) -> None:
    report = ReportPageFactory.build(**{given: make_day("2020-09-01")})
    with pytest.raises(ValidationError) as refusal:
        report.clean()
    assert list(refusal.value.message_dict) == [missing]


def test_a_period_that_ends_before_it_starts_is_refused(report_index: Any) -> None:
    report = ReportPageFactory.build(
        period_start=make_day("2022-09-01"), period_end=make_day("2020-08-31")
    )
    with pytest.raises(ValidationError) as refusal:
        report.clean()
    assert list(refusal.value.message_dict) == ["period_end"]


def list_titles(client: Client, query: str = "") -> list[str]:
    response = client.get(f"/reports/{query}")
    assert response.status_code == 200
    return re.findall(r'<h2><a href="/reports/[^"]+">([^<]+)</a></h2>', response.text)


def test_the_list_has_the_latest_on_top(report_index: Any, client: Client) -> None:
    for title, date in (("Second", "2021-01-01"), ("Third", "2020-01-01"), ("First", "2022-01-01")):
        ReportPageFactory(parent=report_index, title=title, date=make_day(date))
    assert list_titles(client) == ["First", "Second", "Third"]


def test_the_list_offers_the_first_file_of_each(site: SimpleNamespace, client: Client) -> None:
    assert f'<a href="{site.document.url}">' in client.get("/reports/").text


def test_the_latest_is_featured_and_the_others_are_covers(
    report_index: Any, client: Client
) -> None:
    ReportPageFactory(parent=report_index, title="New", date=make_day("2022-01-01"))
    old = ReportPageFactory(
        parent=report_index,
        title="Old",
        date=make_day("2020-01-01"),
        period_start=make_day("2018-09-01"),
        period_end=make_day("2019-08-31"),
    )
    document = SiteDocumentFactory(title="Old", file=ContentFile(pdf_bytes(pages=3), "old.pdf"))
    offer(old, document)
    featured, _, others = get_html(client, "/reports/").partition('<ul class="covers">')
    assert "Latest report" in featured
    assert ">New</a>" in featured
    assert ">New</a>" not in others
    (tile,) = re.findall(r'<div class="report-tile">.*?</li>', others, re.DOTALL)
    assert '<svg class="cover"' in tile
    assert "Activity report</span> · September 2018 to August 2019</p>" in tile
    assert "(PDF, 1 KB)" in tile
    assert "3 pages" in tile
    # A single link to the page, and one to the document that names it.
    assert re.findall(r'<a href="([^"]+)"', tile) == [old.url, document.url]
    assert 'Download<span class="hide"> Old</span>' in tile


def test_a_withdrawn_document_is_not_offered_with_its_cover(
    report_index: Any, client: Client
) -> None:
    ReportPageFactory(parent=report_index, date=make_day("2022-01-01"))
    old = ReportPageFactory(parent=report_index, title="Old", date=make_day("2020-01-01"))
    document = SiteDocumentFactory()
    offer(old, document)
    assert document.url in get_html(client, "/reports/")
    SiteDocument.objects.update(withdrawn_reason="It had an error.")
    assert document.url not in get_html(client, "/reports/")


def test_the_list_is_parted(report_index: Any, client: Client) -> None:
    for n in range(PER_PAGE + 2):
        ReportPageFactory(
            parent=report_index,
            title=f"R{n}",
            date=make_day("2020-01-01") + datetime.timedelta(days=n),
        )
    assert list_titles(client) == [f"R{n}" for n in range(PER_PAGE + 1, 1, -1)]
    assert list_titles(client, "?page=2") == ["R1", "R0"]


@pytest.mark.parametrize("page", ["2", "0", "-1", "abc"])
def test_a_part_that_is_not_there_is_404(site: SimpleNamespace, client: Client, page: str) -> None:
    assert client.get(f"/reports/?page={page}").status_code == 404


def test_an_empty_list_says_so(report_index: Any, client: Client) -> None:
    assert "There are no reports yet" in client.get("/reports/").text


@pytest.mark.parametrize("state", [s for s in HIDDEN if not s.startswith("below")])
def test_a_report_visitors_may_not_read_is_not_listed(
    report_index: Any, client: Client, state: str
) -> None:
    HIDDEN[state](ReportPageFactory(parent=report_index, live=False, title="Hidden report"))
    assert "Hidden report" not in client.get("/reports/").text


@pytest.mark.parametrize("is_restricted", [False, True])
def test_more_documents_take_no_more_queries(
    site: SimpleNamespace, client: Client, is_restricted: bool
) -> None:
    if is_restricted:
        collection = get_or_create_collection("Restricted")
        collection.view_restrictions.create(restriction_type="login")
    counts = []
    for _ in range(3):
        document = SiteDocumentFactory()
        offer(site.report, document)
        offer(site.news, document)
        page_counts = []
        with mock.patch.object(process_cache, "is_in_transaction", return_value=False):
            for page in (site.report, site.news):
                assert document.url in get_html(client, page)
                with CaptureQueriesContext(connection) as captured:
                    get_html(client, page)
                page_counts.append(len(captured))
        counts.append(page_counts)
    assert counts[1] == counts[2]
