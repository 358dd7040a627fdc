"""Every public page and list is cacheable, and nothing that belongs to one visitor is."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from bhp_site.core.caching import cacheable
from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.caching.cacheable import CACHE_POLICY_KEY, CachePolicy
from bhp_site.files.models import SiteDocument

from ...factories import UserFactory
from ...page_states import restrict

MACHINES = (
    "/news/feed.xml",
    "/news/feed.json",
    "/reports/feed.xml",
    "/partners/register.csv",
    "/partners/register.json",
    "/sitemap.xml",
    "/sitemap-pages.xml",
    "/robots.txt",
)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, CachePolicy]]:
    """What is called storable: its address and how."""
    found: list[tuple[str, CachePolicy]] = []

    def keep(request: Any, *args: Any, **options: Any) -> None:
        say(request, *args, **options)
        if CACHE_POLICY_KEY in request.META:
            found.append((request.path, request.META[CACHE_POLICY_KEY]))

    say = cacheable.mark_cacheable
    for module in ("core.caching.cacheable", "core.pages", "files.views"):
        monkeypatch.setattr(f"bhp_site.{module}.mark_cacheable", keep)
    return found


def test_every_public_page_is_cacheable_and_sets_no_cookie(
    site: SimpleNamespace, client: Client, said: list[tuple[str, CachePolicy]]
) -> None:
    urls = [url for page in Page.objects.live() if (url := page.get_url())]
    for url in [*urls, *MACHINES]:
        said.clear()
        answer = client.get(url)
        if answer.status_code != 200:
            continue
        assert [path for path, _ in said] == [url]
        assert "public" in answer.headers["Cache-Control"], url
        assert "Cookie" not in answer.headers.get("Vary", ""), url
        assert not answer.cookies, url


def test_unknown_parameters_do_not_change_a_page(site: SimpleNamespace, client: Client) -> None:
    for page in Page.objects.live():
        if url := page.get_url():
            assert client.get(url, {"utm_source": "x", "q": "<b>"}).content == (
                client.get(url).content
            )


@pytest.mark.parametrize("path", ["/news//", "/%6eews/"])
def test_another_spelling_of_a_path_is_not_cacheable(
    site: SimpleNamespace, client: Client, said: list[tuple[str, CachePolicy]], path: str
) -> None:
    client.get(path)
    assert {kept for kept, _ in said} <= {"/news/"}


def test_a_signed_in_user_neither_gets_nor_creates_cached_responses(
    site: SimpleNamespace, client: Client, said: list[tuple[str, CachePolicy]]
) -> None:
    client.force_login(UserFactory(is_superuser=True))
    for page in Page.objects.live():
        if url := page.get_url():
            answer = client.get(url)
            if answer.status_code == 200:
                assert answer.headers["Cache-Control"] == "private, no-store"
    assert said == []


def test_a_restricted_page_is_not_cacheable(
    site: SimpleNamespace, client: Client, said: list[tuple[str, CachePolicy]]
) -> None:
    restrict(site.news)
    client.get(site.news.get_url())
    restrict(site.home)
    # Told once it is committed.
    cache_version.advance()
    client.get("/")
    assert said == []


def test_a_public_document_is_cacheable_and_a_private_one_is_not(
    site: SimpleNamespace, client: Client, said: list[tuple[str, CachePolicy]]
) -> None:
    file = SiteDocument.objects.get()
    client.get(file.url)
    (kept,) = said
    version = file.versions.get()
    assert kept == (file.url, CachePolicy(("download",), version.pk, flags=("download",)))
    said.clear()
    site.report.unpublish()
    site.news.unpublish()
    assert client.get(file.url).status_code == 404
    assert said == []


@pytest.mark.parametrize(
    ("path", "stored"),
    [
        ("/partners/?order=kind", True),
        ("/partners/?on=nonsense", False),
        ("/partners/?on=1999-01-01", False),
        ("/partners/?order=nonsense", False),
        ("/news/?year=1000", False),
        ("/news/?year=", True),
        ("/quotes/?year=1000", False),
    ],
)
def test_values_that_anybody_can_make_up_are_not_stored(
    site: SimpleNamespace,
    client: Client,
    said: list[tuple[str, CachePolicy]],
    path: str,
    stored: bool,
) -> None:
    assert client.get(path).status_code == 200
    assert bool(said) is stored
