"""After a change, only what it may have taken from visitors is kept back by the page cache."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import DatabaseError
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.caching.invalidation import send_content_changed
from bhp_site.core.models import SiteSettings
from bhp_site.enquiries.models import AccessibleCopy
from bhp_site.files.models import SiteDocument
from bhp_site.files.permissions import invalidation_scopes

from ..factories import (
    NewsPageFactory,
    PersonFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    offer,
    pdf_bytes,
    png_bytes,
)
from ..page_states import publish, unpublish


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Callable[[], Any]:
    """A transaction that is committed at its end, as far as callbacks can tell."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def create_document(title: str) -> SiteDocument:
    """Return a document with bytes of its own."""
    file = ContentFile(pdf_bytes(title), name="upload.pdf")
    document: SiteDocument = SiteDocumentFactory(title=title, file=file)
    return document


@pytest.fixture
def documents(news_index: Page, committed: Any) -> SimpleNamespace:
    """Return two pages, each with a document of its own, and no change since."""
    with committed():
        pages = [NewsPageFactory(parent=news_index) for _ in range(2)]
        offered = [create_document(f"Document {number}") for number in range(2)]
        for page, document in zip(pages, offered, strict=True):
            offer(page, document)
            publish(page)
    return SimpleNamespace(page=pages[0], document=offered[0], other=offered[1])


def is_withheld(file: Any, since: int) -> bool:
    """Return True if a response with this file from the cache version `since` is not served."""
    return cache_version.get_minimum_for_file(file.name) > since


def test_a_publication_takes_nothing_away(documents: SimpleNamespace, committed: Any) -> None:
    before = cache_version.current
    with committed():
        documents.page.title = "Another title"
        publish(documents.page)
    assert cache_version.current > before >= cache_version.minimum_for_pages
    assert not is_withheld(documents.document.file, before)


def test_a_document_that_a_page_no_longer_offers_is_withheld(
    documents: SimpleNamespace, committed: Any
) -> None:
    before = cache_version.current
    with committed():
        documents.page.downloads.clear()
        publish(documents.page)
    assert is_withheld(documents.document.file, before)
    assert not is_withheld(documents.other.file, before)
    assert cache_version.minimum_for_pages <= before


@pytest.mark.parametrize("act", [unpublish, lambda page: page.delete()])
def test_the_documents_of_a_page_are_withheld_with_it(
    documents: SimpleNamespace, committed: Any, act: Callable[[Page], None]
) -> None:
    before = cache_version.current
    with committed():
        act(documents.page)
    assert is_withheld(documents.document.file, before)
    assert not is_withheld(documents.other.file, before)
    assert cache_version.minimum_for_pages > before


def test_the_documents_of_pages_below_are_withheld(
    documents: SimpleNamespace, news_index: Page, committed: Any
) -> None:
    before = cache_version.current
    with committed():
        news_index.unpublish()
    assert is_withheld(documents.document.file, before)
    assert is_withheld(documents.other.file, before)


def test_a_portrait_is_withheld_with_its_person(documents: SimpleNamespace, committed: Any) -> None:
    with committed():
        file = ContentFile(png_bytes("#123456"), name="portrait.png")
        portrait = SiteImageFactory(file=file)
        person = PersonFactory(portrait=portrait)
    before = cache_version.current
    with committed():
        person.live = False
        person.save()
    rendition = portrait.renditions.first()
    assert is_withheld(rendition.file, before)
    assert not is_withheld(documents.document.file, before)


def test_an_accessible_copy_is_withheld_with_its_original(
    documents: SimpleNamespace, committed: Any
) -> None:
    with committed():
        copy = create_document("In large print")
        AccessibleCopy.objects.create(original=documents.document, copy=copy, format="large-print")
    before = cache_version.current
    with committed():
        documents.page.downloads.clear()
        publish(documents.page)
    assert is_withheld(copy.file, before)


def test_an_upload_that_no_page_uses_takes_nothing_away(
    documents: SimpleNamespace, committed: Any
) -> None:
    before = cache_version.current
    with committed():
        create_document("New")
        SiteImageFactory()
    assert not is_withheld(documents.document.file, before)
    assert cache_version.minimum_for_pages <= before


def test_a_changed_document_is_withheld_alone(documents: SimpleNamespace, committed: Any) -> None:
    before = cache_version.current
    with committed():
        documents.document.save()
    assert is_withheld(documents.document.file, before)
    assert not is_withheld(documents.other.file, before)
    assert cache_version.minimum_for_pages > before


def test_a_restriction_withholds_everything(documents: SimpleNamespace, committed: Any) -> None:
    before = cache_version.current
    with committed():
        collection = Collection.get_first_root_node().add_child(name="Private")
        CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    assert is_withheld(documents.other.file, before)


def test_a_restriction_of_a_page_above_withholds_everything(
    documents: SimpleNamespace, news_index: Page, committed: Any
) -> None:
    before = cache_version.current
    with committed():
        PageViewRestriction.objects.create(page=news_index, restriction_type="login")
    assert is_withheld(documents.document.file, before)
    assert cache_version.minimum_for_pages > before


def test_a_page_that_is_moved_withholds_the_documents_below(
    documents: SimpleNamespace, news_index: Page, home: Page, committed: Any
) -> None:
    before = cache_version.current
    with committed():
        news_index.move(home, "first-child")
        send_content_changed(Page.objects.get(pk=news_index.pk), "move")
    assert is_withheld(documents.document.file, before)


def test_documents_are_withheld_when_their_collection_becomes_private(
    documents: SimpleNamespace, committed: Any
) -> None:
    with committed():
        collection = Collection.get_first_root_node().add_child(name="Public")
        site_settings = SiteSettings.get_default()
        site_settings.public_collections.add(collection)
        document = create_document("In a public collection")
        document.collection = collection
        document.save()
    before = cache_version.current
    with committed():
        site_settings.public_collections.remove(collection)
    assert is_withheld(document.file, before)


def test_a_document_is_withheld_when_its_collection_changes(
    documents: SimpleNamespace, committed: Any
) -> None:
    before = cache_version.current
    with committed():
        documents.document.collection = Collection.get_first_root_node().add_child(name="Private")
        documents.document.save()
    assert is_withheld(documents.document.file, before)


def test_an_earlier_version_and_the_cover_are_withheld_with_the_document(
    documents: SimpleNamespace, committed: Any
) -> None:
    earlier = documents.document.versions.get().file
    with committed():
        document = SiteDocument.objects.get(pk=documents.document.pk)
        document.file = ContentFile(pdf_bytes("Another text"), name="upload.pdf")
        document.version_reason = "A blank page says nothing to anybody."
        document.save()
        document.cover = SiteImageFactory()
        document.save()
    before = cache_version.current
    with committed():
        unpublish(documents.page)
    assert document.versions.count() == 2
    assert is_withheld(earlier, before)
    assert is_withheld(document.file, before)
    assert is_withheld(document.cover.renditions.first().file, before)


def test_a_withdrawn_version_is_withheld(documents: SimpleNamespace, committed: Any) -> None:
    before = cache_version.current
    with committed():
        documents.document.versions.get().withdraw("It had a mistake.", None)
    assert is_withheld(documents.document.file, before)
    assert not is_withheld(documents.other.file, before)


def test_a_deleted_document_is_withheld(documents: SimpleNamespace, committed: Any) -> None:
    with committed():
        document = create_document("In no page")
    file, before = document.file, cache_version.current
    with committed():
        document.delete()
    assert is_withheld(file, before)


def test_the_renditions_of_a_replaced_image_are_withheld(
    documents: SimpleNamespace, committed: Any
) -> None:
    with committed():
        image = SiteImageFactory(file=ContentFile(png_bytes("#123456"), name="old.png"))
    replaced = image.renditions.first().file
    before = cache_version.current
    with committed():
        image.file = ContentFile(png_bytes("#654321"), name="new.png")
        image.save()
    assert image.renditions.first().file.name != replaced.name
    assert is_withheld(replaced, before)
    assert not is_withheld(documents.document.file, before)


def test_a_page_leads_to_the_cover_of_an_accessible_copy(
    documents: SimpleNamespace, committed: Any
) -> None:
    with committed():
        copy = create_document("In large print")
        copy.cover = SiteImageFactory()
        copy.save()
        AccessibleCopy.objects.create(original=documents.document, copy=copy, format="large-print")
    page = ContentType.objects.get_for_model(Page).pk, str(documents.page.pk)
    files = invalidation_scopes.find_files({page})
    assert files >= {documents.document.file.name, copy.file.name}
    assert copy.cover.renditions.first().file.name in files


def test_a_draft_withholds_nothing(documents: SimpleNamespace, committed: Any) -> None:
    before = cache_version.current
    with committed():
        documents.page.title = "Not published"
        documents.page.save_revision()
    assert not is_withheld(documents.document.file, before)
    assert cache_version.minimum_for_pages <= before


@pytest.mark.parametrize("action", ["unpublish", "move"])
def test_what_cannot_be_found_out_withholds_everything(
    documents: SimpleNamespace,
    committed: Any,
    monkeypatch: pytest.MonkeyPatch,
    action: str,
) -> None:
    def fail(*args: Any) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(invalidation_scopes, "find_files", fail)
    before = cache_version.current
    with committed():
        send_content_changed(documents.page, action)
    assert is_withheld(documents.other.file, before)


def test_the_files_of_large_trees_are_not_looked_up(
    documents: SimpleNamespace,
    news_index: Page,
    committed: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(invalidation_scopes, "MAX_PAGES", 1)
    outside = "documents/00/outside.pdf"
    before = cache_version.current
    with committed():
        send_content_changed(news_index, "move")
    assert cache_version.get_minimum_for_file(outside) > before
