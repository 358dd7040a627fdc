"""Build the results that a page of search results shows: excerpts, chapters and pages of files."""

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from bhp_site.core.unpublishing import WITHDRAWAL_ANNOTATIONS
from bhp_site.files.models import SiteDocument
from reports.chapters import Chapter
from reports.edition import EDITION_PATH
from reports.models import ReportPage

from .engine import END, START, Highlights, get_engine
from .matching import SearchResults
from .models import Entry

# Chapters, and pages of a document, that a result links to; the others are counted.
MAX_PARTS_SHOWN = 5
# Matching entries of one result that are examined to count its parts.
MAX_ENTRIES_EXAMINED = 200
NO_HIGHLIGHTS = Highlights("", "", "")


@dataclass(frozen=True)
class DocumentMatch:
    """The best matching pages of a document, in order, and the number of other matching pages."""

    document: SiteDocument
    pages: list[int]
    more_pages: int


@dataclass(frozen=True)
class ChapterMatch:
    """A matching chapter of a report, and its path below the address of the report."""

    title: str
    path: str


@dataclass(frozen=True)
class Result:
    """A page or document as a search result, with highlighted title and excerpt.

    `chapters` are the best matching ones, in order; `more_chapters` is the number of others.
    """

    item: Any
    title: SafeString
    excerpt: SafeString
    documents: list[DocumentMatch]
    chapters: list[ChapterMatch]
    more_chapters: int = 0


class EntryPart(NamedTuple):
    """The chapter or page of a document that an entry stands for; numbers count from 1."""

    page: int | None
    document: int | None
    number: int


def build_results(results: SearchResults, terms: list[str], numbers: list[int]) -> list[Result]:
    """Return the results with these `numbers`, in that order, with highlights of `terms`."""
    visible = results.visible
    matching = results.get_entries(numbers)
    examined = [key for keys in matching.values() for key in keys[:MAX_ENTRIES_EXAMINED]]
    parts = _get_parts(terms, examined)
    parts_by_result = {
        number: [key for key in matching[number] if key in parts] for number in numbers
    }
    whole_entries = _get_whole_entries(results, numbers)
    best_parts = [key for keys in parts_by_result.values() for key in keys[:1]]
    highlights = get_engine().highlight(terms, [*whole_entries.values(), *best_parts])
    pages = _get_specific_pages([pk for number in numbers if (pk := visible.pages[number])])
    documents = SiteDocument.objects.in_bulk(
        {part.document for part in parts.values() if part.document}
        | {*filter(None, visible.documents)}
    )
    chapters = _get_chapters({part.page for part in parts.values() if part.page})
    built = []
    for number in numbers:
        item = pages.get(visible.pages[number]) or documents.get(visible.documents[number])
        if item is None:
            # Deleted since the visible results were computed.
            continue
        whole = highlights.get(whole_entries[number], NO_HIGHLIGHTS)
        keys = parts_by_result[number]
        part_text = highlights.get(keys[0], NO_HIGHLIGHTS).text if keys else ""
        in_chapters = [parts[key] for key in keys if parts[key] in chapters]
        built.append(
            Result(
                item,
                render_highlights(whole.title or item.title),
                render_highlights(
                    _choose_excerpt(whole, part_text) or getattr(item, "description", "")
                ),
                _group_by_document([parts[key] for key in keys], documents),
                [chapters[part] for part in sorted(in_chapters[:MAX_PARTS_SHOWN])],
                len(in_chapters[MAX_PARTS_SHOWN:]),
            )
        )
    return built


def _get_parts(terms: list[str], keys: list[int]) -> dict[int, EntryPart]:
    """Return the part of each entry that is one and whose own text has any of `terms`."""
    rows = Entry.objects.filter(pk__in=keys, number__gt=0)
    parts = {
        key: EntryPart(page, document, number)
        for key, page, document, number in rows.values_list("pk", "page", "document", "number")
    }
    own = {*get_engine().match_own_text(terms, [*parts])} if parts else set()
    return {key: part for key, part in parts.items() if key in own}


def _get_chapters(reports: set[int]) -> dict[EntryPart, ChapterMatch]:
    """Return all chapters of these reports."""
    chapters: dict[EntryPart, ChapterMatch] = {}
    rows = Chapter.objects.filter(report__in=reports).order_by("report", "sort_order")
    for report, group in groupby(rows.values_list("report", "title", "slug"), itemgetter(0)):
        for number, (_, title, slug) in enumerate(group, 1):
            chapters[EntryPart(report, None, number)] = ChapterMatch(
                title, f"{EDITION_PATH}/{slug}/"
            )
    return chapters


def _choose_excerpt(whole: Highlights, part_text: str) -> str:
    """Return the summary or text with most matches; that of the best part if neither has any."""
    own = max((whole.summary, whole.text), key=lambda text: text.count(START))
    return max((own, part_text), key=lambda text: START in text)


def _get_whole_entries(results: SearchResults, numbers: list[int]) -> dict[int, int]:
    """Return for each result the key of the entry of its whole page or document."""
    pages = {results.visible.pages[number]: number for number in numbers}
    documents = {results.visible.documents[number]: number for number in numbers}
    page_entries = Entry.objects.filter(page__in=pages.keys() - {None}, number=0)
    document_entries = Entry.objects.filter(document__in=documents.keys() - {None}, number=0)
    return {pages[page]: key for key, page in page_entries.values_list("pk", "page")} | {
        documents[document]: key for key, document in document_entries.values_list("pk", "document")
    }


def _get_specific_pages(keys: list[int]) -> dict[int | None, Any]:
    pages = Page.objects.filter(pk__in=keys).annotate(**WITHDRAWAL_ANNOTATIONS)
    specific_pages: dict[int | None, Any] = {page.pk: page for page in pages.specific()}
    reports = [page for page in specific_pages.values() if isinstance(page, ReportPage)]
    prefetch_related_objects(
        reports,
        Prefetch(
            "superseded_by",
            ReportPage.objects.visible().to_link(),
            to_attr="prefetched_successor",
        ),
    )
    return specific_pages


def _group_by_document(
    parts: list[EntryPart], documents: dict[int, SiteDocument]
) -> list[DocumentMatch]:
    pages: dict[int, list[int]] = {}
    for _, document, number in parts:
        if document:
            pages.setdefault(document, []).append(number)
    return [
        DocumentMatch(
            documents[document],
            sorted(numbers[:MAX_PARTS_SHOWN]),
            len(numbers[MAX_PARTS_SHOWN:]),
        )
        for document, numbers in pages.items()
        if document in documents
    ]


def render_highlights(text: str) -> SafeString:
    """Return `text` as HTML, escaped, with its highlights in `mark` elements."""
    escaped = str(conditional_escape(text))
    return mark_safe(escaped.replace(START, "<mark>").replace(END, "</mark>"))
