"""The list “In this report”: the chapters to read online, or the parts of the PDF."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from .edition_views import ChapterEntry
from .table_of_contents import ContentsEntry

# Further entries are folded away, where there are at least MIN_FOLDED_ENTRIES of them.
MAX_VISIBLE_ENTRIES, MIN_FOLDED_ENTRIES = 20, 3


@dataclass
class ContentsItem:
    """A line of the table of contents, with those below it.

    `url` is the address of the text online, "" if it is only in the PDF; `page` is the number of
    the PDF's page on which it begins, None if that is not known.
    """

    title: str
    page: int | None
    url: str = ""
    children: list["ContentsItem"] = field(default_factory=list)

    @property
    def entry_count(self) -> int:
        """Return the number of lines, this one included."""
        return 1 + len(self.children)


def nest_entries(entries: Iterable[ContentsEntry]) -> list[ContentsItem]:
    """Return the parts of a PDF as a nested list of two levels."""
    items: list[ContentsItem] = []
    for entry in entries:
        item = ContentsItem(entry.title, entry.page)
        (items[-1].children if entry.level > 1 and items else items).append(item)
    return items


def list_chapters(
    chapters: Iterable[ChapterEntry], entries: list[ContentsEntry], last_page: int
) -> list[ContentsItem]:
    """Return the chapters of an edition and their headings as a nested list.

    A chapter begins on the page that an editor entered, and a heading on that of the entry of the
    same title in the PDF's own table of contents. Pages after `last_page` are left out.
    """
    pages = {_normalise(entry.title): entry.page for entry in reversed(entries)}
    items = []
    for entry in chapters:
        page = entry.chapter.page or pages.get(_normalise(entry.chapter.title))
        headings = [
            ContentsItem(text, pages.get(_normalise(text)), f"{entry.url}#{anchor}")
            for text, anchor in entry.headings
        ]
        page = page if page and page <= last_page else None
        items.append(ContentsItem(entry.chapter.title, page, entry.url, headings))
    return items


def _normalise(title: str) -> str:
    """Return `title` without its number, as one of two titles may have one."""
    return " ".join(re.sub(r"^[\d.]+\s+", "", title.strip()).casefold().split())


def fold_contents(items: list[ContentsItem]) -> tuple[list[ContentsItem], list[ContentsItem]]:
    """Return the items to show at once, and those to fold away: only if there are several."""
    shown_count = 0
    for index, item in enumerate(items):
        shown_count += item.entry_count
        folded = items[index:]
        if index and shown_count > MAX_VISIBLE_ENTRIES and len(folded) >= MIN_FOLDED_ENTRIES:
            return items[:index], folded
    return items, []
