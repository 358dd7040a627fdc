"""Results as the page shows them: with the line that matches, and the pages of the file."""

from dataclasses import dataclass
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from bhp_site.files.models import SiteDocument

from .engine import END, START, Marked, engine
from .finding import Found
from .models import Entry

# How many pages of a file are named, and how many are looked at to count the others.
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
class Result:
    """A page, else a file: its title and the line that matches, both marked; pages of files."""

    item: Any
    title: SafeString
    line: SafeString
    files: list[InFile]


def shown(found: Found, terms: list[str], numbers: list[int]) -> list[Result]:
    """The results with these `numbers`, in that order."""
    known, asked = found.directory, engine()
    entries = found.entries_of(numbers)
    hits = [pk for mine in entries.values() for pk in mine[:LOOKED_AT]]
    # Key → key of the file and page in it, of text in files alone.
    texts = Entry.objects.filter(pk__in=hits, number__gt=0)
    places = {
        pk: (document, number)
        for pk, document, number in texts.values_list("pk", "document", "number")
    }
    if places:
        own = {*asked.own(terms, [*places])}
        places = {pk: place for pk, place in places.items() if pk in own}
    in_files = {number: [pk for pk in entries[number] if pk in places] for number in numbers}
    wholes = _wholes(found, numbers)
    first = [pk for mine in in_files.values() for pk in mine[:1]]
    marked = asked.marked(terms, [*wholes.values(), *first])
    pages = _specific([pk for number in numbers if (pk := known.pages[number])])
    documents = SiteDocument.objects.in_bulk(
        {place[0] for place in places.values()} | {*filter(None, known.documents)}
    )
    results = []
    for number in numbers:
        item = pages.get(known.pages[number]) or documents.get(known.documents[number])
        if item is None:
            # Deleted while somebody looked.
            continue
        whole = marked.get(wholes[number], NOTHING)
        text = marked.get(in_files[number][0], NOTHING).text if in_files[number] else ""
        results.append(
            Result(
                item,
                as_html(whole.title or item.title),
                as_html(_line(whole, text) or getattr(item, "description", "")),
                _files([places[pk] for pk in in_files[number]], documents),
            )
        )
    return results


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


def _files(places: list[tuple[int, int]], documents: dict[int, SiteDocument]) -> list[InFile]:
    pages: dict[int, list[int]] = {}
    for document, number in places:
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
