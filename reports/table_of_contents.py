"""The table of contents of a report's PDF, from its bookmarks or as an editor typed it."""

import re
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

CONTENTS_LINE = re.compile(r"([1-9][0-9]{,4})[\s.:–-]+(\S.*)")
# Deeper bookmarks are too detailed.
MAX_LEVEL = 2


@dataclass(frozen=True)
class ContentsEntry:
    """A part of a report, the page on which it begins (from 1), and its level (from 1)."""

    title: str
    page: int
    level: int = 1


def parse_contents(text: str) -> list[ContentsEntry]:
    """Return the entries in `text`, such as “12 Health data” on each line.

    Raises ValidationError if a line has no page number.
    """
    entries = []
    for line_number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = CONTENTS_LINE.fullmatch(line.strip())
        if match is None:
            raise ValidationError(
                f"Line {line_number} has no page number. Start it with a page number, for example "
                "“12 Health data”."
            )
        entries.append(ContentsEntry(match[2], int(match[1])))
    return entries


def clean_contents(text: str) -> str:
    """Return `text` in the form in which it is stored; raise ValidationError if it is invalid."""
    return format_contents(parse_contents(text))


def get_outline_entries(outline: list[Any]) -> list[ContentsEntry]:
    """Return the bookmarks in `outline` (title, page, level) that lead to a page.

    A single bookmark at the top is the title of the report and is left out.
    """
    entries = [ContentsEntry(title, page, level) for title, page, level in outline if page]
    tops = [entry for entry in entries if entry.level == 1]
    if len(tops) == 1 and len(entries) > 1:
        entries = [ContentsEntry(e.title, e.page, e.level - 1) for e in entries if e.level > 1]
    return [entry for entry in entries if entry.level <= MAX_LEVEL]


def format_contents(entries: list[ContentsEntry]) -> str:
    """Return `entries` as lines that `parse_contents` reads."""
    return "\n".join(f"{entry.page} {entry.title}" for entry in entries)
