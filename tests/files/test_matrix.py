"""Who may have a file: every state of its page × every way to ask × everybody who may ask."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from bhp_site.core.models import User
from bhp_site.draft_links.links import create_link
from bhp_site.files.models import SiteDocument
from news.models import NewsIndexPage, NewsPage

from ..conftest import signed_in
from ..factories import NewsPageFactory, SiteDocumentFactory, UserFactory, offer, pdf_bytes
from ..page_states import HIDDEN, publish, restrict
from ..pdf import pdfs
from .test_documents import make_upload

Act = Callable[[NewsPage, SiteDocument], None]


def shared(page: NewsPage, file: SiteDocument) -> None:
    """A second, live page offers it, and the first goes."""
    publish(page)
    offer(NewsPageFactory(parent=page.get_parent().specific), file)
    page.unpublish()


def replaced(page: NewsPage, file: SiteDocument) -> None:
    publish(page)
    file.file, file.version_note = ContentFile(pdf_bytes("New"), name="new.pdf"), "A new title"
    file.version_reason = "A blank page says nothing to anybody."
    file.save()


def in_text(page: NewsPage, file: SiteDocument) -> None:
    page.downloads.clear()
    page.body = [("paragraph", f'<p><a linktype="document" id="{file.pk}">The file</a></p>')]
    publish(page)


def in_block(page: NewsPage, file: SiteDocument) -> None:
    page.downloads.clear()
    page.body = [("download", {"document": file, "label": ""})]
    publish(page)


def moved(page: NewsPage, file: SiteDocument, under: bool) -> None:
    """Move a live page to another place, whose own page is live or not."""
    publish(page)
    place = NewsPageFactory(parent=page.get_parent().specific, live=under)
    Page.objects.get(pk=page.pk).move(Page.objects.get(pk=place.pk), pos="last-child")


def reverted(page: NewsPage, file: SiteDocument) -> None:
    """Publish the version of before the file was offered."""
    files = list(page.downloads.all())
    page.downloads.clear()
    before = page.save_revision()
    page.downloads.add(*files)
    publish(page)
    before.publish()


def deleted(page: NewsPage, file: SiteDocument) -> None:
    publish(page)
    Page.objects.get(pk=page.pk).delete()


PUBLIC: dict[str, Act] = {
    "live": lambda page, file: publish(page),
    "shared by two pages": shared,
    "replaced": replaced,
    "in rich text": in_text,
    "in a block": in_block,
    "moved": lambda page, file: moved(page, file, under=True),
    "published again": lambda page, file: (publish(page), page.unpublish(), publish(page)),  # type: ignore[func-returns-value]
}
PRIVATE: dict[str, Act] = {
    **{state: lambda page, file, act=act: act(page) for state, act in HIDDEN.items()},
    "moved below a draft": lambda page, file: moved(page, file, under=False),
    "reverted": reverted,
    "deleted": deleted,
}


CASES = [(state, act, True) for state, act in PUBLIC.items()]
CASES += [(state, act, False) for state, act in PRIVATE.items()]

ASKS = {
    "get": ({}, 200),
    "range": ({"Range": "bytes=0-9"}, 206),
    "conditional": ({"If-None-Match": "*"}, 304),
    "resumed": ({"Range": "bytes=5-", "If-Range": '"another"'}, 200),
}
LISTS = [
    "/news/",
    "/news/feed.xml",
    "/news/feed.json",
    "/sitemap-pages.xml",
    "/search/?q=embargoed",
]


@pytest.fixture
def file(db: None) -> SiteDocument:
    file = SiteDocumentFactory(title="Before", slug="before")
    file.title, file.slug = "Embargoed figures", "embargoed"
    file.save()
    return file


@pytest.fixture
def draft(news_index: Page, file: SiteDocument) -> NewsPage:
    page = NewsPageFactory(parent=news_index, live=False, title="A release", slug="a-release")
    offer(page, file)
    return page


@pytest.fixture
def visitor(client: Client) -> Client:
    return client


@pytest.fixture
def member() -> Client:
    """Somebody who may sign in, but has nothing to do in the admin."""
    return signed_in(UserFactory())


def addresses(file: SiteDocument) -> list[str]:
    """Every address at which the bytes are."""
    return [f"/documents/embargoed{end}" for end in (".pdf", "/v1.pdf", ".pdf?download")]


def leads(file: SiteDocument) -> list[str]:
    """Every address that leads to one of them."""
    return ["/documents/before.pdf", "/documents/before/v1.pdf", f"/documents/{file.pk}/any.pdf"]


def answers(client: Client, file: SiteDocument) -> set[bool]:
    """Return whether each way to ask is answered as for a public file; else it must be 404."""
    found = set()
    for address in addresses(file):
        for headers, expected in ASKS.values():
            for ask in (client.get, client.head):
                status = ask(address, headers=headers).status_code
                assert status in (expected, 404), (address, headers)
                found.add(status == expected)
        assert client.post(address).status_code == 405
    for address in leads(file):
        status = client.get(address).status_code
        assert status in (301, 404), address
        found.add(status == 301)
    assert client.get(f"/media/{file.file.name}").status_code == 404
    return found


@pytest.mark.sampled(24)
@pytest.mark.parametrize("who", ["visitor", "member", "editor_client", "publisher_client"])
@pytest.mark.parametrize(("state", "act", "public"), CASES, ids=[case[0] for case in CASES])
def test_a_file_is_as_public_as_its_page(
    draft: NewsPage,
    file: SiteDocument,
    request: pytest.FixtureRequest,
    state: str,
    act: Act,
    public: bool,
    who: str,
) -> None:
    act(draft, file)
    client = request.getfixturevalue(who)
    # A member has passed a page that wants no more than signing in.
    passed = who.endswith("_client") or (who == "member" and "login" in state)
    assert answers(client, file) == {public or passed}
    if public or passed:
        control = client.get(file.url).headers["Cache-Control"]
        assert control == ("public, no-cache" if public else "private, no-store")
    if not public and who in ("visitor", "member"):
        for address in LISTS:
            assert file.url not in client.get(address).text, address


@pytest.mark.sampled(12)
@pytest.mark.parametrize("password", ["", "correct horse"], ids=["open", "password"])
@pytest.mark.parametrize(("state", "act", "public"), CASES, ids=[case[0] for case in CASES])
def test_the_holder_of_a_link_to_something_else_gets_no_more(
    draft: NewsPage,
    file: SiteDocument,
    editor: User,
    state: str,
    act: Act,
    public: bool,
    password: str,
    thin_out: Callable[..., Any],
) -> None:
    act(draft, file)
    other = NewsPageFactory(parent=NewsIndexPage.objects.get(), live=False, title="Another draft")
    other.save_revision()
    url = create_link(other, "A partner", user=editor, password=password)[1]
    path = "/drafts/" + url.partition("/drafts/")[2]
    holder = Client()
    if password:
        holder.post(path, {"password": password})
    assert "Another draft" in holder.get(path).text
    assert answers(holder, file) == {public}
    below = [f"{path}{address.removeprefix('/')}" for address in (*addresses(file), *leads(file))]
    below.append(f"{path}pages/{draft.pk}/")
    headers = [headers for headers, _ in ASKS.values()]
    asks = itertools.product((holder.get, holder.head), headers, below)
    # Of a sample, each address, each way to ask, and GET as well as HEAD.
    for ask, header, address in thin_out(asks, 5):
        assert ask(address, headers=header).status_code == 404, address


def test_a_password_opens_the_files_of_its_page(
    draft: NewsPage, file: SiteDocument, client: Client
) -> None:
    publish(draft)
    restrict(draft, PageViewRestriction.PASSWORD)
    restriction = PageViewRestriction.objects.get()
    form = {"password": "wrong", "return_url": draft.url}
    address = f"/_util/authenticate_with_password/{restriction.pk}/{draft.pk}/"
    client.post(address, form)
    assert answers(client, file) == {False}
    client.post(address, form | {"password": "open sesame"})
    assert answers(client, file) == {True}
    assert client.get(file.url).headers["Cache-Control"] == "private, no-store"
    assert answers(Client(), file) == {False}


def test_every_guard_on_the_way_must_be_passed(
    draft: NewsPage, file: SiteDocument, news_index: Page
) -> None:
    publish(draft)
    restrict(draft)
    restrict(news_index, PageViewRestriction.PASSWORD)
    assert answers(signed_in(UserFactory()), file) == {False}


def test_a_cover_follows_its_file_for_those_who_have_passed(draft: NewsPage) -> None:
    other = SiteDocumentFactory(title="With a cover", file=make_upload(pdfs.report()))
    other.refresh_from_db()
    offer(draft, other)
    publish(draft)
    restrict(draft)
    (name, *_), *_ = other.cover.sizes["webp"]
    assert Client().get(f"/pictures/{name}").status_code == 404
    answer: Any = signed_in(UserFactory()).get(f"/pictures/{name}")
    assert answer.headers["Cache-Control"] == "private, no-store"
