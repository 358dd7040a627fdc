"""Drafts one PDF, or renders a page of it; runs in the sandbox only."""

import time
import traceback
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image

from bhp_site.pdf.checks.check_context import CheckContext
from bhp_site.pdf.checks.content import MIN_LETTERS_OF_FILE, MIN_LETTERS_OF_PAGE
from bhp_site.pdf.checks.security_checks import check_page_count, guard_parsers
from bhp_site.pdf.drafting.areas import Area
from bhp_site.pdf.drafting.blocks import BlockParser, ParsedBlock
from bhp_site.pdf.drafting.chapters import ParsedChapter, build_chapters
from bhp_site.pdf.drafting.marked_content import ARTIFACT, PageMarks
from bhp_site.pdf.drafting.page_text import PageSpans, join_spans, read_page
from bhp_site.pdf.drafting.tagged_text import TaggedText
from bhp_site.pdf.drafting.untagged import build_chapter
from bhp_site.pdf.drafting.vocabulary import Vocabulary
from bhp_site.pdf.errors import Unreadable
from bhp_site.pdf.preflight import normalise_language
from bhp_site.pdf.rendering import Box, find_extent, flip_box, render_page
from bhp_site.pdf.structure import StructureTree, is_tagged

MAX_PAGE_WIDTH, MAX_PAGE_HEIGHT = 900, 3000  # pixels of the image of a page
MAX_FIGURE_SIDE = 1600  # pixels
MAX_FIGURE_ZOOM = 4.0  # pixels a point
MIN_FIGURE_SIDE = 6.0  # points; what is smaller is no figure
MAX_FIGURES = 200
MAX_CHARACTERS = 3_000_000
ALL_ARTIFACTS = (
    "The PDF marks all its text as decoration, so headings and lists cannot be recognised. This "
    "is the text of its pages."
)
NO_IMAGE = "This figure could not be copied from the PDF. Add its image from the original."
BLOCK_FIELDS = (
    *("kind", "page", "level", "text", "html", "rows", "has_header", "caption", "alt", "image"),
)


def draft(path: str, folder: str, max_pages: int, seconds: float) -> dict[str, Any]:
    """Return the response of the sandbox to `drafter.draft_pdf`.

    {"is_tagged": bool, "language": str, "chapters": rows}; figures name PNG files in `folder`.
    Raise Unreadable and DeadlineExceeded.
    """
    start = time.monotonic()
    with guard_parsers(path), pikepdf.open(path) as pdf:
        check_page_count(pdf, max_pages)
        context = CheckContext(pdf, start + 0.8 * seconds)
        document = pypdfium2.PdfDocument(Path(path))
        tree = StructureTree(context) if is_tagged(pdf.Root) else None
        pages = dict(read_pages(document, context, tree))
        artifact_pages = find_artifact_pages(pages) if tree else []
        has_only_artifacts = bool(artifact_pages) and not any(
            count_letters(page)[1] for page in pages.values()
        )
        for number in artifact_pages:  # Nothing else would be left of them.
            pages |= read_pages(document, context, None, number)
        vocabulary = Vocabulary()
        for page in pages.values():
            spans = chain.from_iterable(page.spans.values())
            vocabulary.add(join_spans(sorted(spans, key=lambda span: span.start)))
        if tree and not has_only_artifacts:
            tagged = TaggedText(tree, pages, vocabulary)
            drafted = build_chapters(BlockParser(tagged).parse(), pages, tagged.used, vocabulary)
            figures = FigureRenderer(document, tree, start + 0.9 * seconds)
            figures.render([block for chapter in drafted for block in chapter.blocks], Path(folder))
        else:
            drafted = [build_chapter(pages, vocabulary)]
            if has_only_artifacts and drafted[0].blocks:
                drafted[0].blocks[0].add_note(ALL_ARTIFACTS)
        return {
            "is_tagged": tree is not None,
            "language": normalise_language(pdf.Root.get("/Lang")),
            "chapters": [build_row(block) for block in drafted if block.blocks or block.title],
        }


def read_pages(
    document: pypdfium2.PdfDocument,
    context: CheckContext,
    tree: StructureTree | None,
    only: int = 0,
) -> Iterator[tuple[int, PageSpans]]:
    """Yield (number, text) of each page that can be read, or only of page `only` if not 0.

    Raise Unreadable if the text is too long, and DeadlineExceeded if no time is left.
    """
    remaining = MAX_CHARACTERS
    first, last = (only, only) if only else (1, len(document))
    for number, node in enumerate(context.pdf.pages[first - 1 : last], first):
        context.check_deadline()
        try:
            page = document[number - 1]
            marks = PageMarks(page, node.obj, tree.content) if tree else None
            text = read_page(page, number, marks)
        except pypdfium2.PdfiumError:  # The other pages can be drafted without it.
            traceback.print_exc()
            continue
        remaining -= sum(len(span.text) for spans in text.spans.values() for span in spans)
        if remaining < 0:
            raise Unreadable("memory")
        yield number, text


def find_artifact_pages(pages: dict[int, PageSpans]) -> list[int]:
    """Return the pages that have much text, all of it artifacts.

    If that is so of the whole file, less text is enough.
    """
    letters = {number: count_letters(page) for number, page in pages.items()}
    artifacts = {
        number: count for number, (count, others) in letters.items() if count and not others
    }
    is_whole_file = not any(others for _, others in letters.values())
    is_much = is_whole_file and sum(artifacts.values()) >= MIN_LETTERS_OF_FILE
    min_letters = 1 if is_much else MIN_LETTERS_OF_PAGE
    return [number for number, count in artifacts.items() if count >= min_letters]


def count_letters(page: PageSpans) -> tuple[int, int]:
    """Return how many letters of a page are artifacts, and how many are not."""
    artifacts = others = 0
    for mark, spans in page.spans.items():
        count = sum(map(str.isalpha, "".join(span.text for span in spans)))
        if mark == ARTIFACT:
            artifacts += count
        else:
            others += count
    return artifacts, others


def build_row(chapter: ParsedChapter) -> dict[str, Any]:
    """Return a chapter as JSON."""
    blocks = [
        {key: getattr(block, key) for key in BLOCK_FIELDS} | {"note": " ".join(block.notes)}
        for block in chapter.blocks
    ]
    return {"title": chapter.title, "page": chapter.page, "blocks": blocks}


class FigureRenderer:
    """Renders the figures of a document as PNG files."""

    def __init__(
        self, document: pypdfium2.PdfDocument, tree: StructureTree, deadline: float
    ) -> None:
        self.document, self.tree, self.deadline = document, tree, deadline

    def render(self, blocks: list[ParsedBlock], folder: Path) -> None:
        """Render each figure to a file in `folder`, which its block then names.

        A figure without an image gets a note.
        """
        for count, block in enumerate(block for block in blocks if block.kind == "figure"):
            if count < MAX_FIGURES and block.area and time.monotonic() < self.deadline:
                image = self._render_area(block.area)
                if image is not None:
                    block.image = f"{count}.png"
                    image.save(folder / block.image, "PNG")
            if not block.image:
                block.add_note(NO_IMAGE)

    def _render_area(self, area: Area) -> Image.Image | None:
        """Return the image of an area; None if nothing is drawn there."""
        try:
            page = self.document[area.page - 1]
        except pypdfium2.PdfiumError:
            return None
        box = area.box or self._find_extent(page, area)
        if box is None:
            return None
        left, top, right, bottom = flip_box(page, box)
        width, height = right - left, bottom - top
        if min(width, height) < MIN_FIGURE_SIDE:
            return None
        zoom = min(MAX_FIGURE_SIDE / width, MAX_FIGURE_SIDE / height, MAX_FIGURE_ZOOM)
        return render_page(page, zoom, self.deadline, (left, top, right, bottom))

    def _find_extent(self, page: pypdfium2.PdfPage, area: Area) -> Box | None:
        node = self.tree.context.pdf.pages[area.page - 1].obj
        marks = PageMarks(page, node, self.tree.content)
        return find_extent(page, lambda page_object: marks.find_mark(page_object) in area.marks)


def render(path: str, folder: str, number: int, seconds: float) -> dict[str, Any]:
    """Render page `number` (from 1) as page.png in `folder` and return {"is_rendered": bool}.

    It is False if there is no such page, or if it cannot be rendered within `seconds`. Raise
    Unreadable for a damaged file.
    """
    with guard_parsers(path):
        return _render(path, folder, number, seconds)


def _render(path: str, folder: str, number: int, seconds: float) -> dict[str, Any]:
    document = pypdfium2.PdfDocument(Path(path))
    if not 1 <= number <= len(document):
        return {"is_rendered": False}
    page = document[number - 1]
    width, height = page.get_size()
    zoom = min(MAX_PAGE_WIDTH / max(width, 1), MAX_PAGE_HEIGHT / max(height, 1))
    image = render_page(page, zoom, time.monotonic() + 0.8 * seconds)
    if image is not None:
        image.quantize().save(Path(folder, "page.png"), "PNG")
    return {"is_rendered": image is not None}
