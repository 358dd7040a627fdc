"""Footnotes of a chapter: one a line with its number, marked in the text as [1]."""

import re
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

FOOTNOTE_LINE = re.compile(r"\[?([1-9][0-9]{,2})\]?[\s.:)–-]+(\S.*)")
# A mark in HTML, but not in a heading, within another link, or in a tag, such as its URL.
FOOTNOTE_MARK = re.compile(
    r"<a\b.*?</a>|<h[1-6]\b.*?</h[1-6]>|<[^>]*>|\[([1-9][0-9]{,2})\]", re.DOTALL
)


@dataclass(frozen=True)
class Footnote:
    """A footnote with its number; `anchor` and `mark` are the ids of it and of its mark.

    `mark` is "" if nothing in the text links to the footnote.
    """

    number: int
    text: str
    anchor: str = ""
    mark: str = ""


def parse_footnotes(text: str) -> list[Footnote]:
    """Return the footnotes in `text`, such as “3 Our register” on each line, by number.

    Raises ValidationError if a line has no number, or a number occurs twice.
    """
    footnotes: dict[int, Footnote] = {}
    for line_number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = FOOTNOTE_LINE.fullmatch(line.strip())
        if match is None:
            raise ValidationError(
                f"Line {line_number} has no number. Start it with a number, for example “3 Our "
                "register, March 2025”."
            )
        number = int(match[1])
        if number in footnotes:
            raise ValidationError(f"Line {line_number} repeats the number {number}.")
        footnotes[number] = Footnote(number, match[2])
    return [footnotes[number] for number in sorted(footnotes)]


def clean_footnotes(text: str) -> str:
    """Return `text` in the form in which it is stored; raise ValidationError if it is invalid."""
    return "\n".join(f"{footnote.number} {footnote.text}" for footnote in parse_footnotes(text))


def link_footnotes(
    html: str, footnotes: list[Footnote], prefix: str = ""
) -> tuple[SafeString, list[Footnote]]:
    """Return `html` with its marks linked to `footnotes`, and these with ids to link back.

    `prefix` distinguishes the ids of one chapter from those of others on the same page.
    """
    # Anchors of headings never contain a colon.
    anchors = {footnote.number: f"note:{prefix}{footnote.number}" for footnote in footnotes}
    marks: dict[int, str] = {}

    def link(match: re.Match[str]) -> str:
        number = int(match[1] or 0)
        if number not in anchors:
            return match[0]
        # A footnote links back to its first mark only.
        own_id = ""
        if number not in marks:
            marks[number] = f"mark:{prefix}{number}"
            own_id = format_html(' id="{}"', marks[number])
        tag = format_html('<a{} href="#{}" role="doc-noteref">', own_id, anchors[number])
        return f'<sup>{tag}<span class="hide">Footnote </span>{number}</a></sup>'

    linked_html = mark_safe(FOOTNOTE_MARK.sub(link, html))
    return linked_html, [
        replace(footnote, anchor=anchors[footnote.number], mark=marks.get(footnote.number, ""))
        for footnote in footnotes
    ]
