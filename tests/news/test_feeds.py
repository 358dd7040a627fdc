"""Atom and JSON Feed of news and reports."""

import datetime
import json
import re
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import html5lib
import pytest
import time_machine
from django.db import DataError, connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.blocks import StreamValue
from wagtail.models import Page, Site

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.feeds import MAX_ITEMS
from bhp_site.core.text.characters import clean_line, is_invisible
from bhp_site.sharing.card_updates import draw_some
from bhp_site.sharing.models import Card, get_card_url
from news.models import NewsPage
from tests.factories import (
    NewsPageFactory,
    PersonFactory,
    ReportPageFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    StandardPageFactory,
    add_update,
    offer,
)
from tests.page_states import HIDDEN

ATOM = "{http://www.w3.org/2005/Atom}"
SECTIONS = ("news", "reports")
ADDRESSES = [f"/{section}/feed.{kind}" for section in SECTIONS for kind in ("xml", "json")]

both = pytest.mark.parametrize("section", SECTIONS)


def find_page(site: SimpleNamespace, section: str) -> Any:
    return site.news if section == "news" else site.report


def get_atom(client: Client, section: str) -> ElementTree.Element:
    response = client.get(f"/{section}/feed.xml")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def get_json_feed(client: Client, section: str) -> dict[str, Any]:
    response = client.get(f"/{section}/feed.json")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/feed+json"
    return response.json()


@both
def test_atom_has_what_the_format_demands(
    site: SimpleNamespace, client: Client, section: str
) -> None:
    feed = get_atom(client, section)
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert feed.findtext(f"{ATOM}{name}")
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {
        "alternate": f"http://testserver/{section}/",
        "self": f"http://testserver/{section}/feed.xml",
    }
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Birmingham Health Partners"


@both
def test_an_entry_names_its_page(site: SimpleNamespace, client: Client, section: str) -> None:
    page = find_page(site, section)
    (entry,) = get_atom(client, section).findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == page.title
    assert entry.findtext(f"{ATOM}summary") == page.summary
    links = {link.get("rel"): link.get("href") for link in entry.findall(f"{ATOM}link")}
    assert links["alternate"] == page.full_url


@both
def test_an_entry_carries_the_file(site: SimpleNamespace, client: Client, section: str) -> None:
    (entry,) = get_atom(client, section).findall(f"{ATOM}entry")
    (file,) = [link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "enclosure"]
    assert file.get("href") == f"http://testserver{site.document.url}"
    assert file.get("length") == str(site.document.file_size)
    assert file.get("type") == "application/pdf"


@both
def test_an_entry_says_when_it_was_published_and_had_its_last_major_update(
    site: SimpleNamespace, client: Client, section: str
) -> None:
    page = find_page(site, section)
    for _ in range(2):
        page.save_revision().publish()
        page.refresh_from_db()

    def get_updated() -> datetime.datetime:
        entry = next(iter(get_atom(client, section).findall(f"{ATOM}entry")))
        return datetime.datetime.fromisoformat(entry.findtext(f"{ATOM}updated") or "")

    assert get_updated() == page.first_published_at < page.last_published_at
    add_update(page, "2030-03-04", "Added a figure", is_correction=True)
    assert get_updated().date() == datetime.date(2030, 3, 4)
    item = get_json_feed(client, section)["items"][0]
    assert item["content_html"].startswith("<p>Correction, 4 March 2030: Added a figure</p>")


@both
def test_json_feed_has_what_the_format_demands(
    site: SimpleNamespace, client: Client, section: str
) -> None:
    feed = get_json_feed(client, section)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["home_page_url"] == f"http://testserver/{section}/"
    assert feed["feed_url"] == f"http://testserver/{section}/feed.json"
    (item,) = feed["items"]
    page = find_page(site, section)
    assert item["url"] == page.full_url
    assert item["title"] == page.title
    assert item["content_html"].startswith(f"<p>{page.summary}</p>")
    for name in ("date_published", "date_modified"):
        assert datetime.datetime.fromisoformat(item[name]).tzinfo


@both
def test_an_item_of_long_ago_bears_its_own_date(
    site: SimpleNamespace, client: Client, section: str
) -> None:
    page = find_page(site, section)
    page.date = datetime.date(2019, 6, 3)
    page.save_revision().publish()
    (item,) = get_json_feed(client, section)["items"]
    assert item["date_published"] == "2019-06-03T00:00:00+01:00"


@both
@pytest.mark.parametrize(
    ("precision", "published"), [("month", "2019-06-01"), ("year", "2019-01-01")]
)
def test_an_uncertain_date_is_published_as_its_first_day(
    site: SimpleNamespace, client: Client, section: str, precision: str, published: str
) -> None:
    page = find_page(site, section)
    page.date = datetime.date(2019, 6, 3)
    page.date_precision = precision
    page.save_revision().publish()
    (item,) = get_json_feed(client, section)["items"]
    assert item["date_published"] == f"{published}T00:00:00+00:00"
    entry = next(iter(get_atom(client, section).findall(f"{ATOM}entry")))
    assert entry.findtext(f"{ATOM}published") == f"{published}T00:00:00+00:00"


@both
def test_an_entry_keeps_its_id(site: SimpleNamespace, client: Client, section: str) -> None:
    page = find_page(site, section)
    (item,) = get_json_feed(client, section)["items"]
    uri = item["id"]
    assert re.fullmatch(r"tag:[a-z0-9.-]+,\d{4}-\d\d-\d\d:[0-9a-f-]{36}", uri)
    feed_id = get_atom(client, section).findtext(f"{ATOM}id")
    page.slug = "another"
    page.save_revision().publish()
    page.move(StandardPageFactory(parent=site.home, slug="archive"), pos="last-child")
    Site.objects.update(hostname="www.example.org")
    with time_machine.travel("2031-01-01"), override_settings(SITE_HOST="www.example.org"):
        feed = get_atom(client, section)
        (item,) = get_json_feed(client, section)["items"]
    assert "archive/another" in item["url"]
    assert (item["id"], feed.findtext(f"{ATOM}entry/{ATOM}id")) == (uri, uri)
    assert feed.findtext(f"{ATOM}id") == feed_id


def test_a_copy_has_an_id_of_its_own(site: SimpleNamespace, client: Client) -> None:
    site.news.copy(update_attrs={"slug": "copy"}, keep_live=True)
    ids = [item["id"] for item in get_json_feed(client, "news")["items"]]
    assert len({*ids}) == len(ids) == 2


def test_the_content_is_the_html_of_the_item(site: SimpleNamespace, client: Client) -> None:
    speaker = PersonFactory(name="Ada Chair")
    site.news.body = [
        ("heading", "Three new members"),
        ("paragraph", f'<p>See <a linktype="page" id="{site.report.pk}">the report</a>.</p>'),
        (
            "quote",
            {"speaker": speaker, "name": "Ada Chair", "role": "Chair", "words": "One.\n\nTwo."},
        ),
        ("figure", {"image": SiteImageFactory(), "caption": "Discs & rings"}),
    ]
    site.news.save_revision().publish()
    (item,) = get_json_feed(client, "news")["items"]
    html = item["content_html"]
    tree = html5lib.HTMLParser(strict=True).parseFragment(html)
    assert tree is not None
    assert f"<p>{site.news.summary}</p><h2>Three new members</h2>" in html.replace("> <", "><")
    assert f'<p>See <a href="http://testserver{site.report.get_url()}">the report</a>.</p>' in html
    assert "<p>“One.</p><p>“Two.”</p>" in html
    assert "<p>Ada Chair</p> <p>Chair" in html
    assert 'src="http://testserver/pictures/' in html
    assert "<figcaption>Discs &amp; rings" in html
    assert not re.search(r'(href|src)="(?!http://testserver/)', html)
    assert not re.search(r"class=|<svg|<script|style=", html)
    entry = next(iter(get_atom(client, "news").findall(f"{ATOM}entry")))
    content = entry.find(f"{ATOM}content")
    assert content is not None
    assert (content.get("type"), content.text) == ("html", html)


def test_bodies_are_read_together(site: SimpleNamespace, client: Client) -> None:
    def count() -> int:
        cache_version.advance()
        with CaptureQueriesContext(connection) as queries:
            get_json_feed(client, "news")
        return len(queries)

    figure = ("figure", {"image": SiteImageFactory(), "caption": ""})
    site.news.body = [figure]
    site.news.save_revision().publish()
    # The first fills what is kept in this process.
    count()
    before = count()
    for _ in range(3):
        NewsPageFactory(parent=site.news_index, body=[figure])
    assert count() == before


@both
def test_an_item_of_today_bears_the_minute(
    site: SimpleNamespace, client: Client, section: str
) -> None:
    page = find_page(site, section)
    page.date = timezone.localdate()
    page.save_revision().publish()
    page.refresh_from_db()
    (item,) = get_json_feed(client, section)["items"]
    assert datetime.datetime.fromisoformat(item["date_published"]) == page.first_published_at


@both
def test_a_json_item_carries_the_file(site: SimpleNamespace, client: Client, section: str) -> None:
    (item,) = get_json_feed(client, section)["items"]
    assert item["attachments"] == [
        {
            "url": f"http://testserver{site.document.url}",
            "mime_type": "application/pdf",
            "title": "The report",
            "size_in_bytes": site.document.file_size,
        }
    ]


def test_the_newest_comes_first_and_old_ones_fall_out(news_index: Any, client: Client) -> None:
    day = datetime.date(2020, 1, 1)
    for n in range(MAX_ITEMS + 2):
        NewsPageFactory(parent=news_index, title=f"Item {n}", date=day + datetime.timedelta(days=n))
    found = [item["title"] for item in get_json_feed(client, "news")["items"]]
    assert found == [f"Item {n}" for n in range(MAX_ITEMS + 1, 1, -1)]
    assert len(get_atom(client, "news").findall(f"{ATOM}entry")) == MAX_ITEMS


TITLES = [
    "R&D <b> “quoted” ]]> é",
    "Three\x0bnew members",
    "".join(map(chr, [*range(1, 32), *range(127, 160)])) + "x",
    "\u202eright to left\u202c العربية",
    "\u200b\u200d\ufeff",
    "ends\ufffe here\uffff",
    "</script><!-- \u2028 -->",
    "😀" * 125,
    "W" * 250,
]


@pytest.mark.parametrize("title", TITLES)
def test_no_title_breaks_what_machines_read(news_index: Any, client: Client, title: str) -> None:
    page = NewsPageFactory(parent=news_index, slug="item", body=[("paragraph", "<p>x</p>")])
    # Past everything that cleans it, as old rows are.
    Page.objects.filter(pk=page.pk).update(title=title, draft_title=title)
    type(page).objects.filter(pk=page.pk).update(summary=title)
    (entry,) = get_atom(client, "news").findall(f"{ATOM}entry")
    shown = entry.findtext(f"{ATOM}title")
    assert shown == get_json_feed(client, "news")["items"][0]["title"]
    line = clean_line(title).strip()
    assert shown == ("Announcement, 24 November 2022" if is_invisible(title) else line)
    sitemap = ElementTree.fromstring(client.get("/sitemap-pages.xml").content)
    assert any((element.text or "").endswith("/news/item/") for element in sitemap.iter())
    response = client.get("/news/item/")
    assert response.status_code == 200
    data = re.findall('<script type="application/ld.json">(.*?)</script>', response.text, re.DOTALL)
    assert data
    for script in data:
        assert json.loads(script)["@graph"]
    draw_some()
    card = Card.objects.get(page=page.pk)
    assert not card.digest or client.get(get_card_url(page.pk, card.digest)).status_code == 200


def test_halves_of_a_letter_are_left_out(site: SimpleNamespace, client: Client) -> None:
    """Where JSON in the database holds what no encoding can write."""
    raw = [{"type": "heading", "value": "A\ud800B", "id": "x"}]
    site.news.body = StreamValue(site.news.body.stream_block, raw, is_lazy=True)
    if connection.vendor == "postgresql":
        # Its JSON holds nothing of the kind.
        with pytest.raises(DataError), transaction.atomic():
            NewsPage.objects.bulk_update([site.news], ["body"])
        return
    NewsPage.objects.bulk_update([site.news], ["body"])
    assert "<h2>AB</h2>" in get_json_feed(client, "news")["items"][0]["content_html"]
    assert get_atom(client, "news").findtext(f"{ATOM}entry/{ATOM}content")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_site_without_pages_has_feeds(
    news_index: Any, report_index: Any, client: Client, address: str
) -> None:
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("state", HIDDEN)
def test_no_feed_names_what_visitors_may_not_read(
    site: SimpleNamespace, client: Client, state: str
) -> None:
    report = ReportPageFactory(parent=site.report_index, live=False, title="Hidden report")
    offer(report, SiteDocumentFactory(title="Hidden file"))
    NewsPageFactory(parent=site.news_index, title="Open item", report=report)
    news = NewsPageFactory(parent=site.news_index, live=False, title="Hidden item")
    offer(news, SiteDocumentFactory(title="Hidden file of its own"))
    HIDDEN[state](report)
    HIDDEN[state](news)
    for address in ADDRESSES:
        text = client.get(address).text
        assert "Hidden" not in text
        assert "hidden-file" not in text
    assert state.startswith("below") or "Open item" in client.get("/news/feed.json").text


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_feed_can_be_asked_for_its_head(
    site: SimpleNamespace, client: Client, address: str
) -> None:
    assert client.head(address).status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_feed_takes_no_post(site: SimpleNamespace, client: Client, address: str) -> None:
    assert client.post(address).status_code == 405
