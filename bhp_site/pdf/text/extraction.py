"""Extracts the text of one document page by page; runs in the sandbox only."""

import time
import traceback
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pypdfium2

from bhp_site.pdf.text.cleaning import clean_line, normalise_text
from bhp_site.pdf.text.packages import PARTS, extract_package_text

# Longer text is not text that anybody reads.
MAX_PAGE_CHARACTERS = 200_000
MAX_DOCUMENT_CHARACTERS = 3_000_000
MAX_OUTLINE_ENTRIES = 500
MAX_TITLE_CHARACTERS = 255
MAX_UTF8_BYTES = 4  # of one character


def read(path: str, suffix: str, seconds: float) -> dict[str, Any]:
    """Return the response of the sandbox to `reader.read_text`: see `extract_pages`."""
    return extract_pages(path, suffix, time.monotonic() + 0.8 * seconds)


def extract_pages(path: str, suffix: str, deadline: float) -> dict[str, Any]:
    """Return {"pages": {number: text}, "is_complete": bool, "outline": bookmarks}.

    Pages without text are missing; formats without pages have one page. What has been read by
    `deadline` (of `time.monotonic`) is returned. Raise what the parsers raise for a damaged file.
    """
    pdf = pypdfium2.PdfDocument(Path(path)) if suffix == ".pdf" else None
    outline = read_outline(pdf) if pdf else []
    pages: dict[int, str] = {}
    remaining, is_complete = MAX_DOCUMENT_CHARACTERS, True
    raw_texts = _iterate_pdf_pages(pdf) if pdf else _iterate_whole_file(path, suffix)
    for number, raw_text in enumerate(raw_texts, 1):
        if time.monotonic() > deadline or not remaining:
            is_complete = False
            break
        text = normalise_text(raw_text)
        shortened = text[: min(remaining, MAX_PAGE_CHARACTERS)]
        is_complete = is_complete and shortened == text
        if shortened:
            pages[number] = shortened
            remaining -= len(shortened)
    return {"pages": pages, "is_complete": is_complete, "outline": outline}


def read_outline(pdf: pypdfium2.PdfDocument) -> list[tuple[str, int | None, int]]:
    """Return the bookmarks in reading order as (title, page from 1 or None, level from 1)."""
    entries = []
    for bookmark in islice(pdf.get_toc(), MAX_OUTLINE_ENTRIES):
        target = bookmark.get_dest()
        index = target.get_index() if target else None
        if title := clean_line(bookmark.get_title(), MAX_TITLE_CHARACTERS):
            entries.append((title, None if index is None else index + 1, bookmark.level + 1))
    return entries


def _iterate_pdf_pages(pdf: pypdfium2.PdfDocument) -> Iterator[str]:
    """Yield the raw text of each page; "" for a page that cannot be read."""
    for number in range(len(pdf)):
        try:
            page = pdf[number].get_textpage()
            text = page.get_text_range(
                0, min(page.count_chars(), 2 * MAX_PAGE_CHARACTERS), errors="ignore"
            )
        except Exception:
            traceback.print_exc()
            text = ""
        yield text


def _iterate_whole_file(path: str, suffix: str) -> Iterator[str]:
    """Yield the raw text of a format without pages, at once."""
    if suffix in PARTS:
        yield extract_package_text(path, suffix)
    else:
        with Path(path).open("rb") as file:
            yield file.read(2 * MAX_UTF8_BYTES * MAX_PAGE_CHARACTERS).decode(errors="ignore")
