"""Reads a pasted or uploaded press release into lines, within limits."""

import io
import re
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from itertools import groupby
from xml.parsers.expat import ExpatError

import mammoth
from bs4.exceptions import ParserRejectedMarkup

from bhp_site.files.formats import get_rejection_reason
from bhp_site.pasting.reader import is_too_large
from bhp_site.pasting.runs import Heading, Paragraph, Table, render_paragraphs

from .lines import Line, read_html, read_text

# Far more than a release has: the longest known have 15,000 characters.
MAX_CHARACTERS = 100_000
MAX_LINES = 1_500
MAX_DOCX_BYTES = 20 * 1024 * 1024
# Of one part of a Word document; reading that much takes a second or two.
MAX_XML_BYTES = 3 * 1024 * 1024
MAX_XML_TAGS = 60_000
# HTML that somebody has pasted as text.
LOOKS_LIKE_HTML = re.compile(
    r"^\s*(?:<!--|<!doctype html|<(?:html|body|meta|div|p|h[1-6])\b)", re.I
)
STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"
TOO_LONG = (
    "This is too long for a press release. Paste the release alone, without the report or the "
    "messages around it."
)
# What mammoth raises for parts that are missing or hold nonsense.
DATA_ERRORS = (AttributeError, LookupError, OSError, TypeError, ValueError)
UNREADABLE_HTML = (
    "The formatting of this text cannot be read. Paste it as plain text: Ctrl+Shift+V, on a Mac "
    "Option+Shift+Command+V."
)
UNREADABLE_DOCX = (
    "This Word document cannot be read. Open it in Word, copy all of its text and paste it here."
)
TOO_LARGE_DOCX = (
    "This Word document is too large. Open it in Word, copy the text of the release and paste it "
    "here."
)


class SourceRefused(Exception):
    """Raised for what cannot be read as a press release; its message is for the editor."""


class SourceKind(StrEnum):
    """The format of a source's text."""

    TEXT = "text"
    HTML = "html"


@dataclass(frozen=True)
class Source:
    """The text of a release as it was given, in plain text or HTML."""

    kind: SourceKind
    content: str


def make_source(text: str, html: str = "") -> Source:
    """Return the source of pasted `text`, which the browser may also have given as `html`."""
    if html.strip():
        return Source(SourceKind.HTML, html)
    kind = SourceKind.HTML if LOOKS_LIKE_HTML.match(text) else SourceKind.TEXT
    return Source(kind, text)


def read_source(source: Source) -> list[Line]:
    """Return the lines of `source`; raise SourceRefused if it is too long or cannot be read."""
    if source.kind == SourceKind.TEXT:
        if len(source.content) > 2 * MAX_CHARACTERS:
            raise SourceRefused(TOO_LONG)
        lines = read_text(source.content)
    else:
        if is_too_large(source.content):
            raise SourceRefused(TOO_LONG)
        try:
            lines = read_html(source.content)
        except ParserRejectedMarkup as error:
            raise SourceRefused(UNREADABLE_HTML) from error
    if len(lines) > MAX_LINES or sum(len(line.text) for line in lines) > MAX_CHARACTERS:
        raise SourceRefused(TOO_LONG)
    return lines


def read_docx(data: bytes) -> Source:
    """Return the source that a Word document (.docx) holds; raise SourceRefused if it cannot.

    Nothing that the document refers to is opened, and images are left out.
    """
    if len(data) > MAX_DOCX_BYTES:
        raise SourceRefused(TOO_LARGE_DOCX)
    if reason := get_rejection_reason(io.BytesIO(data), ".docx"):
        raise SourceRefused(reason)
    try:
        _check_xml(data)
        html = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=STYLES,
            include_embedded_style_map=False,
            external_file_access=False,
            convert_image=mammoth.images.img_element(lambda image: {}),
        ).value
    except SourceRefused:
        raise
    except (ExpatError, zipfile.BadZipFile, RecursionError, *DATA_ERRORS) as error:
        raise SourceRefused(UNREADABLE_DOCX) from error
    # The arrows back from footnotes to the text.
    return Source(
        SourceKind.HTML, re.sub(r'\s*<a href="#(?:foot|end)note-ref-\d+">↑</a>', "", html)
    )


def _check_xml(data: bytes) -> None:
    """Raise SourceRefused for parts that are too large, or that declare entities."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for entry in package.infolist():
            if not entry.filename.lower().endswith((".xml", ".rels")):
                continue
            if entry.file_size > MAX_XML_BYTES:
                raise SourceRefused(TOO_LARGE_DOCX)
            xml = package.read(entry)
            if xml.count(b"<") > 2 * MAX_XML_TAGS:
                raise SourceRefused(TOO_LARGE_DOCX)
            if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or b"\0" in xml:
                raise SourceRefused(UNREADABLE_DOCX)


def render_source(lines: list[Line]) -> Source:
    """Return `lines` as HTML that reads as the same lines: small, and without foreign markup."""
    html = []
    blocks = [line.to_block() for line in lines]
    for is_text, group in groupby(blocks, key=lambda block: isinstance(block, Paragraph)):
        if is_text:
            # Together, so that items keep the depth in their list.
            html.append(render_paragraphs([part for part in group if isinstance(part, Paragraph)]))
            continue
        for block in group:
            if isinstance(block, Table):
                html.append(_render_table(block))
            elif isinstance(block, Heading):
                text = escape(block.text, quote=False)
                html.append(f"<h{block.level}>{text}</h{block.level}>")
    return Source(SourceKind.HTML, "\n".join(html))


def _render_table(table: Table) -> str:
    tag = "th" if table.has_header else "td"
    rows = []
    for number, row in enumerate(table.rows):
        name = tag if number == 0 else "td"
        rows.append("".join(f"<{name}>{escape(cell, quote=False)}</{name}>" for cell in row))
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"
