"""Keeping the index in step with the site: written in the transaction of whatever changes."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef
from wagtail.models import Page

from bhp_site.core.pages import BasePage
from bhp_site.files.models import SiteDocument
from partners.models import Person

from .models import Entry, Word
from .sources import Facts, file_date, of_file, parts_of

# Words that are worth guessing: shorter ones are like too many others.
GUESSED = re.compile(r"[^\W\d_]{4,40}")


def follow(instance: models.Model, **kwargs: Any) -> None:
    """Receiver of `changing`."""
    if isinstance(instance, Page):
        index_page(instance)
    elif isinstance(instance, SiteDocument):
        index_file(instance)
    elif isinstance(instance, Person):
        for page in Page.objects.filter(personpage__person=instance):
            index_page(page)


def index_page(page: Page) -> None:
    """Write the entries of a live `page` and its parts, and delete those of any other."""
    with transaction.atomic():
        _lock(Page, page.pk)
        found = Page.objects.filter(pk=page.pk, live=True).specific().first()
        rows = parts_of(found) if isinstance(found, BasePage) else []
        _write(Entry.objects.filter(page=page.pk), {"page_id": page.pk}, rows)
        if downloads := getattr(found, "downloads", None):
            # The date of a document follows from that of the page which offers it.
            for download in downloads.select_related("document"):
                date = file_date(download.document)
                same = Entry.objects.filter(document=download.document_id)
                same.exclude(date=date).update(date=date)


def index_file(document: SiteDocument) -> None:
    """Write the entries of `document` and of the pages of its text; delete those that are gone."""
    with transaction.atomic():
        _lock(SiteDocument, document.pk)
        found = SiteDocument.objects.filter(pk=document.pk).first()
        rows = of_file(found) if found else []
        _write(Entry.objects.filter(document=document.pk), {"document_id": document.pk}, rows)


def _lock(model: type[models.Model], pk: int) -> None:
    """Let other processes that index the same row wait until this transaction ends.

    Otherwise both could add the same entries, or the one that read first write last.
    """
    model._default_manager.select_for_update(of=("self",)).filter(pk=pk).values("pk").first()


def _write(
    there: "models.QuerySet[Entry]",
    key: dict[str, int],
    rows: Iterable[tuple[int, Facts]],
) -> None:
    """Make `there` the rows given, touching those alone that differ."""
    with transaction.atomic():
        before = {entry.number: entry for entry in there}
        added, words = [], set()
        for number, facts in rows:
            entry = before.pop(number, None)
            if entry is None:
                added.append(Entry(**key, number=number, **facts))
            elif any(getattr(entry, name) != value for name, value in facts.items()):
                for name, value in facts.items():
                    setattr(entry, name, value)
                entry.save()
            else:
                continue
            words |= words_of(facts)
        Entry.objects.bulk_create(added, batch_size=200)
        there.filter(pk__in=[entry.pk for entry in before.values()]).delete()
        _learn(words)


def words_of(facts: Facts) -> set[str]:
    """The words to guess from, without accents or capitals."""
    text = " ".join(facts[name] for name in ("title", "names", "summary", "text"))
    return {*GUESSED.findall(folded(text))}


def folded(text: str) -> str:
    """`text` in small letters without accents, as both engines compare it."""
    parted = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in parted if not unicodedata.combining(sign))


def _learn(words: set[str]) -> None:
    known = {*Word.objects.filter(word__in=words).values_list("word", flat=True)}
    new = (Word(word=word) for word in sorted(words - known))
    Word.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)


def missing_pages() -> "models.QuerySet[Page]":
    """Live pages without an entry."""
    indexed = Exists(Entry.objects.filter(page=OuterRef("pk")))
    return Page.objects.filter(live=True).not_exact_type(Page).exclude(indexed).order_by("pk")


def missing_files() -> "models.QuerySet[SiteDocument]":
    """Files that visitors may be given at all, without an entry."""
    indexed = Exists(Entry.objects.filter(document=OuterRef("pk")))
    return SiteDocument.objects.filter(withdrawn_reason="").exclude(indexed).order_by("pk")


def index_next() -> bool:
    """Index one thing that has no entry; False where nothing is left."""
    return bool(index_missing(1))


def index_missing(most: int = 100) -> int:
    """Index what has no entry, as after an import past all signals; how many were."""
    pages, files = missing_pages()[:most], missing_files()[:most]
    for page in pages:
        index_page(page)
    for document in files:
        index_file(document)
    return len(pages) + len(files)
