"""Drafts chapters of blocks from one PDF in a process of its own: see `files.drafting.draft`.

`run` prints `{"is_tagged": bool, "language": str, "chapters": […]}`, whose figures name PNG files
in the folder `pictures`; or, asked for the picture of a page, `{"drawn": bool}`; or
`{"refused": reason}`.
"""

import json
import os
import time
import traceback
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from pikepdf import settings
from PIL import Image

from bhp_site.pdf import draft_pages
from bhp_site.pdf.confinement import confine
from bhp_site.pdf.draft_blocks import Area, Block, Blocks
from bhp_site.pdf.draft_chapters import Chapter, chapters
from bhp_site.pdf.draft_marks import ARTIFACT, Marks
from bhp_site.pdf.draft_tree import Tagged
from bhp_site.pdf.draft_words import PageWords, Vocabulary, joined, read_page
from bhp_site.pdf.drawing import Box, draw, extent, from_above
from bhp_site.pdf.reader import is_tagged, language
from bhp_site.pdf.refusals import MAX_UNFOLDED, Refused, count_pages, explain_damage
from bhp_site.pdf.structure import Tree
from bhp_site.pdf.subject import Late, Subject

PAGE_WIDTH, PAGE_HEIGHT = 900, 3000  # pixels of the picture of a page
PICTURE_WIDTH, PICTURE_ZOOM = 1600, 4.0  # pixels of a figure; pixels a point at most
LEAST = 6.0  # points: what is smaller is no figure
MOST_PICTURES = 200
MOST_LETTERS = 3_000_000
# Running heads and page numbers alone are decoration in truth.
MIN_LETTERS_OF_FILE, MIN_LETTERS_OF_PAGE = 12, 150
ALL_SET_ASIDE = (
    "The PDF marks all its words as decoration, so that nothing tells its headings and lists: this "
    "is the text of its pages."
)
NO_PICTURE = "This figure could not be taken out of the PDF: add its picture from the original."
SHOWN = ("kind", "page", "level", "text", "html", "rows", "has_header", "caption", "alt", "picture")


def draft(path: str, pictures: str, max_pages: int, seconds: float) -> dict[str, Any]:
    """The draft of the PDF at `path`. Raises Refused, Late."""
    start = time.monotonic()
    with pikepdf.open(path) as pdf:
        count_pages(pdf, max_pages)
        subject = Subject(pdf, start + 0.8 * seconds)
        document = pypdfium2.PdfDocument(Path(path))
        tree = Tree(subject) if is_tagged(pdf.Root) else None
        pages = dict(read_pages(document, subject, tree))
        set_aside = find_set_aside(pages) if tree else []
        is_bare = bool(set_aside) and not any(count_letters(page)[1] for page in pages.values())
        for number in set_aside:  # nothing else would be left of them
            pages |= read_pages(document, subject, None, number)
        known = Vocabulary()
        for page in pages.values():
            pieces = chain.from_iterable(page.pieces.values())
            known.add(joined(sorted(pieces, key=lambda piece: piece.start)))
        if tree and not is_bare:
            tagged = Tagged(tree, pages, known)
            made = chapters(Blocks(tagged).read(), pages, tagged.used, known)
            figures = Figures(document, tree, start + 0.9 * seconds)
            figures.draw([block for one in made for block in one.blocks], Path(pictures))
        else:
            made = [draft_pages.chapter(pages, known)]
            if is_bare and made[0].blocks:
                made[0].blocks[0].doubt(ALL_SET_ASIDE)
        return {
            "is_tagged": tree is not None,
            "language": language(pdf.Root.get("/Lang")),
            "chapters": [told(one) for one in made if one.blocks or one.title],
        }


def read_pages(
    document: pypdfium2.PdfDocument, subject: Subject, tree: Tree | None, only: int = 0
) -> Iterator[tuple[int, PageWords]]:
    """Yield the words of each page that can be read, or of the page `only`, with its number.

    Raises Refused where they are too many.
    """
    left = MOST_LETTERS
    first, last = (only, only) if only else (1, len(document))
    for number, node in enumerate(subject.pdf.pages[first - 1 : last], first):
        subject.check_time()
        try:
            page = document[number - 1]
            marks = Marks(page, node.obj, tree.content) if tree else None
            words = read_page(page, number, marks)
        except pypdfium2.PdfiumError:  # a page that cannot be read keeps up no other
            traceback.print_exc()
            continue
        left -= sum(len(piece.text) for pieces in words.pieces.values() for piece in pieces)
        if left < 0:
            raise Refused("memory")
        yield number, words


def find_set_aside(pages: dict[int, PageWords]) -> list[int]:
    """Return the pages whose words are all marked as decoration, although they are many.

    Where that is so of the whole file, fewer words are enough.
    """
    letters = {number: count_letters(page) for number, page in pages.items()}
    bare = {number: aside for number, (aside, others) in letters.items() if aside and not others}
    is_whole = not any(others for _, others in letters.values())
    least = 1 if is_whole and sum(bare.values()) >= MIN_LETTERS_OF_FILE else MIN_LETTERS_OF_PAGE
    return [number for number, aside in bare.items() if aside >= least]


def count_letters(page: PageWords) -> tuple[int, int]:
    """Return how many letters of a page are marked as decoration, and how many are not."""
    aside = others = 0
    for mark, pieces in page.pieces.items():
        count = sum(map(str.isalpha, "".join(piece.text for piece in pieces)))
        aside, others = (aside + count, others) if mark == ARTIFACT else (aside, others + count)
    return aside, others


def told(chapter: Chapter) -> dict[str, Any]:
    blocks = [
        {key: getattr(one, key) for key in SHOWN} | {"doubt": " ".join(one.doubts)}
        for one in chapter.blocks
    ]
    return {"title": chapter.title, "page": chapter.page, "blocks": blocks}


class Figures:
    """Cuts figures out of the pages, as they are drawn."""

    def __init__(self, document: pypdfium2.PdfDocument, tree: Tree, deadline: float) -> None:
        self.document, self.tree, self.deadline = document, tree, deadline

    def draw(self, blocks: list[Block], folder: Path) -> None:
        """Draw each figure into a file of the folder, which its block then names."""
        for count, block in enumerate(one for one in blocks if one.kind == "figure"):
            if count < MOST_PICTURES and block.area and time.monotonic() < self.deadline:
                picture = self._cut(block.area)
                if picture is not None:
                    block.picture = f"{count}.png"
                    picture.save(folder / block.picture, "PNG")
            if not block.picture:
                block.doubt(NO_PICTURE)

    def _cut(self, area: Area) -> Image.Image | None:
        """The picture of an area; None where nothing is drawn there."""
        try:
            page = self.document[area.page - 1]
        except pypdfium2.PdfiumError:
            return None
        box = area.box or self._extent(page, area)
        if box is None:
            return None
        left, top, right, bottom = from_above(page, box)
        if min(right - left, bottom - top) < LEAST:
            return None
        zoom = min(PICTURE_WIDTH / (right - left), PICTURE_WIDTH / (bottom - top), PICTURE_ZOOM)
        return draw(page, zoom, self.deadline, (left, top, right, bottom))

    def _extent(self, page: pypdfium2.PdfPage, area: Area) -> Box | None:
        node = self.tree.subject.pdf.pages[area.page - 1].obj
        marks = Marks(page, node, self.tree.content)
        return extent(page, lambda thing: marks.of(thing) in area.marks)


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
        return {"refused": explain_damage(str(order["path"]), error)}
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
