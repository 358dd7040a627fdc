"""The report “Content health” and the dashboard's panel: what is wrong, and the way to mend it."""

import re
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from bhp_site.content_audit import report
from bhp_site.content_audit.link_collector import collect_links
from bhp_site.content_audit.models import LinkCheck
from bhp_site.core.caching import process_cache
from bhp_site.core.caching.cache_version import cache_version
from bhp_site.enquiries.models import Enquiry
from bhp_site.files.models import COVER_COLLECTION, SiteDocument
from bhp_site.files.permissions import public_access
from bhp_site.files.permissions.public_access import get_public_keys
from tests.factories import NewsPageFactory, SiteDocumentFactory, SiteImageFactory, offer

REPORT = "/admin/reports/content-health/"


def parse_page(client: Client, address: str = REPORT) -> Any:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


def get_sections(client: Client, address: str = REPORT) -> dict[str, list[list[str]]]:
    """Heading of each section → words of each row's cells."""
    found = parse_page(client, address).select_one(".bhp-health")
    tables = {}
    for heading in found.find_all("h2"):
        table = heading.find_next_sibling(["table", "h2"])
        rows = table.select("tbody tr") if table and table.name == "table" else []
        tables[heading.text] = [
            [re.sub(r"\s+", " ", cell.text).strip() for cell in row.find_all("td")] for row in rows
        ]
    return tables


@pytest.fixture
def ailing(site: SimpleNamespace) -> SimpleNamespace:
    """The small site with one thing of each kind to mend."""
    SiteDocument.objects.update(is_tagged=False, has_text=True)
    picture = SiteImageFactory(title="Two discs", description="")
    film = {"title": "A film", "url": "https://gone.example/", "text": ""}
    figure = {"image": {"image": picture.pk, "alt_text": "Two.", "decorative": False}}
    site.news.body = [("video", film)]
    site.news.save_revision().publish()
    site.standard.body = type(site.standard.body)(
        site.standard.body.stream_block,
        [{"type": "figure", "value": figure | {"caption": ""}, "id": "x"}],
        is_lazy=True,
    )
    site.standard.review_by = timezone.localdate()
    site.standard.save_revision().publish()
    collect_links.call()
    LinkCheck.objects.update(
        failures=3, failing_since="2026-11-02", problem=("The site does not answer.")
    )
    request = {"document_title": "The report", "format": "braille", "due": "2026-11-02"}
    Enquiry.objects.create(kind=Enquiry.Kind.COPY, document=site.document, **request)
    site.picture = picture
    return site


def test_each_row_says_what_and_leads_to_where_it_is_mended(
    ailing: SimpleNamespace, editor_client: Client
) -> None:
    today = f"{timezone.localdate():%-d %B %Y}"
    assert get_sections(editor_client) == {
        "Documents without tags or text (1)": [
            ["The report", "It is not tagged", ailing.report.title]
        ],
        "Images without a description (1)": [["Two discs", "It has no description", "About"]],
        "Pages to review (1)": [["About", f"Review date: {today}", "Reviewed today: About"]],
        "Broken links (1)": [
            [
                "https://gone.example/",
                "The site does not answer. Since 2 November 2026.",
                ailing.news.title,
            ]
        ],
        "Overdue enquiries (1)": [["Braille: The report", "Answer due by 2 November 2026"]],
        "No problems found": [],
    }
    found = parse_page(editor_client).select_one(".bhp-health")
    for link in found.find_all("a"):
        assert editor_client.get(link["href"], follow=True).status_code == 200, link
    assert found.find("a", string="The report")["href"] == (
        f"/admin/documents/edit/{ailing.document.pk}/"
    )


def test_the_dashboard_counts(ailing: SimpleNamespace, editor_client: Client) -> None:
    text = parse_page(editor_client, "/admin/").text
    for words in (
        "1 public document without tags or text",
        "1 public image without a description",
        "1 page to review",
        "1 broken link",
        "1 to be answered, 1 overdue",
    ):
        assert words in text


def test_what_is_not_public_is_not_told(ailing: SimpleNamespace, editor_client: Client) -> None:
    SiteDocumentFactory(title="Nobody’s")
    SiteImageFactory(title="Not shown", description="")
    covers = ailing.picture.collection.add_child(name=COVER_COLLECTION)
    type(ailing.picture).objects.filter(pk=ailing.picture.pk).update(collection=covers)
    Enquiry.objects.update(closed_at=timezone.now())
    for page in (ailing.report, ailing.news):
        page.unpublish()
    found = get_sections(editor_client)
    assert {title: len(rows) for title, rows in found.items()} == {
        "Pages to review (1)": 1,
        "No problems found": 0,
    }


def test_one_kind_is_shown_in_parts(
    ailing: SimpleNamespace, editor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bhp_site.content_audit.views.MAX_ROWS_IN_OVERVIEW", 1)
    monkeypatch.setattr("bhp_site.content_audit.views.ROWS_PER_PAGE", 1)
    for page in (ailing.theme, ailing.partner):
        type(page).objects.filter(pk=page.pk).update(review_by="2026-01-01")
    rows = get_sections(editor_client)["Pages to review (3)"]
    assert len(rows) == 1
    assert parse_page(editor_client).find("a", string="All 3")["href"] == "?section=reviews"
    parts = [
        get_sections(editor_client, f"{REPORT}?section=reviews&p={number}") for number in (1, 2, 3)
    ]
    assert len({part["Pages to review (3)"][0][0] for part in parts}) == 3
    for odd in ("?section=nothing", "?section=reviews&p=x", "?section=reviews&p=99"):
        assert editor_client.get(f"{REPORT}{odd}").status_code == 200


def test_only_rows_that_are_shown_are_built(
    ailing: SimpleNamespace, editor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A site may have thousands of documents and images to fix."""
    monkeypatch.setattr("bhp_site.content_audit.views.MAX_ROWS_IN_OVERVIEW", 2)
    for number in range(3):
        document = SiteDocumentFactory(title=f"More {number}")
        offer(NewsPageFactory(parent=ailing.news_index), document)
    SiteDocument.objects.update(is_tagged=False, has_text=True)
    built: list[str] = []

    def build_row(title: str, *args: Any, **kwargs: Any) -> report.Row:
        built.append(title)
        return report_row(title, *args, **kwargs)

    report_row = report.Row
    monkeypatch.setattr(report, "Row", build_row)
    text = parse_page(editor_client, "/admin/").text
    assert "4 public documents without tags or text" in text
    assert not {"The report", "Two discs", *(f"More {number}" for number in range(3))} & {*built}
    sections = get_sections(editor_client)
    rows = [row[0] for row in sections["Documents without tags or text (4)"]]
    assert rows == ["More 0", "More 1"]
    assert not {"More 2", "The report"} & {*built}
    shown = parse_page(editor_client, f"{REPORT}?section=files").select(".bhp-health tbody tr")
    assert len(shown) == 4


def test_a_row_names_some_of_its_pages_and_counts_the_others(
    ailing: SimpleNamespace, editor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A logo may be on thousands of pages."""
    monkeypatch.setattr(report, "MAX_PAGES_IN_ROW", 1)
    for number in (1, 2):
        page = NewsPageFactory(parent=ailing.news_index, title=f"Discs {number}")
        page.body = ailing.standard.body
        page.save()
    (row,) = get_sections(editor_client)["Images without a description (1)"]
    assert row[2].endswith(" and 2 more pages")
    assert row[2].count(",") == 0


def test_public_files_are_found_once_for_each_version_of_the_content(
    ailing: SimpleNamespace, editor_client: Client
) -> None:
    with (
        mock.patch.object(process_cache, "is_in_transaction", return_value=False),
        mock.patch.object(public_access, "get_public_keys", wraps=get_public_keys) as find,
    ):
        for _ in range(2):
            parse_page(editor_client, "/admin/")
            assert find.call_count == 2
        assert "Documents without tags or text (1)" in get_sections(editor_client)
        ailing.report.unpublish()
        cache_version.advance()
        assert "Documents without tags or text (1)" not in get_sections(editor_client)


def test_a_site_in_order_says_so(
    site: SimpleNamespace, editor_client: Client, settings: Any
) -> None:
    SiteDocument.objects.update(is_tagged=True, has_text=True)
    settings.LINK_CHECKS = False
    assert get_sections(editor_client) == {"No problems found": []}
    shown = parse_page(editor_client).select_one(".bhp-health")
    assert "LINK_CHECKS" in shown.text
    in_order = [item.text for item in shown.find_all("li")]
    assert len(in_order) == 5
    assert "House style" in in_order
    assert "Broken links" not in in_order
    assert parse_page(editor_client, "/admin/").select("#waiting-content-health") == []


def test_the_house_style_of_the_pages_edited_last_is_checked(
    site: SimpleNamespace, editor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for title in ("The first", "The second"):
        NewsPageFactory(parent=site.news_index, title=title, summary="The the end.").save_revision()
    assert "House style (2)" in get_sections(editor_client)
    monkeypatch.setattr(report, "PAGES_PER_SCREEN", 1)
    assert "House style (1)" in get_sections(editor_client)
    assert "edited last are checked here" in parse_page(editor_client).text
    page = NewsPageFactory(parent=site.news_index)
    page.save_revision()
    sections = get_sections(editor_client)
    assert "House style (0)" in sections
    assert "House style" not in [item.text for item in parse_page(editor_client).find_all("li")]


def test_it_is_for_those_who_edit_pages(
    site: SimpleNamespace, guest_client: Client, client: Client
) -> None:
    assert guest_client.get(REPORT).status_code == 302
    assert "Content health" not in guest_client.get("/admin/").text
    assert client.get(REPORT).status_code == 302


def test_publishers_set_the_time(site: SimpleNamespace, publisher_client: Client) -> None:
    address = "/admin/settings/content_audit/contentauditsettings/"
    response = publisher_client.get(address, follow=True)
    assert "months until a review" in response.text.lower()
