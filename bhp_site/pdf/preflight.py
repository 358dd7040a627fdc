"""Reads the facts of one PDF, checks it and renders its cover; runs in the sandbox only."""

import math
import re
import time
import traceback
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from pikepdf import Stream
from PIL import Image

from bhp_site.pdf.checks.runner import run_checks
from bhp_site.pdf.checks.security_checks import (
    check_objects,
    check_page_count,
    decode_stream,
    guard_parsers,
)
from bhp_site.pdf.errors import Unreadable
from bhp_site.pdf.objects import get_path
from bhp_site.pdf.rendering import render_page
from bhp_site.pdf.structure import is_tagged
from bhp_site.pdf.text.cleaning import clean_line
from bhp_site.pdf.text.extraction import extract_pages, read_outline

MAX_METADATA_BYTES = 1024 * 1024
MAX_TITLE_CHARACTERS = 255
SAMPLED_PAGES = 12
MAX_SAMPLED_CHARACTERS = 2000  # of a page
MIN_LETTERS = 3  # Page numbers stamped on scans are not a text layer.
MAX_COVER_WIDTH, MAX_COVER_HEIGHT, MIN_COVER_SIDE = 1280, 2500, 100  # pixels
MAX_COVER_ZOOM = 4.0  # pixels a point, so that the image of a stamp-sized page stays small
# A page is blank if this share of each channel's pixels is within so many levels of the commonest.
BLANK_SHARE, BLANK_LEVELS = 0.9998, 8
# The shapes of language tags that are in use (BCP 47).
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.I)
MAX_LANGUAGE_CHARACTERS = 20


def read(
    path: str, cover: str, max_pages: int, seconds: float, with_text: bool = False
) -> dict[str, Any]:
    """Return the response of the sandbox to `reader.read_pdf`.

    Render page 1 as a PNG at `cover` unless it is blank. `seconds` is divided between the steps:
    optional ones are skipped when their part is spent. Raise Unreadable if the file must not be
    published.
    """
    start = time.monotonic()
    with guard_parsers(path), pikepdf.open(path) as pdf:
        facts = _read_structure(pdf, max_pages, start + 0.3 * seconds)
        facts |= _read_pages(path, cover, start, 0.6 * seconds)
        facts["findings"] = run_checks(
            pdf,
            start + 0.8 * seconds,
            is_tagged=facts["is_tagged"],
            has_text=facts["has_text"],
            has_outline=bool(facts["outline"]),
        )
        if with_text:
            facts["text"] = _read_text(path, start + 0.9 * seconds)
        return facts


def _read_structure(pdf: pikepdf.Pdf, max_pages: int, deadline: float) -> dict[str, Any]:
    """Return what the objects of the file say, which qpdf has repaired as far as it can."""
    check_page_count(pdf, max_pages)
    check_objects(pdf, deadline)
    if not len(pdf.pages):
        raise Unreadable("no_pages")
    return {
        "pages": len(pdf.pages),
        "title": read_title(pdf),
        "language": normalise_language(pdf.Root.get("/Lang")),
        "is_tagged": is_tagged(pdf.Root),
        "encrypted": pdf.is_encrypted,
    }


def _read_pages(path: str, cover: str, start: float, seconds: float) -> dict[str, Any]:
    """Return what PDFium says of the pages, and render the cover."""
    pdf = pypdfium2.PdfDocument(Path(path))
    facts = {"has_text": has_text(pdf, start + 0.7 * seconds), "outline": read_outline(pdf)}
    image = render_cover(pdf, start + seconds)
    if image is not None:
        image.save(cover, "PNG")
    return facts


def _read_text(path: str, deadline: float) -> dict[str, Any] | None:
    """Return the text of the pages; None if not all of it can be read now, but later perhaps."""
    try:
        answer = extract_pages(path, ".pdf", deadline)
    except Exception:  # No reason to refuse the file.
        traceback.print_exc()
        return None
    return answer if answer["is_complete"] else None


def read_title(pdf: pikepdf.Pdf) -> str:
    """Return the title in the XMP metadata (dc:title), else in the information dictionary."""
    title: Any = None
    metadata = get_path(pdf.Root, "/Metadata")
    if isinstance(metadata, Stream) and len(decode_stream(metadata)) <= MAX_METADATA_BYTES:
        try:
            title = pdf.open_metadata().get("dc:title")
        except Exception:  # Damaged XML fails in many ways, and costs no more than the title.
            traceback.print_exc()
    return clean_line(str(title or ""), MAX_TITLE_CHARACTERS) or clean_line(
        str(get_path(pdf.trailer, "/Info", "/Title") or ""), MAX_TITLE_CHARACTERS
    )


def normalise_language(value: Any) -> str:
    """Return a language tag in the case of RFC 5646, 2.1.1; "" if it is invalid."""
    tag = str(value or "").strip().replace("_", "-")
    if len(tag) > MAX_LANGUAGE_CHARACTERS or not LANGUAGE_TAG.fullmatch(tag):
        return ""
    first, *rest = tag.split("-")
    cases = {2: str.upper, 4: str.title}
    return "-".join([first.lower(), *(cases.get(len(part), str.lower)(part) for part in rest)])


def has_text(pdf: pypdfium2.PdfDocument, deadline: float) -> bool:
    """Return True if pages spread over the document hold letters, not only images of letters.

    Past `deadline` (of `time.monotonic`) no further page is read, and the result counts only the
    letters found until then. Pages that cannot be read are skipped.
    """
    letters = 0
    for number in range(0, len(pdf), max(1, math.ceil(len(pdf) / SAMPLED_PAGES))):
        try:
            page = pdf[number].get_textpage()
            text = page.get_text_range(0, min(page.count_chars(), MAX_SAMPLED_CHARACTERS))
        except pypdfium2.PdfiumError:
            continue
        letters += sum(map(str.isalpha, text))
        if letters >= MIN_LETTERS or time.monotonic() > deadline:
            break
    return letters >= MIN_LETTERS


def render_cover(pdf: pypdfium2.PdfDocument, deadline: float) -> Image.Image | None:
    """Return page 1 on white, without annotations.

    None if it is blank, too narrow, cannot be rendered, or is not finished by `deadline` (of
    `time.monotonic`).
    """
    try:
        page = pdf[0]
    except pypdfium2.PdfiumError:
        return None
    width, height = page.get_size()
    zoom = min(MAX_COVER_WIDTH / max(width, 1), MAX_COVER_HEIGHT / max(height, 1), MAX_COVER_ZOOM)
    if min(width, height) * zoom < MIN_COVER_SIDE:
        return None
    image = render_page(page, zoom, deadline)
    return None if image is None or is_blank(image) else image


def is_blank(image: Image.Image) -> bool:
    """Return True if nearly all of an image is one colour."""
    pixels = image.width * image.height
    for channel in image.split():
        counts = channel.histogram()
        commonest = counts.index(max(counts))
        near = counts[max(0, commonest - BLANK_LEVELS) : commonest + BLANK_LEVELS + 1]
        if sum(near) < BLANK_SHARE * pixels:
            return False
    return True
