"""Runs of formatted text, as a rich text field of this site can hold them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby

NEWLINE = "\n"


@dataclass(frozen=True)
class Run:
    """Text in one format. A line break within a paragraph is the character “\\n”."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""


@dataclass
class Paragraph:
    """A paragraph or an item of a list."""

    runs: list[Run]
    # "ul" or "ol" for an item of a list, whose depth counts from 0.
    list_kind: str = ""
    depth: int = 0


@dataclass
class Heading:
    """A heading; `level` is 1 to 6."""

    text: str
    level: int


@dataclass
class Table:
    """A table of plain text; all rows have the same length."""

    rows: list[list[str]]
    # Whether the first row names the columns.
    has_header: bool


Block = Paragraph | Heading | Table


def trim_runs(runs: Sequence[Run]) -> list[Run]:
    """Return `runs` with single spaces, and no spaces at the ends or around line breaks."""
    trimmed: list[Run] = []
    text = ""
    for run in runs:
        piece = re.sub(r"[ \t\r\f\v]+", " ", run.text)
        piece = re.sub(r" ?\n ?", NEWLINE, piece)
        if not text or text[-1:].isspace():
            piece = piece.lstrip(" ") if text.endswith((" ", NEWLINE)) else piece.lstrip()
        if piece:
            trimmed.append(replace(run, text=piece))
            text += piece
    while trimmed:
        last = trimmed[-1].text.rstrip()
        if last:
            trimmed[-1] = replace(trimmed[-1], text=last)
            break
        trimmed.pop()
    return trimmed


def get_text(runs: Sequence[Run]) -> str:
    """Return the text of `runs` in one line."""
    return " ".join("".join(run.text for run in runs).split())


def render_runs(runs: Sequence[Run]) -> str:
    """Return the HTML of `runs`: links outside, then bold, then italic."""
    parts = []
    for href, linked in groupby(runs, key=lambda run: run.href):
        inner = ""
        for (bold, italic), same in groupby(linked, key=lambda run: (run.bold, run.italic)):
            text = escape("".join(run.text for run in same), quote=False)
            text = text.replace(NEWLINE, "<br/>")
            text = f"<i>{text}</i>" if italic else text
            inner += f"<b>{text}</b>" if bold else text
        parts.append(f'<a href="{escape(href)}">{inner}</a>' if href else inner)
    return "".join(parts)


def render_paragraphs(paragraphs: Sequence[Paragraph]) -> str:
    """Return the HTML of paragraphs and list items; consecutive items make one list."""
    html = ""
    for is_list, group in groupby(paragraphs, key=lambda block: bool(block.list_kind)):
        if is_list:
            html += render_list(list(group))
        else:
            html += "".join(f"<p>{render_runs(block.runs)}</p>" for block in group)
    return html


def render_list(items: Sequence[Paragraph]) -> str:
    """Return the HTML of items of a list, deeper ones in lists of their own."""
    html = ""
    while items:
        kind, depth = items[0].list_kind, items[0].depth
        html += f"<{kind}>"
        while items and (items[0].depth > depth or items[0].list_kind == kind):
            if items[0].depth < depth:
                break
            inner = [*take_deeper(items[1:], depth)]
            html += f"<li>{render_runs(items[0].runs)}{render_list(inner)}</li>"
            items = items[1 + len(inner) :]
        html += f"</{kind}>"
    return html


def take_deeper(items: Sequence[Paragraph], depth: int) -> list[Paragraph]:
    """Return the leading `items` that are deeper than `depth`."""
    deeper: list[Paragraph] = []
    for item in items:
        if item.depth <= depth:
            break
        deeper.append(item)
    return deeper
