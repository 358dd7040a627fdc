"""Atom and JSON Feed of news and reports."""

import datetime
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from bhp_site.core.feeds import LENGTH
from tests.factories import NewsPageFactory, ReportPageFactory, SiteDocumentFactory, offer
from tests.states import HIDDEN

ATOM = "{http://www.w3.org/2005/Atom}"
SECTIONS = ("news", "reports")
ADDRESSES = [f"/{section}/feed.{kind}" for section in SECTIONS for kind in ("xml", "json")]

both = pytest.mark.parametrize("section", SECTIONS)


def page_in(site: SimpleNamespace, section: str) -> Any:
    return site.news if section == "news" else site.report


def atom(client: Client, section: str) -> ElementTree.Element:
    response = client.get(f"/{section}/feed.xml")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def json_feed(client: Client, section: str) -> dict[str, Any]:
    response = client.get(f"/{section}/feed.json")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/feed+json"
    return response.json()


@both
def test_atom_has_what_the_format_demands(
    site: SimpleNamespace, client: Client, section: str
) -> None:
    feed = atom(client, section)
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
    page = page_in(site, section)
    (entry,) = atom(client, section).findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == page.title
    assert entry.findtext(f"{ATOM}summary") == page.summary
    assert entry.findtext(f"{ATOM}id") == page.full_url
    links = {link.get("rel"): link.get("href") for link in entry.findall(f"{ATOM}link")}
    assert links["alternate"] == page.full_url


@both
def test_an_entry_carries_the_file(site: SimpleNamespace, client: Client, section: str) -> None:
    (entry,) = atom(client, section).findall(f"{ATOM}entry")
    (file,) = [link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "enclosure"]
    assert file.get("href") == f"http://testserver{site.document.url}"
    assert file.get("length") == str(site.document.file_size)
    assert file.get("type") == "application/pdf"


@both
def test_an_entry_says_when_it_was_published_last(
    site: SimpleNamespace, client: Client, section: str
) -> None:
    page = page_in(site, section)
    page.save_revision().publish()
    page.refresh_from_db()
    entry = next(iter(atom(client, section).findall(f"{ATOM}entry")))
    updated = datetime.datetime.fromisoformat(entry.findtext(f"{ATOM}updated") or "")
    assert updated == page.last_published_at


@both
def test_json_feed_has_what_the_format_demands(
    site: SimpleNamespace, client: Client, section: str
) -> None:
    feed = json_feed(client, section)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["home_page_url"] == f"http://testserver/{section}/"
    assert feed["feed_url"] == f"http://testserver/{section}/feed.json"
    (item,) = feed["items"]
    page = page_in(site, section)
    assert item["id"] == item["url"] == page.full_url
    assert item["title"] == page.title
    assert item["content_text"].startswith(page.summary)
    for name in ("date_published", "date_modified"):
        assert datetime.datetime.fromisoformat(item[name]).tzinfo


@both
def test_an_item_of_long_ago_bears_its_own_date(
    site: SimpleNamespace, client: Client, section: str
) -> None:
    page = page_in(site, section)
    page.date = page.published_date = datetime.date(2019, 6, 3)
    page.save_revision().publish()
    (item,) = json_feed(client, section)["items"]
    assert item["date_published"] == "2019-06-03T00:00:00+01:00"


@both
@pytest.mark.parametrize("precision", ["month", "year"])
def test_an_item_whose_day_is_not_known_bears_none(
    site: SimpleNamespace, client: Client, section: str, precision: str
) -> None:
    page = page_in(site, section)
    page.date_precision = page.published_precision = precision
    page.save_revision().publish()
    (item,) = json_feed(client, section)["items"]
    assert "date_published" not in item
    entry = next(iter(atom(client, section).findall(f"{ATOM}entry")))
    assert entry.find(f"{ATOM}published") is None
    assert entry.findtext(f"{ATOM}updated")


@both
def test_an_item_of_today_bears_the_minute(
    site: SimpleNamespace, client: Client, section: str
) -> None:
    page = page_in(site, section)
    page.date = page.published_date = timezone.localdate()
    page.save_revision().publish()
    page.refresh_from_db()
    (item,) = json_feed(client, section)["items"]
    assert datetime.datetime.fromisoformat(item["date_published"]) == page.first_published_at


@both
def test_a_json_item_carries_the_file(site: SimpleNamespace, client: Client, section: str) -> None:
    (item,) = json_feed(client, section)["items"]
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
    for n in range(LENGTH + 2):
        NewsPageFactory(parent=news_index, title=f"Item {n}", date=day + datetime.timedelta(days=n))
    found = [item["title"] for item in json_feed(client, "news")["items"]]
    assert found == [f"Item {n}" for n in range(LENGTH + 1, 1, -1)]
    assert len(atom(client, "news").findall(f"{ATOM}entry")) == LENGTH


def test_marks_in_titles_leave_it_well_formed(news_index: Any, client: Client) -> None:
    title = "R&D <b> “quoted” ]]> é"
    NewsPageFactory(parent=news_index, title=title)
    (entry,) = atom(client, "news").findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == title
    assert json_feed(client, "news")["items"][0]["title"] == title


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
