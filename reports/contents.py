"""“In this report”: what is on which page of its PDF, as the file or an editor says."""

import re
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

LINE = re.compile(r"([1-9][0-9]{,4})[\s.:–-]+(\S.*)")
# Bookmarks deeper than this are details.
DEEPEST = 2
# So many stand on the page; more are folded away.
SHOWN = 12


@dataclass(frozen=True)
class Entry:
    """A part of a report: on which page it begins, from 1, and how deep it stands, from 1."""

    title: str
    page: int
    level: int = 1


def from_lines(text: str) -> list[Entry]:
    """What an editor has typed: “12 Health data”, one a line; ValidationError where it is not."""
    entries = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        found = LINE.fullmatch(line.strip())
        if found is None:
            raise ValidationError(
                f"Line {number} has no page number in front, as in “12 Health data”."
            )
        entries.append(Entry(found[2], int(found[1])))
    return entries


def tidied(text: str) -> str:
    """`text` as it is kept; ValidationError where a line has no page number."""
    return as_lines(from_lines(text))


def from_outline(outline: list[Any]) -> list[Entry]:
    """The bookmarks of a file that lead to a page; a single one at the top is its title."""
    entries = [Entry(title, page, level) for title, page, level in outline if page]
    tops = [entry for entry in entries if entry.level == 1]
    if len(tops) == 1 and len(entries) > 1:
        entries = [Entry(e.title, e.page, e.level - 1) for e in entries if e.level > 1]
    return [entry for entry in entries if entry.level <= DEEPEST]


def as_lines(entries: list[Entry]) -> str:
    return "\n".join(f"{entry.page} {entry.title}" for entry in entries)
