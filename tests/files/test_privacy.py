"""A file is public exactly while a page that anybody may read refers to it."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page, Site

from bhp_site.core.models import SiteSettings
from bhp_site.files.models import SiteDocument
from bhp_site.files.permissions import public_access
from news.models import NewsPage

from ..conftest import signed_in
from ..factories import (
    NewsPageFactory,
    PersonFactory,
    ReportPageFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    StandardPageFactory,
    UserFactory,
    offer,
)
from ..images import get_image_url
from ..page_states import HIDDEN, publish
from ..pdf import pdfs
from .test_documents import make_upload

ASKS: dict[str, Callable[[Client, SiteDocument], Any]] = {
    "get": lambda client, file: client.get(file.url),
    "head": lambda client, file: client.head(file.url),
    "download": lambda client, file: client.get(f"{file.url}?download"),
    "range": lambda client, file: client.get(file.url, headers={"range": "bytes=0-9"}),
    "known": lambda client, file: client.get(
        file.url, headers={"if-none-match": f'"{file.sha256}"'}
    ),
}
ANSWERS = {"get": 200, "head": 200, "download": 200, "range": 206, "known": 304}
NOTHING = dict.fromkeys(ASKS, 404)


def list_statuses(client: Client, file: SiteDocument) -> dict[str, int]:
    return {name: ask(client, file).status_code for name, ask in ASKS.items()}


def offer_download(page: Any, file: SiteDocument) -> None:
    page.downloads.add(page.downloads.model(document=file))


def link_in_text(page: Any, file: SiteDocument) -> None:
    page.body = [("paragraph", f'<p><a linktype="document" id="{file.pk}">The file</a></p>')]


def offer_in_block(page: Any, file: SiteDocument) -> None:
    page.body = [("download", {"document": file, "label": ""})]


WAYS = {"download": offer_download, "running text": link_in_text, "block": offer_in_block}
PLACES = [
    (factory, way)
    for factory in (NewsPageFactory, ReportPageFactory, StandardPageFactory)
    for way in WAYS
    # A standard page has no list of downloads.
    if (factory, way) != (StandardPageFactory, "download")
]


@pytest.fixture
def file(db: None) -> SiteDocument:
    return SiteDocumentFactory(title="Embargoed figures")


@pytest.fixture
def draft(news_index: Page, file: SiteDocument) -> NewsPage:
    """A draft announcement that offers the file."""
    page = NewsPageFactory(parent=news_index, live=False)
    offer(page, file)
    return page


def test_anybody_may_have_the_file_of_a_live_page(
    draft: NewsPage, file: SiteDocument, client: Client
) -> None:
    publish(draft)
    assert list_statuses(client, file) == ANSWERS


@pytest.mark.parametrize("state", HIDDEN)
def test_no_visitor_gets_it_in_any_other_state(
    draft: NewsPage, file: SiteDocument, client: Client, state: str
) -> None:
    HIDDEN[state](draft)
    assert list_statuses(client, file) == NOTHING


@pytest.mark.parametrize("state", HIDDEN)
def test_an_editor_gets_it_for_nobody_else_to_keep(
    draft: NewsPage, file: SiteDocument, editor_client: Client, state: str
) -> None:
    HIDDEN[state](draft)
    assert list_statuses(editor_client, file) == ANSWERS
    for ask in ASKS.values():
        response = ask(editor_client, file)
        assert response["Cache-Control"] == "private, no-store"
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Cookie" in response["Vary"]


def test_signing_in_alone_is_not_enough(draft: NewsPage, file: SiteDocument) -> None:
    assert list_statuses(signed_in(UserFactory()), file) == NOTHING


def test_a_refusal_does_not_tell_whether_there_is_a_file(
    draft: NewsPage, file: SiteDocument, client: Client
) -> None:
    private, none = client.get(file.url), client.get("/documents/no-such-file-here.pdf")
    assert private.status_code == none.status_code == 404
    assert private.headers.keys() == none.headers.keys()
    assert file.title not in private.text


def test_a_file_that_no_page_offers_is_private(file: SiteDocument, client: Client) -> None:
    assert list_statuses(client, file) == NOTHING


@pytest.mark.parametrize("factory, way", PLACES)
def test_a_file_is_published_with_its_page_wherever_it_stands(
    home: Page, file: SiteDocument, client: Client, factory: Any, way: str
) -> None:
    page = factory(parent=home, live=False)
    WAYS[way](page, file)
    page.save()
    assert client.get(file.url).status_code == 404
    publish(page)
    assert client.get(file.url).status_code == 200


@pytest.mark.parametrize("way", WAYS)
def test_a_file_that_is_removed_is_private_again(
    news_index: Page, file: SiteDocument, client: Client, way: str
) -> None:
    page = NewsPageFactory(parent=news_index)
    WAYS[way](page, file)
    publish(page)
    page.body = []
    page.downloads.clear()
    page.save_revision()
    assert client.get(file.url).status_code == 200
    publish(page)
    assert list_statuses(client, file) == NOTHING


@pytest.mark.parametrize("way", WAYS)
def test_a_file_that_waits_in_the_draft_of_a_live_page_is_private(
    news_index: Page, file: SiteDocument, client: Client, way: str
) -> None:
    page = NewsPageFactory(parent=news_index)
    WAYS[way](page, file)
    revision = page.save_revision()
    assert list_statuses(client, file) == NOTHING
    revision.publish()
    assert list_statuses(client, file) == ANSWERS


@pytest.mark.parametrize("state", HIDDEN)
def test_one_visible_page_is_enough(
    draft: NewsPage, report_index: Page, file: SiteDocument, client: Client, state: str
) -> None:
    offer(ReportPageFactory(parent=report_index), file)
    HIDDEN[state](draft)
    assert list_statuses(client, file) == ANSWERS


def test_a_deleted_page_takes_its_file_with_it(
    draft: NewsPage, file: SiteDocument, client: Client
) -> None:
    publish(draft)
    draft.delete()
    assert list_statuses(client, file) == NOTHING


@pytest.mark.parametrize("state", HIDDEN)
def test_its_cover_is_as_private(
    draft: NewsPage, client: Client, editor_client: Client, state: str
) -> None:
    other = SiteDocumentFactory(title="With a cover", file=make_upload(pdfs.report()))
    other.refresh_from_db()
    offer(draft, other)
    HIDDEN[state](draft)
    addresses = [f"/pictures/{name}" for name, *_ in other.cover.sizes["webp"]]
    assert addresses
    assert {client.get(address).status_code for address in addresses} == {404}
    assert {editor_client.get(address).status_code for address in addresses} == {200}


def test_a_picture_that_the_settings_show_is_public(home: Page, client: Client) -> None:
    picture = SiteImageFactory()
    assert client.get(get_image_url(picture)).status_code == 404
    settings = SiteSettings.for_site(Site.objects.get())
    settings.share_image = picture
    settings.save()
    assert client.get(get_image_url(picture)).status_code == 200


def test_what_many_drafts_use_is_public_with_any_visible_page(
    site: SimpleNamespace, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_access, "FIRST_PAGES", 2)
    file = SiteDocumentFactory()
    pages = [NewsPageFactory(parent=site.news_index, live=False) for _ in range(5)]
    for page in pages:
        link_in_text(page, file)
        page.save()
    assert client.get(file.url).status_code == 404
    for page in pages:
        publish(page)
        assert client.get(file.url).status_code == 200
        page.unpublish()
        assert client.get(file.url).status_code == 404


def test_a_person_no_page_quotes_has_a_private_portrait(home: Page, client: Client) -> None:
    person = PersonFactory(portrait=SiteImageFactory())
    assert client.get(get_image_url(person.portrait)).status_code == 404


PUBLIC = [
    "/",
    "/news/",
    "/reports/",
    "/news/feed.xml",
    "/news/feed.json",
    "/reports/feed.xml",
    "/reports/feed.json",
    "/sitemap.xml",
    "/sitemap-pages.xml",
    "/search/?q=embargoed",
    "/search/?q=figures",
    "/robots.txt",
]


@pytest.mark.parametrize("state", HIDDEN)
def test_nothing_public_names_a_private_file(
    draft: NewsPage, report_index: Page, file: SiteDocument, client: Client, state: str
) -> None:
    # Someone else's page stays public beside it.
    NewsPageFactory(parent=Page.objects.get(slug="news"), title="Public matters")
    report = ReportPageFactory(parent=report_index, live=False, title="Hidden", slug="hidden")
    offer(report, file)
    for page in (draft, report):
        HIDDEN[state](page)
    for address in [*PUBLIC, draft.get_url(), report.get_url()]:
        text = client.get(address).text
        assert file.slug not in text, address
        assert file.title not in text, address
        assert file.sha256 not in text, address


def test_what_is_public_names_it_once_its_page_is_live(
    draft: NewsPage, file: SiteDocument, client: Client
) -> None:
    publish(draft)
    for address in ("/news/feed.xml", "/news/feed.json", draft.get_url()):
        assert file.url in client.get(address).text
