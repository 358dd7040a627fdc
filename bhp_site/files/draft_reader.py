"""Drafts chapters of blocks from one PDF in a process of its own: see `drafting.draft`.

`run` prints `{"is_tagged": bool, "language": str, "chapters": […]}`, whose figures name PNG files
in the folder `pictures`; or, asked for the picture of a page, `{"drawn": bool}`; or
`{"refused": reason}`.
"""

import json
import os
import time
import traceback
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from pikepdf import settings

from bhp_site.files import draft_pages
from bhp_site.files.confinement import confine
from bhp_site.files.draft_blocks import Area, Blocks
from bhp_site.files.draft_chapters import Chapter, chapters
from bhp_site.files.draft_tree import Tagged
from bhp_site.files.draft_words import Vocabulary, joined, read_page
from bhp_site.files.pdf_drawing import draw, extent, from_above
from bhp_site.files.pdf_reader import is_tagged, language
from bhp_site.files.pdf_refusals import MAX_UNFOLDED, Refused, cause, count_pages
from bhp_site.files.pdf_structure import Tree
from bhp_site.files.pdf_subject import Late, Subject

PAGE_WIDTH, PAGE_HEIGHT = 900, 3000  # pixels of the picture of a page
PICTURE_WIDTH, PICTURE_ZOOM = 1600, 4.0  # pixels of a figure; pixels a point at most
LEAST = 6.0  # points: what is smaller is no figure
MOST_PICTURES = 200
MOST_LETTERS = 3_000_000
NO_PICTURE = "This figure could not be taken out of the PDF: add its picture from the original."
SHOWN = ("kind", "page", "level", "text", "html", "rows", "has_header", "caption", "alt", "picture")


def draft(path: str, pictures: str, max_pages: int, seconds: float) -> dict[str, Any]:
    """The draft of the PDF at `path`. Raises Refused, Late."""
    start = time.monotonic()
    with pikepdf.open(path) as pdf:
        count_pages(pdf, max_pages)
        subject = Subject(pdf, start + 0.8 * seconds)
        document = pypdfium2.PdfDocument(Path(path))
        pages = {number: page for number, page in read_pages(document, subject) if page is not None}
        known = Vocabulary()
        for page in pages.values():
            for pieces in page.pieces.values():
                known.add(joined(pieces))
        tagged = is_tagged(pdf.Root)
        if tagged:
            tree = Tagged(Tree(subject), pages, known)
            made = chapters(Blocks(tree).read(), pages, tree.used, known)
            draw_figures(document, made, Path(pictures), start + 0.9 * seconds)
        else:
            made = [draft_pages.chapter(pages, known)]
        return {
            "is_tagged": tagged,
            "language": language(pdf.Root.get("/Lang")),
            "chapters": [told(one) for one in made if one.blocks or one.title],
        }


def read_pages(document: pypdfium2.PdfDocument, subject: Subject) -> Any:
    left = MOST_LETTERS
    for number in range(1, len(document) + 1):
        subject.check_time()
        try:
            page = read_page(document, number)
        except pypdfium2.PdfiumError:  # a page that cannot be read keeps up no other
            traceback.print_exc()
            continue
        left -= sum(len(piece.text) for pieces in page.pieces.values() for piece in pieces)
        if left < 0:
            raise Refused("memory")
        yield number, page


def told(chapter: Chapter) -> dict[str, Any]:
    blocks = [
        {key: getattr(one, key) for key in SHOWN} | {"doubt": " ".join(one.doubts)}
        for one in chapter.blocks
    ]
    return {"title": chapter.title, "page": chapter.page, "blocks": blocks}


def draw_figures(
    document: pypdfium2.PdfDocument, made: list[Chapter], folder: Path, deadline: float
) -> None:
    """Draw each figure into a file of the folder, which its block then names."""
    figures = [one for chapter in made for one in chapter.blocks if one.kind == "figure"]
    for count, block in enumerate(figures):
        if count < MOST_PICTURES and block.area and time.monotonic() < deadline:
            picture = cut(document, block.area, deadline)
            if picture is not None:
                block.picture = f"{count}.png"
                picture.save(folder / block.picture, "PNG")
        if not block.picture:
            block.doubt(NO_PICTURE)


def cut(document: pypdfium2.PdfDocument, area: Area, deadline: float) -> Any:
    """The picture of an area; None where nothing is drawn there."""
    try:
        page = document[area.page - 1]
        box = area.box or extent(page, area.marks)
    except pypdfium2.PdfiumError:
        return None
    if box is None:
        return None
    left, top, right, bottom = from_above(page, box)
    if min(right - left, bottom - top) < LEAST:
        return None
    zoom = min(PICTURE_WIDTH / (right - left), PICTURE_WIDTH / (bottom - top), PICTURE_ZOOM)
    return draw(page, zoom, deadline, (left, top, right, bottom))


def page_picture(path: str, pictures: str, number: int, seconds: float) -> dict[str, Any]:
    """Draw one page into the folder."""
    document = pypdfium2.PdfDocument(Path(path))
    if not 1 <= number <= len(document):
        return {"drawn": False}
    page = document[number - 1]
    wide, high = page.get_size()
    zoom = min(PAGE_WIDTH / max(wide, 1), PAGE_HEIGHT / max(high, 1))
    picture = draw(page, zoom, time.monotonic() + 0.8 * seconds)
    if picture is not None:
        picture.quantize().save(Path(pictures, "page.png"), "PNG")
    return {"drawn": picture is not None}


def answer(order: dict[str, Any]) -> dict[str, Any]:
    """What is asked for, or why there is none."""
    try:
        return page_picture(**order) if "number" in order else draft(**order)
    except Refused as refusal:
        return {"refused": refusal.reason}
    except Late:
        return {"refused": "time"}
    except MemoryError:
        return {"refused": "memory"}
    except pikepdf.PasswordError:
        return {"refused": "password"}
    except pikepdf.PdfError as error:
        return {"refused": cause(error)}
    except pypdfium2.PdfiumError as error:
        locked = error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        return {"refused": "password" if locked else "damaged"}
    except Exception:  # whatever a parser makes of a hostile file, the editor gets a sentence
        traceback.print_exc()
        return {"refused": "damaged"}


def run(order: dict[str, Any]) -> None:
    """Confine this process, read one file, print the answer, and end."""
    confine(order["seconds"], order.pop("memory_bytes"))
    settings.set_qpdf_limits(flate_max_memory=MAX_UNFOLDED, run_length_max_memory=MAX_UNFOLDED)
    print(json.dumps(answer(order)), flush=True)
    os._exit(0)  # closing a damaged document down could still crash the libraries
