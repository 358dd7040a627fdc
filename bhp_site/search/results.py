"""Results as the page shows them: with the line that matches, chapters, and pages of the file."""

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from bhp_site.files.models import SiteDocument
from reports.chapters import Chapter
from reports.edition import EDITION_PATH

from .engine import END, START, Marked, engine
from .finding import Found
from .models import Entry

# How many chapters, and pages of a file, are named, and how many are looked at to count the others.
NAMED = 5
LOOKED_AT = 200
NOTHING = Marked("", "", "")


@dataclass(frozen=True)
class InFile:
    """Pages of a file that have some of the words, the best first, and how many more do."""

    document: SiteDocument
    pages: list[int]
    more: int


@dataclass(frozen=True)
class InChapter:
    """A chapter of a report that has some of the words, and its path below the report."""

    title: str
    path: str


@dataclass(frozen=True)
class Result:
    """A page, else a file: its title and the line that matches, both marked; and where in it.

    Chapters are the best ones, in order; `more_chapters` have some of the words too.
    """

    item: Any
    title: SafeString
    line: SafeString
    files: list[InFile]
    chapters: list[InChapter]
    more_chapters: int = 0


class Place(NamedTuple):
    """Of an entry that is a part: what it is a part of, and which one."""

    page: int | None
    document: int | None
    number: int


def shown(found: Found, terms: list[str], numbers: list[int]) -> list[Result]:
    """The results with these `numbers`, in that order."""
    known, asked = found.directory, engine()
    entries = found.entries_of(numbers)
    hits = [pk for mine in entries.values() for pk in mine[:LOOKED_AT]]
    places = _places(terms, hits)
    parts = {number: [pk for pk in entries[number] if pk in places] for number in numbers}
    wholes = _wholes(found, numbers)
    first = [pk for mine in parts.values() for pk in mine[:1]]
    marked = asked.marked(terms, [*wholes.values(), *first])
    pages = _specific([pk for number in numbers if (pk := known.pages[number])])
    documents = SiteDocument.objects.in_bulk(
        {place.document for place in places.values() if place.document}
        | {*filter(None, known.documents)}
    )
    chapters = _chapters({place.page for place in places.values() if place.page})
    results = []
    for number in numbers:
        item = pages.get(known.pages[number]) or documents.get(known.documents[number])
        if item is None:
            # Deleted while somebody looked.
            continue
        whole = marked.get(wholes[number], NOTHING)
        mine = [places[pk] for pk in parts[number]]
        text = marked.get(parts[number][0], NOTHING).text if mine else ""
        in_chapters = [place for place in mine if place in chapters]
        results.append(
            Result(
                item,
                as_html(whole.title or item.title),
                as_html(_line(whole, text) or getattr(item, "description", "")),
                _files(mine, documents),
                [chapters[place] for place in sorted(in_chapters[:NAMED])],
                len(in_chapters[NAMED:]),
            )
        )
    return results


def _places(terms: list[str], hits: list[int]) -> dict[int, Place]:
    """Of those entries that are parts and have any of the words themselves, where they are."""
    rows = Entry.objects.filter(pk__in=hits, number__gt=0)
    places = {
        pk: Place(page, document, number)
        for pk, page, document, number in rows.values_list("pk", "page", "document", "number")
    }
    own = {*engine().own(terms, [*places])} if places else set()
    return {pk: place for pk, place in places.items() if pk in own}


def _chapters(reports: set[int]) -> dict[Place, InChapter]:
    """All chapters of these reports, by where they are."""
    found: dict[Place, InChapter] = {}
    rows = Chapter.objects.filter(report__in=reports).order_by("report", "sort_order")
    for report, mine in groupby(rows.values_list("report", "title", "slug"), itemgetter(0)):
        for number, (_, title, slug) in enumerate(mine, 1):
            found[Place(report, None, number)] = InChapter(title, f"{EDITION_PATH}/{slug}/")
    return found


def _line(whole: Marked, text: str) -> str:
    """What has most of the words: the summary or text of the page, else that of its file."""
    own = max((whole.summary, whole.text), key=lambda line: line.count(START))
    return max((own, text), key=lambda line: bool(line.count(START)))


def _wholes(found: Found, numbers: list[int]) -> dict[int, int]:
    """Of each result the key of the entry of its page or file as a whole."""
    pages = {found.directory.pages[number]: number for number in numbers}
    documents = {found.directory.documents[number]: number for number in numbers}
    of_pages = Entry.objects.filter(page__in=pages.keys() - {None}, number=0)
    of_files = Entry.objects.filter(document__in=documents.keys() - {None}, number=0)
    return {pages[page]: pk for pk, page in of_pages.values_list("pk", "page")} | {
        documents[document]: pk for pk, document in of_files.values_list("pk", "document")
    }


def _specific(keys: list[int]) -> dict[int | None, Any]:
    return {page.pk: page for page in Page.objects.filter(pk__in=keys).specific()}


def _files(places: list[Place], documents: dict[int, SiteDocument]) -> list[InFile]:
    pages: dict[int, list[int]] = {}
    for _, document, number in places:
        if document:
            pages.setdefault(document, []).append(number)
    return [
        InFile(documents[document], sorted(numbers[:NAMED]), len(numbers[NAMED:]))
        for document, numbers in pages.items()
        if document in documents
    ]


def as_html(text: str) -> SafeString:
    """Marked `text` escaped, with `mark` elements."""
    escaped = str(conditional_escape(text))
    return mark_safe(escaped.replace(START, "<mark>").replace(END, "</mark>"))
