"""Reads the text of one file in a process of its own, page by page: see `files.reading.read_texts`.

`run` prints `{"texts": {page: text}, "whole": bool, "outline": [[title, page, level]]}`, or
`{"refused": reason}`.
"""

import json
import os
import re
import time
import traceback
import unicodedata
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pypdfium2

from bhp_site.pdf.confinement import confine
from bhp_site.pdf.refusals import clean

# Characters of one page, and of a whole file: what is longer is no text that anybody reads.
MOST_OF_PAGE = 200_000
MOST_OF_FILE = 3_000_000
MAX_OUTLINE = 500
MOST_XML = 50 * 1024 * 1024  # bytes of one part of a package
# Extension → the parts that hold its words, and the elements that end a line (ECMA-376, ODF 1.3).
PARTS = {
    ".docx": (("word/document.xml", "word/footnotes.xml"), ("}p", "}br", "}tab")),
    ".odt": (("content.xml",), ("}p", "}h", "}line-break", "}tab")),
    ".xlsx": (("xl/sharedStrings.xml",), ("}si",)),
    ".ods": (("content.xml",), ("}p",)),
}
# What readers do not see: words struck out, field codes, comments, readings, and a second copy for
# older programs.
UNSEEN = (
    *("}del", "}moveFrom", "}instrText", "}Fallback", "}rPh"),
    *("}tracked-changes", "}annotation", "}ruby-text"),
)
# A word that goes on in the next line: after a hyphen, or what PDFium puts in the place of one.
BROKEN = re.compile(r"(?<=[^\W\d_])(?:[\xad\ufffe\x02]\s*|[-‐][^\S\n]*\n\s*)(?=([^\W\d_]))")
# Signs that are no part of a text, and those whose meaning its font alone knows. Joiners stay: they
# are part of the spelling in Urdu and Punjabi.
NO_TEXT = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069"
    r"\ud800-\uf8ff\ufeff\ufff0-\uffff]"
)


def mend(broken: re.Match[str]) -> str:
    """What stands between the halves: before a capital the hyphen is part of a name."""
    return "-" if broken[1].isupper() and broken[0][0] != "\xad" else ""


def tidy(text: str) -> str:
    """`text` in one line, with broken words joined, ligatures as letters, accents in one piece."""
    joined = NO_TEXT.sub("", BROKEN.sub(mend, text.replace("\r\n", "\n")))
    letters = re.sub("[\ufb00-\ufb06]", lambda one: unicodedata.normalize("NFKC", one[0]), joined)
    return " ".join(unicodedata.normalize("NFC", letters).split())


def pdf_pages(pdf: pypdfium2.PdfDocument) -> Iterator[str]:
    """The words of each page in the order of the file; "" where a page cannot be read."""
    for number in range(len(pdf)):
        try:
            page = pdf[number].get_textpage()
            text = page.get_text_range(
                0, min(page.count_chars(), 2 * MOST_OF_PAGE), errors="ignore"
            )
        except Exception:  # a page that cannot be read keeps up no other
            traceback.print_exc()
            text = ""
        yield text


def outline(pdf: pypdfium2.PdfDocument) -> list[tuple[str, int | None, int]]:
    """The bookmarks in reading order as (title, page from 1, level from 1)."""
    entries = []
    for mark in islice(pdf.get_toc(), MAX_OUTLINE):
        target = mark.get_dest()
        index = target.get_index() if target else None
        if name := clean(mark.get_title(), 255):
            entries.append((name, None if index is None else index + 1, mark.level + 1))
    return entries


def package_text(path: str, suffix: str) -> str:
    """The words of a document or spreadsheet; formulas and numbers in cells are none."""
    parts, ends = PARTS[suffix]
    found: list[str] = []
    with zipfile.ZipFile(path) as package:
        for part in parts:
            if part not in package.namelist():
                continue
            with package.open(part) as file:
                # Expat has bounds for entities, this process for all else.
                root = ElementTree.fromstring(file.read(MOST_XML))  # noqa: S314
            found.extend(words(root, ends))
    return "".join(found)


def words(root: ElementTree.Element, ends: tuple[str, ...]) -> Iterator[str]:
    """The words below `root` in their order; `ends` are the elements that end a line."""
    # Elements whose beginning is still to come, and what follows those that have ended: files may
    # nest deeper than calls can.
    stack: list[ElementTree.Element | str] = [root]
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            yield one
            continue
        stack.append(one.tail or "")
        if not one.tag.endswith(UNSEEN):
            stack.append("\n" if one.tag.endswith(ends) else "")
            stack.extend(reversed(one))
            yield one.text or ""


def unpaged(path: str, suffix: str) -> Iterator[str]:
    if suffix in PARTS:
        yield package_text(path, suffix)
    else:
        with Path(path).open("rb") as file:
            yield file.read(8 * MOST_OF_PAGE).decode(errors="ignore")


def texts(path: str, suffix: str, deadline: float) -> dict[str, Any]:
    """The text of each page that has any; `whole` where nothing was left off; the bookmarks.

    What is read by `deadline`, of the monotonic clock, is kept.
    """
    pdf = pypdfium2.PdfDocument(Path(path)) if suffix == ".pdf" else None
    marks = outline(pdf) if pdf else []
    found: dict[int, str] = {}
    left, whole = MOST_OF_FILE, True
    for number, page in enumerate(pdf_pages(pdf) if pdf else unpaged(path, suffix), 1):
        if time.monotonic() > deadline or not left:
            return {"texts": found, "whole": False, "outline": marks}
        text = tidy(page)
        kept = text[: min(left, MOST_OF_PAGE)]
        whole = whole and kept == text
        if kept:
            found[number] = kept
            left -= len(kept)
    return {"texts": found, "whole": whole, "outline": marks}


def answer(path: str, suffix: str, seconds: float) -> dict[str, Any]:
    try:
        return texts(path, suffix, time.monotonic() + 0.8 * seconds)
    except MemoryError:
        return {"refused": "memory"}
    except Exception:  # whatever a parser makes of a hostile file, the editor gets a sentence
        traceback.print_exc()
        return {"refused": "damaged"}


def run(order: dict[str, Any]) -> None:
    """Confine this process, read one file, print the answer, and end."""
    confine(order["seconds"], order.pop("memory_bytes"))
    print(json.dumps(answer(**order), ensure_ascii=False), flush=True)
    os._exit(0)  # closing a damaged document down could still crash the libraries
