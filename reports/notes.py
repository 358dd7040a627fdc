"""Footnotes: typed by number, one a line, and marked in the text as [1]."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

LINE = re.compile(r"\[?([1-9][0-9]{,2})\]?[\s.:)–-]+(\S.*)")
# A mark in rendered text: not in a tag, where it may be of an address, nor within another link.
MARK = re.compile(r"<a\b.*?</a>|<h[1-6]\b.*?</h[1-6]>|<[^>]*>|\[([1-9][0-9]{,2})\]", re.DOTALL)


@dataclass(frozen=True)
class Note:
    """A footnote, its number as the report has it; `anchor` and `mark` are ids on the page.

    `mark` is "" where nothing in the text leads to it.
    """

    number: int
    text: str
    anchor: str = ""
    mark: str = ""


def from_lines(text: str) -> list[Note]:
    """What an editor has typed: “3 Our register”, one a line; ValidationError where it is not."""
    notes: dict[int, Note] = {}
    for place, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        found = LINE.fullmatch(line.strip())
        if found is None:
            raise ValidationError(
                f"Line {place} has no number in front, as in “3 Our register, March 2025”."
            )
        note = Note(int(found[1]), found[2])
        if note.number in notes:
            raise ValidationError(f"Line {place} has the number {note.number} a second time.")
        notes[note.number] = note
    return sorted(notes.values(), key=lambda note: note.number)


def tidied(text: str) -> str:
    """`text` as it is kept; ValidationError where a line has no number, or one twice."""
    return "\n".join(f"{note.number} {note.text}" for note in from_lines(text))


def linked(html: str, notes: list[Note], within: str = "") -> tuple[SafeString, list[Note]]:
    """`html` whose marks lead to `notes`, and these with the ids that lead back.

    `within` tells the ids of one chapter from those of others on the same page.
    """
    # No anchor made of words has a colon.
    anchors = {note.number: f"note:{within}{note.number}" for note in notes}
    marks: dict[int, str] = {}

    def link(found: re.Match[str]) -> str:
        number = int(found[1] or 0)
        if number not in anchors:
            return found[0]
        mark = f"mark:{within}{number}"
        # The first leads back; others need no id.
        own = "" if number in marks else format_html(' id="{}"', mark)
        marks[number] = mark
        place = format_html('<a{} href="#{}" role="doc-noteref">', own, anchors[number])
        return f'<sup>{place}<span class="hide">Footnote </span>{number}</a></sup>'

    text = mark_safe(MARK.sub(link, html))
    return text, [
        Note(note.number, note.text, anchors[note.number], marks.get(note.number, ""))
        for note in notes
    ]
