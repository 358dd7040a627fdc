"""Reads one uploaded PDF in a process of its own, which `files.reading.read_pdf` starts and judges.

`run` takes the arguments of `read` and `memory_bytes`. The answer is one JSON object on standard
output: the facts, or `{"refused": reason, "detail": text}`. The process confines itself before it
opens the file, so that whatever a hostile file does to a parser ends here.
"""

import json
import math
import os
import re
import time
import traceback
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from pikepdf import Array, Dictionary, Stream, settings
from PIL import Image

from bhp_site.pdf import findings, text_reader
from bhp_site.pdf.confinement import confine
from bhp_site.pdf.drawing import draw
from bhp_site.pdf.refusals import (
    MAX_UNFOLDED,
    Refused,
    at,
    check_objects,
    clean,
    count_pages,
    explain_damage,
    unfold,
)

MAX_METADATA = 1024 * 1024  # bytes of XML
SAMPLED_PAGES = 12
ENOUGH_LETTERS = 3  # page numbers stamped on scans are not a text layer
COVER_WIDTH, COVER_HEIGHT, COVER_LEAST = 1280, 2500, 100  # pixels
COVER_ZOOM = 4.0  # pixels a point at most, so that a stamp-sized page stays a small picture
BLANK_SHARE = 0.9998  # of a channel's pixels within BLANK_NEAR of its commonest value
BLANK_NEAR = 8

LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.I)  # the usual shapes of BCP 47


def read(
    path: str, cover: str, max_pages: int, seconds: float, with_texts: bool = False
) -> dict[str, Any]:
    """The facts of the PDF at `path`; page 1 is drawn into a PNG at `cover` unless it is blank.

    `seconds` is shared out: what is only nice to know is left off when its part is spent. Raises
    Refused.
    """
    start = time.monotonic()
    try:
        with pikepdf.open(path) as pdf:
            facts = read_structure(pdf, max_pages, start + 0.3 * seconds)
            facts |= read_pages(path, cover, start, 0.6 * seconds)
            facts["findings"] = findings.find(
                pdf,
                start + 0.8 * seconds,
                is_tagged=facts["is_tagged"],
                has_text=facts["has_text"],
                has_outline=bool(facts["outline"]),
            )
            if with_texts:
                facts |= read_texts(path, start + 0.9 * seconds)
            return facts
    except pikepdf.PasswordError as error:
        raise Refused("password") from error
    except pikepdf.PdfError as error:
        raise Refused(explain_damage(path, error)) from error


def read_structure(pdf: pikepdf.Pdf, max_pages: int, deadline: float) -> dict[str, Any]:
    """What the objects of the file say; qpdf has repaired what it can. Raises Refused."""
    count_pages(pdf, max_pages)
    check_objects(pdf, deadline)
    root = pdf.Root
    if not len(pdf.pages):
        raise Refused("no_pages")
    return {
        "pages": len(pdf.pages),
        "title": title(pdf),
        "language": language(root.get("/Lang")),
        "is_tagged": is_tagged(root),
        "encrypted": pdf.is_encrypted,
    }


def read_pages(path: str, cover: str, start: float, seconds: float) -> dict[str, Any]:
    """What the pages show to somebody who looks at them; Refused where nothing can be shown."""
    try:
        pdf = pypdfium2.PdfDocument(Path(path))
    except pypdfium2.PdfiumError as error:
        locked = error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        raise Refused("password" if locked else "damaged") from error
    words = has_text(pdf, start + 0.7 * seconds)
    marks = text_reader.outline(pdf)
    picture = draw_cover(pdf, start + seconds)
    if picture is not None:
        picture.save(cover, "PNG")
    return {"has_text": words, "outline": marks}


def read_texts(path: str, deadline: float) -> dict[str, Any]:
    """The words of the pages; nothing where they cannot all be read now, as can be done later."""
    try:
        found = text_reader.texts(path, ".pdf", deadline)
    except Exception:  # no reason to refuse the file
        traceback.print_exc()
        return {}
    return found if found["whole"] else {}


def title(pdf: pikepdf.Pdf) -> str:
    """The title in the XMP metadata (dc:title), else in the older information dictionary."""
    found: Any = None
    metadata = at(pdf.Root, "/Metadata")
    if isinstance(metadata, Stream) and len(unfold(metadata)) <= MAX_METADATA:
        try:
            found = pdf.open_metadata().get("dc:title")
        except Exception:  # damaged XML fails in many ways, and costs no more than the title
            traceback.print_exc()
    return clean(str(found or ""), 255) or clean(str(at(pdf.trailer, "/Info", "/Title") or ""), 255)


def language(value: Any) -> str:
    """The language tag of the catalogue in the case of RFC 5646, 2.1.1; "" where it is none."""
    tag = str(value or "").strip().replace("_", "-")
    if len(tag) > 20 or not LANGUAGE.fullmatch(tag):
        return ""
    first, *rest = tag.split("-")
    cased = {2: str.upper, 4: str.title}
    return "-".join([first.lower(), *(cased.get(len(part), str.lower)(part) for part in rest)])


def is_tagged(root: Any) -> bool:
    """Marked as tagged and with at least one structure element (ISO 32000-1, 14.7 and 14.8)."""
    kids = at(root, "/StructTreeRoot", "/K")
    some = isinstance(kids, Dictionary) or (isinstance(kids, Array) and len(kids) > 0)
    return some and at(root, "/MarkInfo", "/Marked") is True


def has_text(pdf: pypdfium2.PdfDocument, deadline: float) -> bool:
    """Whether pages spread over the document hold letters, not only pictures of letters."""
    letters = 0
    for number in range(0, len(pdf), max(1, math.ceil(len(pdf) / SAMPLED_PAGES))):
        try:
            page = pdf[number].get_textpage()
            text = page.get_text_range(0, min(page.count_chars(), 2000))
        except pypdfium2.PdfiumError:
            continue
        letters += sum(map(str.isalpha, text))
        if letters >= ENOUGH_LETTERS or time.monotonic() > deadline:
            break
    return letters >= ENOUGH_LETTERS


def draw_cover(pdf: pypdfium2.PdfDocument, deadline: float) -> Image.Image | None:
    """Page 1 on white, without annotations; None where it fails, is blank or takes too long."""
    try:
        page = pdf[0]
    except pypdfium2.PdfiumError:
        return None
    wide, high = page.get_size()
    zoom = min(COVER_WIDTH / max(wide, 1), COVER_HEIGHT / max(high, 1), COVER_ZOOM)
    if min(wide, high) * zoom < COVER_LEAST:
        return None
    picture = draw(page, zoom, deadline)
    return None if picture is None or is_blank(picture) else picture


def is_blank(picture: Image.Image) -> bool:
    """Whether nearly all of a picture is one colour."""
    pixels = picture.width * picture.height
    for channel in picture.split():
        counts = channel.histogram()
        common = counts.index(max(counts))
        near = counts[max(0, common - BLANK_NEAR) : common + BLANK_NEAR + 1]
        if sum(near) < BLANK_SHARE * pixels:
            return False
    return True


def run(order: dict[str, Any]) -> None:
    """Confine this process, read one file, print the answer, and end."""
    confine(order["seconds"], order.pop("memory_bytes"))
    settings.set_qpdf_limits(flate_max_memory=MAX_UNFOLDED, run_length_max_memory=MAX_UNFOLDED)
    print(json.dumps(answer(order)), flush=True)
    os._exit(0)  # closing a damaged document down could still crash the libraries


def answer(order: dict[str, Any]) -> dict[str, Any]:
    """The facts, or why there are none."""
    try:
        return read(**order)
    except Refused as refusal:
        return {"refused": refusal.reason, "detail": refusal.detail}
    except MemoryError:
        return {"refused": "memory"}
    except Exception:  # whatever a parser makes of a hostile file, the editor gets a sentence
        traceback.print_exc()
        return {"refused": "damaged"}
