"""Keep the search index up to date, in the transaction of every change."""

import re
from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django_tasks import task
from wagtail.models import Page

from bhp_site.core.pages import BasePage
from bhp_site.files.models import SiteDocument
from bhp_site.funding.models import Award, Funder
from bhp_site.funding.usage import find_pages
from partners.models import Person

from .entry_fields import Fields, get_document_date, get_document_entries, get_page_entries
from .models import Entry, Word
from .query import normalise

# Words that can be suggested; shorter ones are similar to too many others.
SPELLING_WORD = re.compile(r"[^\W\d_]{4,40}")
# Fields of an entry whose words can be suggested.
SPELLING_FIELDS = ("title", "names", "summary", "text")


def index_instance(instance: models.Model, **kwargs: Any) -> None:
    """Index a page, a document, or the pages that name a person or funder.

    Receiver of `content_changing`.
    """
    if isinstance(instance, Page):
        index_page(instance)
    elif isinstance(instance, SiteDocument):
        index_document(instance)
    elif isinstance(instance, Person):
        for page in Page.objects.filter(personpage__person=instance):
            index_page(page)
    elif isinstance(instance, Funder | Award):
        # What has just been deleted names no page any more.
        key = "funder" if isinstance(instance, Funder) else "award"
        for page in find_pages(**{key: instance.pk}) if instance.pk else ():
            index_page(page)


def index_page(page: Page) -> None:
    """Save the entries of `page` and its chapters; delete them if the page is not live."""
    with transaction.atomic():
        current = _lock(Page, page.pk)
        live = current.specific if current and current.live else None
        rows = get_page_entries(live) if isinstance(live, BasePage) else []
        _save_entries(Entry.objects.filter(page=page.pk), {"page_id": page.pk}, rows)
        if downloads := getattr(live, "downloads", None):
            # The date of a document depends on the page that offers it.
            for download in downloads.select_related("document"):
                date = get_document_date(download.document)
                entries = Entry.objects.filter(document=download.document_id)
                entries.exclude(date=date).update(date=date)


def index_document(document: SiteDocument) -> None:
    """Save the entries of `document` and of the pages of its text; delete outdated ones."""
    with transaction.atomic():
        current = _lock(SiteDocument, document.pk)
        rows = get_document_entries(current) if current else []
        entries = Entry.objects.filter(document=document.pk)
        _save_entries(entries, {"document_id": document.pk}, rows)


def _lock(model: type[models.Model], pk: int) -> Any:
    """Return the row of `model`, None if it is deleted; others that index it wait until the end.

    Otherwise two processes could add the same entries in their transactions, or the one that read
    first could write last.
    """
    return model._default_manager.select_for_update(of=("self",)).filter(pk=pk).first()


def _save_entries(
    entries: "models.QuerySet[Entry]",
    key: dict[str, int],
    rows: Iterable[tuple[int, Fields]],
) -> None:
    """Replace `entries` by `rows` (number and fields), writing only what differs.

    The caller has begun a transaction.
    """
    existing = {entry.number: entry for entry in entries}
    added, words = [], set()
    for number, fields in rows:
        entry = existing.pop(number, None)
        if entry is None:
            added.append(Entry(**key, number=number, **fields))
        elif any(getattr(entry, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(entry, name, value)
            entry.save()
        else:
            continue
        words |= get_spelling_words(fields)
    Entry.objects.bulk_create(added, batch_size=200)
    if existing:
        entries.filter(pk__in=[entry.pk for entry in existing.values()]).delete()
    if words:
        _save_words(words)


def get_spelling_words(fields: Fields) -> set[str]:
    """Return the normalised words of an entry that can be suggested for misspelt ones."""
    text = " ".join(fields[name] for name in SPELLING_FIELDS)
    return {*SPELLING_WORD.findall(normalise(text))}


def _save_words(words: set[str]) -> None:
    existing = {*Word.objects.filter(word__in=words).values_list("word", flat=True)}
    new = (Word(word=word) for word in sorted(words - existing))
    Word.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)


def get_missing_pages() -> "models.QuerySet[Page]":
    """Return the live pages without an entry."""
    indexed = Exists(Entry.objects.filter(page=OuterRef("pk")))
    return Page.objects.filter(live=True).not_exact_type(Page).exclude(indexed).order_by("pk")


def get_missing_documents() -> "models.QuerySet[SiteDocument]":
    """Return the documents without an entry that are not withdrawn."""
    indexed = Exists(Entry.objects.filter(document=OuterRef("pk")))
    return SiteDocument.objects.filter(withdrawn_reason="").exclude(indexed).order_by("pk")


def index_missing(limit: int = 100) -> int:
    """Index up to `limit` pages and documents without an entry, as after a bulk import.

    Return the number of indexed objects.
    """
    pages, documents = get_missing_pages()[:limit], get_missing_documents()[:limit]
    for page in pages:
        index_page(page)
    for document in documents:
        index_document(document)
    return len(pages) + len(documents)


@task(backend="database", queue_name="slow", priority=-10, coalesce=True, timeout_seconds=1800)
def index_missing_objects() -> None:
    """Index a batch of objects without an entry."""
    index_missing(limit=1000)


def enqueue_missing_objects() -> None:
    """Enqueue `index_missing_objects` if a public page or document has no entry (a job)."""
    if get_missing_pages().exists() or get_missing_documents().exists():
        index_missing_objects.enqueue()
