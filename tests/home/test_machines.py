"""Addresses that machines ask for."""

import datetime
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Site

from bhp_site.core.models import SiteSettings
from bhp_site.core.visibility import get_visible_pages
from bhp_site.home.sitemaps import PageSitemap
from tests.factories import NewsPageFactory, QuotePageFactory
from tests.page_states import HIDDEN

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ADDRESSES = ["/robots.txt", "/sitemap.xml", "/sitemap-pages.xml", "/healthz"]


def list_locations(client: Client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/xml")
    return [
        node.text or "" for node in ElementTree.fromstring(response.content).iter(f"{SITEMAP}loc")
    ]


def test_robots_keeps_crawlers_from_what_is_no_page(site: SimpleNamespace, client: Client) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text.splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /search/",
        "Disallow: /accessible-copy/",
        "Disallow: /accessibility-problem/",
        "Disallow: /alerts/",
        "Sitemap: http://testserver/sitemap.xml",
    ]


def test_the_sitemap_names_its_part(site: SimpleNamespace, client: Client) -> None:
    assert list_locations(client, "/sitemap.xml") == ["http://testserver/sitemap-pages.xml"]


def test_the_sitemap_lists_every_visible_page(site: SimpleNamespace, client: Client) -> None:
    expected = {
        f"http://testserver{page.get_url()}" for page in get_visible_pages().filter(depth__gt=1)
    }
    found = list_locations(client, "/sitemap-pages.xml")
    assert len(expected) == 15
    assert set(found) == expected
    assert len(found) == len(expected)


def test_a_long_sitemap_has_parts_that_none_has_to_be_counted_to(
    site: SimpleNamespace,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: Any,
) -> None:
    whole = list_locations(client, "/sitemap-pages.xml")
    monkeypatch.setattr(PageSitemap, "limit", 4)
    parts = list_locations(client, "/sitemap.xml")
    assert [part.partition("?")[2] for part in parts] == ["", "p=2", "p=3", "p=4"]
    with django_assert_max_num_queries(20) as queries:
        listed = [list_locations(client, part) for part in parts]
    assert [len(part) for part in listed] == [4, 4, 4, 3]
    assert [address for part in listed for address in part] == whole
    assert not any("OFFSET" in query["sql"] for query in queries)
    assert client.get("/sitemap-pages.xml?p=5").status_code == 404


def test_every_address_of_the_sitemap_answers(site: SimpleNamespace, client: Client) -> None:
    for address in list_locations(client, "/sitemap-pages.xml"):
        assert client.get(address).status_code == 200, address


def test_the_sitemap_says_when_a_page_changed(site: SimpleNamespace, client: Client) -> None:
    site.news.save_revision().publish()
    text = client.get("/sitemap-pages.xml").text
    assert f"<lastmod>{timezone.now():%Y-%m-%d}</lastmod>" in text


@pytest.mark.parametrize("state", HIDDEN)
def test_the_sitemap_names_nothing_visitors_may_not_read(
    site: SimpleNamespace, client: Client, state: str
) -> None:
    news = NewsPageFactory(parent=site.news_index, slug="hidden-item", live=False)
    quote = QuotePageFactory(parent=site.news, slug="hidden-quote", live=False)
    for page in (news, quote):
        HIDDEN[state](page)
    assert "hidden-" not in client.get("/sitemap-pages.xml").text


def test_pages_beside_the_site_are_not_in_the_sitemap(
    site: SimpleNamespace, client: Client
) -> None:
    Page.get_first_root_node().add_child(instance=Page(title="Stray", slug="stray"))
    assert "stray" not in client.get("/sitemap-pages.xml").text


@pytest.mark.parametrize(
    "address", ["/sitemap-nothing.xml", "/sitemap-pages.xml?p=9", "/sitemap-pages.xml?p=abc"]
)
def test_a_part_that_is_not_there_is_404(
    site: SimpleNamespace, client: Client, address: str
) -> None:
    assert client.get(address).status_code == 404


@pytest.fixture
def contact(home: Any) -> str:
    settings = SiteSettings.for_site(Site.objects.get())
    settings.security_contact = "security@example.org"
    settings.save()
    cache.clear()
    return settings.security_contact


def test_security_txt_names_whom_to_tell(contact: str, client: Client) -> None:
    response = client.get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in response.text.splitlines())
    assert fields["Contact"] == "mailto:security@example.org"
    assert fields["Preferred-Languages"] == "en"
    assert fields["Canonical"] == "http://testserver/.well-known/security.txt"
    left = datetime.datetime.fromisoformat(fields["Expires"]) - timezone.now()
    assert datetime.timedelta(days=30) < left < datetime.timedelta(days=366)


def test_security_txt_is_404_while_nobody_is_named(home: Any, client: Client) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404


def test_health_is_ok_and_not_kept(site: SimpleNamespace, client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("address", [*ADDRESSES, "/.well-known/security.txt"])
def test_the_head_can_be_asked_for(
    site: SimpleNamespace, contact: str, client: Client, address: str
) -> None:
    response = client.head(address)
    assert response.status_code == 200
    assert response.content == b""


@pytest.mark.parametrize("address", [*ADDRESSES, "/.well-known/security.txt"])
def test_nothing_can_be_posted(
    site: SimpleNamespace, contact: str, client: Client, address: str
) -> None:
    assert client.post(address).status_code == 405
