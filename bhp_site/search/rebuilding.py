"""Write every entry of the search index again while searches go on."""

from collections.abc import Callable
from typing import Any

from django.db import models, transaction
from wagtail.models import Page

from bhp_site.files.models import SiteDocument

from .indexing import SPELLING_FIELDS, get_spelling_words, index_document, index_page
from .models import Entry, Word

BATCH_SIZE = 500

Progress = Callable[[int], object]


def rebuild_index(progress: Progress) -> None:
    """Replace the entries of one page or document after the other, and delete outdated ones.

    Each is replaced in a transaction of its own, so that a search lacks nothing meanwhile, and an
    interrupted run can be repeated. `progress` is called with the number of replaced objects.
    """
    words = {*Word.objects.values_list("word", flat=True)}
    _replace_entries("page", get_indexed_pages(), index_page, progress)
    _replace_entries("document", get_indexed_documents(), index_document, progress)
    for fields in Entry.objects.values(*SPELLING_FIELDS).iterator():
        words -= get_spelling_words(fields)  # type: ignore[arg-type]
    unused = sorted(words)
    for start in range(0, len(unused), BATCH_SIZE):
        Word.objects.filter(word__in=unused[start : start + BATCH_SIZE]).delete()


def get_indexed_pages() -> "models.QuerySet[Page]":
    """Return the pages that have an entry, or should have one."""
    entries = Entry.objects.exclude(page=None).values("page")
    pages = Page.objects.filter(models.Q(live=True) | models.Q(pk__in=entries))
    return pages.not_exact_type(Page).order_by("pk")


def get_indexed_documents() -> "models.QuerySet[SiteDocument]":
    """Return the documents that have an entry, or should have one."""
    entries = Entry.objects.exclude(document=None).values("document")
    documents = SiteDocument.objects.filter(
        models.Q(withdrawn_reason="") | models.Q(pk__in=entries)
    )
    return documents.order_by("pk")


def _replace_entries(
    name: str, rows: "models.QuerySet[Any]", index: Callable[[Any], None], progress: Progress
) -> None:
    """Replace the entries of each of `rows`; `name` is their field in an entry."""
    for key in [*rows.values_list("pk", flat=True)]:
        row = rows.filter(pk=key).first()
        if row is not None:
            with transaction.atomic():
                Entry.objects.filter(**{name: key}).delete()
                index(row)
        progress(1)
