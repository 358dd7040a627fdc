"""What every answer has, and what is refused at the door."""

import gzip
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from wagtail.models import PageLogEntry, Site
from wagtail.signals import page_published

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.middleware import CurrentSite
from bhp_site.core.models import SiteSettings
from bhp_site.core.publishing.publication import PublishingRefused
from news.models import NewsPage

from ..admin_forms import build_body, get_messages, read_form, send
from ..factories import NewsPageFactory


def parse_policy(response: Any) -> dict[str, list[str]]:
    """The answer's content security policy, by directive."""
    policy = [part.split() for part in response["Content-Security-Policy"].split(";")]
    return {name: values for name, *values in policy}


def test_a_page_allows_nothing_but_its_own(site: SimpleNamespace, client: Client) -> None:
    policy = parse_policy(client.get("/"))
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == ["'self'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert "'unsafe-inline'" not in str(policy)


def test_the_admin_has_a_policy_it_can_work_with(db: None, admin_client: Client) -> None:
    policy = parse_policy(admin_client.get("/admin/"))
    assert policy["script-src"] == ["'self'"]
    assert policy["object-src"] == policy["base-uri"] == ["'none'"]
    assert "blob:" in policy["img-src"]
    assert policy["frame-src"] == policy["frame-ancestors"] == ["'self'"]
    assert "http" not in str(policy)


@pytest.mark.parametrize(
    "name, value",
    [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ],
)
@pytest.mark.parametrize("address", ["/", "/nowhere/", "/admin/login/", "/healthz", "/robots.txt"])
def test_every_answer_has_its_headers(
    site: SimpleNamespace, client: Client, address: str, name: str, value: str
) -> None:
    assert client.get(address)[name] == value


@pytest.mark.parametrize("address", ["/", "/nowhere/", "/healthz", "/robots.txt"])
def test_no_page_is_framed_but_that_to_sign_in(
    site: SimpleNamespace, client: Client, address: str
) -> None:
    assert client.get(address)["X-Frame-Options"] == "DENY"
    # The editor shows it in a dialog.
    assert client.get("/admin/login/")["X-Frame-Options"] == "SAMEORIGIN"


def test_a_page_asks_for_no_power(site: SimpleNamespace, client: Client) -> None:
    policy = client.get("/")["Permissions-Policy"]
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(policy.split(", "))


@pytest.mark.parametrize(
    "address", ["/search/?q=a%00b", "/search/?q=%2500%00", "/news/%00/", "/%00", "/admin/?next=%00"]
)
def test_a_nul_byte_is_refused(site: SimpleNamespace, client: Client, address: str) -> None:
    assert client.get(address).status_code == 400


def test_an_escaped_percent_sign_is_no_nul_byte(site: SimpleNamespace, client: Client) -> None:
    assert client.get("/search/?q=100%2500").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/search/?q=report",
        "/nowhere/",
        "/news/feed.xml",
        "/news/feed.json",
        "/sitemap.xml",
        "/robots.txt",
        "/healthz",
        "/news/?year=2022",
    ],
)
def test_a_visitor_is_given_no_cookie(site: SimpleNamespace, client: Client, address: str) -> None:
    assert not client.get(address).cookies


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/search/?q=report",
        "/documents/the-report.pdf",
        "/news/feed.xml",
        "/reports/feed.json",
        "/partners/register.csv",
        "/partners/register.json",
    ],
)
def test_all_of_a_demonstration_stays_out_of_search_engines(
    site: SimpleNamespace, client: Client, address: str
) -> None:
    assert "X-Robots-Tag" not in client.get(address)
    settings = SiteSettings.for_site(Site.objects.get())
    for demonstration in (True, False):
        settings.is_demonstration = demonstration
        settings.save()
        cache_version.advance()
        assert (client.get(address).get("X-Robots-Tag") == "noindex") is demonstration


def test_a_demonstration_says_so_and_leads_to_what_is_assumed(
    site: SimpleNamespace, client: Client
) -> None:
    words = "This is a demonstration site."
    assert words not in client.get("/").text
    settings = SiteSettings.for_site(Site.objects.get())
    settings.is_demonstration = True
    settings.save()
    cache_version.advance()
    text = client.get(site.partner.url).text
    assert text.count(words) == 2
    assert "What is assumed" not in text
    settings.demonstration_page = site.standard
    settings.save()
    cache_version.advance()
    link = f'<a href="{site.standard.url}">What is assumed</a>'
    assert client.get(site.partner.url).text.count(link) == 2
    site.standard.unpublish()
    cache_version.advance()
    assert link not in client.get(site.partner.url).text


def test_whether_it_is_one_is_asked_once(
    site: SimpleNamespace, client: Client, django_assert_num_queries: Any
) -> None:
    client.get("/robots.txt")
    with django_assert_num_queries(0):
        client.get("/robots.txt")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize(
    "address", ["/search/", "/news/feed.json", "/robots.txt", "/healthz", "/documents/a.pdf"]
)
def test_what_is_only_read_refuses_other_methods(
    site: SimpleNamespace, client: Client, address: str, method: str
) -> None:
    assert getattr(client, method)(address).status_code == 405


def test_a_page_is_compressed_for_those_who_can_read_it(
    site: SimpleNamespace, client: Client
) -> None:
    response = client.get("/", headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(response.content)


def test_a_file_is_sent_as_it_is(site: SimpleNamespace, client: Client) -> None:
    response = client.get(site.document.url, headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in response
    assert int(response["Content-Length"]) == site.document.file_size


def test_an_unknown_host_is_refused(site: SimpleNamespace, client: Client) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_a_site_without_a_record_answers_404(db: None, client: Client) -> None:
    Site.objects.all().delete()
    assert CurrentSite.find() is None
    assert client.get("/").status_code == 404


@pytest.fixture
def draft(news_index: Any) -> NewsPage:
    return NewsPageFactory(parent=news_index, live=False, title="Before")


def fail(**kwargs: Any) -> None:
    raise RuntimeError("the printer is on fire")


def test_an_editors_publishing_goes_through(draft: NewsPage, admin_client: Client) -> None:
    send(admin_client, draft, "action-publish", title="After")
    draft.refresh_from_db()
    assert (draft.live, draft.title) == (True, "After")
    assert PageLogEntry.objects.filter(page=draft, action="wagtail.publish").count() == 1


def test_a_failure_while_publishing_undoes_all_of_it(draft: NewsPage, admin_client: Client) -> None:
    admin_client.raise_request_exception = False
    page_published.connect(fail)
    try:
        response = send(admin_client, draft, "action-publish", title="After")
    finally:
        page_published.disconnect(fail)
    assert response.status_code == 500
    draft.refresh_from_db()
    assert (draft.live, draft.title) == (False, "Before")
    assert not PageLogEntry.objects.filter(page=draft).exclude(action="wagtail.create").exists()
    assert not draft.revisions.exists()


def refuse(**kwargs: Any) -> None:
    raise PublishingRefused("Not on a Friday.")


@pytest.mark.parametrize(
    "referer, place",
    [
        ("http://testserver/admin/pages/1/", "http://testserver/admin/pages/1/"),
        ("https://evil.example/", "/admin/"),
        ("", "/admin/"),
    ],
)
def test_a_refusal_leads_back_with_its_reason(
    draft: NewsPage, admin_client: Client, referer: str, place: str
) -> None:
    draft.save_revision()
    page_published.connect(refuse)
    address = f"/admin/bulk/wagtailcore/page/publish/?id={draft.pk}"
    try:
        response = admin_client.post(address, {"next": "/admin/"}, headers={"referer": referer})
    finally:
        page_published.disconnect(refuse)
    assert response.status_code == 302
    assert response.url == place
    assert "Not on a Friday." in get_messages(response)
    draft.refresh_from_db()
    assert not draft.live


@pytest.mark.parametrize("address", ["edit/", "edit/preview/"])
@pytest.mark.parametrize(
    "field, value, sentence",
    [
        ("body-count", None, "the form came without body-count"),
        ("body-0-type", None, "the form came without body-0-type"),
        ("body-count", "many", "body-count must be a number"),
        ("body-0-order", "-1", "body-0-order must be a number"),
        ("body-count", "9" * 5000, "body-count must be a number"),
    ],
)
def test_a_form_that_no_browser_sends_is_refused(
    draft: NewsPage,
    admin_client: Client,
    address: str,
    field: str,
    value: str | None,
    sentence: str,
) -> None:
    data = read_form(admin_client, f"/admin/pages/{draft.pk}/edit/") | build_body(
        [("heading", "Why")]
    )
    del data[field]
    if value is not None:
        data[field] = value
    response = admin_client.post(f"/admin/pages/{draft.pk}/{address}", data)
    assert (response.status_code, sentence in response.text) == (400, True)
