"""Addresses of the site where it is reached by HTTPS on another port than 443."""

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware
from django.test import Client, RequestFactory
from wagtail.models import Site

from bhp_site.core.site_address import get_root_url
from bhp_site.environment import get_https_host

from ..pages import get_html, get_schema_node

SITE_URL = "https://testserver:8443"


@pytest.fixture
def https(site: SimpleNamespace, settings: LazySettings, client: Client) -> Client:
    """A client of a proxy that ends TLS on port 8443."""
    settings.SITE_URL = SITE_URL
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    Site.objects.update(port=8443)
    Site.clear_site_root_paths_cache()
    client.defaults |= {"HTTP_HOST": "testserver:8443", "HTTP_X_FORWARDED_PROTO": "https"}
    return client


def test_every_address_has_scheme_and_port(https: Client, site: Any) -> None:
    html = get_html(https, site.report)
    address = f"{SITE_URL}{site.report.get_url()}"
    assert f'<link rel="canonical" href="{address}">' in html
    assert f'<meta property="og:url" content="{address}">' in html
    assert get_schema_node(html, "Report")["url"] == address
    assert {*re.findall(r"https?://testserver[^/\"]*", html)} == {SITE_URL}
    assert site.report.full_url == address


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemap-pages.xml", "/robots.txt"])
def test_machines_get_the_same(https: Client, path: str) -> None:
    assert {*re.findall(r"https?://testserver[^/<\s]*", get_html(https, path))} == {SITE_URL}


def test_feeds_have_it(https: Client, site: Any) -> None:
    assert {*re.findall(r"https?://testserver[^/<\"]*", get_html(https, "/news/feed.xml"))} == {
        SITE_URL
    }
    feed = json.loads(get_html(https, "/news/feed.json"))
    assert feed["items"][0]["url"] == f"{SITE_URL}{site.news.get_url()}"


def test_other_sites_keep_theirs(settings: LazySettings) -> None:
    settings.SITE_URL = SITE_URL
    assert get_root_url("http://testserver:8443") == SITE_URL
    assert get_root_url("http://testserver:8080") == "http://testserver:8080"
    assert get_root_url("https://other.example") == "https://other.example"


@pytest.mark.parametrize(
    ("site_url", "host"),
    [
        ("https://www.example.org:8443", "www.example.org:8443"),
        ("https://[::1]:8443", "[::1]:8443"),
        ("https://www.example.org", None),
        ("http://127.0.0.1:8000", None),
    ],
)
def test_http_leads_to_the_port_of_https(
    settings: LazySettings, rf: RequestFactory, site_url: str, host: str | None
) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_SSL_HOST = True, get_https_host(site_url)
    request = rf.get("/news/?page=2", headers={"host": "testserver"})
    response = SecurityMiddleware(HttpResponse).process_request(request)
    assert response is not None
    assert response["Location"] == f"https://{host or 'testserver'}/news/?page=2"
