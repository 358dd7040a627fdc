"""Parses the structure tree of a tagged PDF into blocks in reading order."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from bhp_site.pdf.drafting.areas import Area, find_area
from bhp_site.pdf.drafting.inline import (
    LOST,
    PLAIN,
    InlineText,
    Style,
    format_text,
    get_script_notes,
)
from bhp_site.pdf.drafting.lists import ListWriter, get_position, is_contents
from bhp_site.pdf.drafting.page_text import TextSpan, get_gap
from bhp_site.pdf.drafting.superscripts import MARK
from bhp_site.pdf.drafting.tables import get_rows, read_table
from bhp_site.pdf.drafting.tagged_text import (
    FIGURES_AND_FORMULAS,
    GROUPS,
    MAX_DEPTH,
    SKIPPED,
    TaggedText,
    drop_blank,
)
from bhp_site.pdf.objects import get_text
from bhp_site.pdf.structure import HEADINGS, Element

NO_ALT = "This figure has no description. Write what it shows, for people who cannot see it."
LOST_LINK = "The PDF does not say where a link here leads. Add its address."
FIGURE_WITHIN_TEXT = (
    "In the PDF an image or formula is inside this text. Here it comes after the text. Compare it "
    "with page {page}."
)
FROM_CELLS = "An image or note from a cell of this table now comes after the table."
MISPLACED = (
    "In the PDF this text belongs to a table or list, but not to a cell or item. Move it to its "
    "place. Compare it with page {page}."
)
FRAME = "In the PDF this text is in a table with one column. Compare it with page {page}."
UNMAPPED = "Some letters here cannot be read from the PDF. Compare the text with page {page}."


@dataclass
class ParsedBlock:
    """A block of a draft in the making.

    `kind` is one of a draft's, or "contents" (which is left out), "caption" (which goes to the
    table or figure beside it, below the same `parent`) or "outside" (a line that is not tagged).
    `page` counts from 1. `inline` is the text of a paragraph, whose `html` is formatted last;
    `first` is its first span. `is_first` says that its element is the first one below its parent,
    which `parent` identifies.
    """

    kind: str
    page: int
    notes: list[str] = field(default_factory=list)
    level: int = 0
    text: str = ""
    html: str = ""
    inline: list[InlineText] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    has_header: bool = False
    caption: str = ""
    alt: str = ""
    image: str = ""
    parent: int = 0
    is_first: bool = False
    area: Area | None = None
    first: TextSpan | None = None

    def add_note(self, sentence: str) -> None:
        """Add a note for the editor, with the page in the place of “{page}”, unless it is there."""
        # Not str.format: a sentence may quote text of the PDF, with braces of its own.
        sentence = sentence.replace("{page}", str(self.page))
        if sentence not in self.notes:
            self.notes.append(sentence)


class BlockParser:
    """Parses the structure tree once; content that is used is recorded in `tagged.used`."""

    def __init__(self, tagged: TaggedText) -> None:
        self.tagged = tagged

    def parse(self) -> list[ParsedBlock]:
        """Return the blocks of the whole tree."""
        blocks: list[ParsedBlock] = []
        for element in self.tagged.tree.elements:
            if element.parent is None:
                blocks += self._parse_element(element, PLAIN, 0)
        return blocks

    def _parse_parts(self, element: Element, style: Style, depth: int) -> Iterator[ParsedBlock]:
        """Yield the blocks within an element, and paragraphs of the text between them."""
        tagged = self.tagged
        style = tagged.get_style(element, style)
        runs: list[InlineText] = []
        for part in element.parts:
            if isinstance(part, Element) and self._is_separate(part) and depth < MAX_DEPTH:
                yield from self._parse_paragraph(runs, element)
                runs = []
                yield from self._parse_element(part, style, depth + 1)
                continue
            more = drop_blank(tagged.get_text_runs(part, style))
            if runs and more and self._begins_line(part, runs[-1].span, more[0].span):
                yield from self._parse_paragraph(runs, element)
                runs = []
            runs += more
        yield from self._parse_paragraph(runs, element)

    def _is_separate(self, element: Element) -> bool:
        """Return True if an element holds blocks, or groups of text that may be blocks."""
        return self.tagged.is_block(element) or (
            self._is_group(element) and any(map(self._is_group, element.kids))
        )

    def _is_group(self, element: Any) -> bool:
        is_group = isinstance(element, Element) and self.tagged.kind(element) in GROUPS
        return is_group and bool(element.kids)

    def _begins_line(self, part: Any, before: TextSpan, after: TextSpan) -> bool:
        """Return True if a group, whose type says nothing, is a block by standing on a new line."""
        is_note_mark = MARK.fullmatch(after.text.strip())
        return "\n" in get_gap(before, after) and not is_note_mark and self._is_group(part)

    def _parse_element(self, element: Element, style: Style, depth: int) -> Iterator[ParsedBlock]:
        tagged, kind = self.tagged, self.tagged.kind(element)
        if kind in SKIPPED:
            tagged.drop(element)
            if kind == "TOC":
                yield ParsedBlock("contents", element.page or 1)
        elif kind in HEADINGS:
            yield from self._parse_text_block("heading", element, int(kind[1:]))
        elif kind == "H":
            yield from self._parse_text_block("heading", element, _count_sections(element))
        elif kind == "L":
            yield from self._parse_list(element, style)
        elif kind == "Table":
            yield from self._parse_table(element, style, depth)
        elif kind in FIGURES_AND_FORMULAS:
            yield from self._parse_figure(element, style, depth)
        elif kind == "Caption":
            yield from self._parse_text_block("caption", element)
        elif kind == "Note":
            yield from self._parse_footnote(element)
        elif kind == "P" and not tagged.holds_blocks(element):
            yield from self._parse_paragraph(tagged.get_text_runs(element, style), element)
        else:
            yield from self._parse_parts(element, style, depth)

    def _parse_postponed(self) -> Iterator[ParsedBlock]:
        """Yield the figures and footnotes that were met within text."""
        postponed, self.tagged.postponed = self.tagged.postponed, []
        for element in postponed:
            yield from self._parse_element(element, PLAIN, MAX_DEPTH)

    def _build_block(
        self, kind: str, runs: list[InlineText], element: Element, **fields: Any
    ) -> ParsedBlock:
        """Return a block with notes on what is doubtful about its text, which is not empty."""
        first = runs[0].span
        block = ParsedBlock(kind, first.page, first=first, parent=id(element.parent), **fields)
        block.is_first = element.parent is not None and element.parent.kids[0] is element
        if any(run.span.is_unmapped for run in runs):
            block.add_note(UNMAPPED)
        if any(run.style.href == LOST for run in runs):
            block.add_note(LOST_LINK)
        for sentence in get_script_notes(runs):
            block.add_note(sentence)
        return block

    def _parse_paragraph(self, runs: list[InlineText], element: Element) -> Iterator[ParsedBlock]:
        """Yield a paragraph of this text, if there is any, and what was met within it.

        Figures before all text of the paragraph, or after it, keep their places.
        """
        runs, postponed = drop_blank(runs), self.tagged.postponed
        parts = list(map(id, element.parts))
        figures = [id(kid) for kid in postponed if self.tagged.kind(kid) in FIGURES_AND_FORMULAS]
        pairs = zip(parts, figures, strict=False)
        leading = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        if runs and leading:
            self.tagged.postponed = [kid for kid in postponed if id(kid) in figures[:leading]]
            postponed = [kid for kid in postponed if id(kid) not in figures[:leading]]
            yield from self._parse_postponed()
        if runs:
            block = self._build_block("paragraph", runs, element, inline=runs)
            following = figures[leading:]
            if following and following != parts[-len(following) :]:
                block.add_note(FIGURE_WITHIN_TEXT)
            yield block
        self.tagged.postponed = postponed
        yield from self._parse_postponed()

    def _parse_text_block(
        self, kind: str, element: Element, level: int = 0
    ) -> Iterator[ParsedBlock]:
        """Yield a block of an element's text, and what was met within it."""
        runs = drop_blank(self.tagged.get_text_runs(element))
        if text := format_text(runs, self.tagged.vocabulary):
            text = "" if kind == "paragraph" else text
            yield self._build_block(kind, runs, element, text=text, level=level, inline=runs)
        yield from self._parse_postponed()

    def _parse_footnote(self, element: Element) -> Iterator[ParsedBlock]:
        for block in self._parse_text_block("footnote", element):
            number, _, text = block.text.partition(" ")
            if block.kind == "footnote" and text and (match := MARK.fullmatch(number.rstrip("."))):
                block.text = f"[{match[1]}] {text}"
            yield block

    def _parse_list(self, element: Element, style: Style) -> Iterator[ParsedBlock]:
        runs = drop_blank(self.tagged.get_text_runs(element, style, labels=False))
        self.tagged.postponed.clear()
        if runs and is_contents(self.tagged, element, runs):
            yield ParsedBlock("contents", runs[0].span.page)
            return
        writer = ListWriter(self.tagged)
        html = writer.write(element, style)
        misplaced = []
        if html:
            block = self._build_block("paragraph", writer.runs, element, html=html)
            for sentence in writer.notes:
                block.add_note(sentence)
            yield block
            written = {get_position(run) for run in writer.runs}
            misplaced = [run for run in runs if get_position(run) not in written]
        elif runs:
            yield from self._parse_paragraph(runs, element)
        yield from self._parse_misplaced(misplaced, element)
        yield from self._parse_postponed()

    def _parse_misplaced(self, runs: list[InlineText], element: Element) -> Iterator[ParsedBlock]:
        """Yield text of a table or list that belongs to none of its cells or items."""
        if runs:
            block = self._build_block("paragraph", runs, element, inline=runs)
            block.add_note(MISPLACED)
            yield block

    def _parse_table(self, element: Element, style: Style, depth: int) -> Iterator[ParsedBlock]:
        """Yield a table; if it has one column, or text in one only, it is a frame around text."""
        cells = get_rows(element)
        if max(map(len, cells), default=0) <= 1 and any(cells):
            yield from self._parse_frame(element, cells, style, depth)
            return
        runs = drop_blank(self.tagged.get_text_runs(element, style))
        read: set[tuple[int, int]] = set()

        def read_cell(cell: Element) -> str:
            read.update(map(get_position, self.tagged.collect([cell])))
            return self._format_cell(cell)

        table = read_table(self.tagged.tree, element, read_cell)
        read.update(map(get_position, self.tagged.collect(self._get_captions(element))))
        misplaced = [run for run in runs if get_position(run) not in read]
        filled = {column for row in table.rows for column, cell in enumerate(row) if cell}
        if len(filled) == 1 and not misplaced and depth < MAX_DEPTH:
            self.tagged.postponed.clear()
            yield from self._parse_frame(element, cells, style, depth)
            return
        if runs and filled:
            block = self._build_block("table", runs, element, rows=table.rows)
            block.has_header, block.caption = table.has_header, self.tagged.get_caption(element)
            for sentence in table.notes:
                block.add_note(sentence)
            if self.tagged.postponed:
                block.add_note(FROM_CELLS)
            yield block
        else:
            misplaced = runs
        yield from self._parse_misplaced(misplaced, element)
        yield from self._parse_postponed()

    def _get_captions(self, element: Element) -> list[Element]:
        return [kid for kid in element.kids if self.tagged.kind(kid) == "Caption"]

    def _parse_frame(
        self, element: Element, cells: list[list[Element]], style: Style, depth: int
    ) -> Iterator[ParsedBlock]:
        """Yield the blocks in the cells of a table that is only a frame, with a note."""
        for caption in self._get_captions(element):
            yield from self._parse_text_block("paragraph", caption)
        blocks = [
            block
            for row in cells
            for cell in row
            for block in self._parse_parts(cell, style, depth + 1)
        ]
        if blocks and len(cells) > 1:
            blocks[0].add_note(FRAME)
        yield from blocks

    def _format_cell(self, element: Element) -> str:
        """Return the text of a cell, once if it is a heading that is repeated on each page."""
        runs = self.tagged.collect([element])
        pages: dict[int, list[InlineText]] = {}
        for run in runs:
            pages.setdefault(run.span.page, []).append(run)
        texts = {format_text(page_runs, self.tagged.vocabulary) for page_runs in pages.values()}
        return texts.pop() if len(texts) == 1 else format_text(runs, self.tagged.vocabulary)

    def _parse_figure(self, element: Element, style: Style, depth: int) -> Iterator[ParsedBlock]:
        """Yield a figure; if it holds tables, lists or figures, it is a frame around them."""
        kinds = {self.tagged.kind(kid) for kid in element.kids}
        if kinds & {"Table", "L", "Figure"} and depth < MAX_DEPTH:
            yield from self._parse_parts(element, style, depth)
            return
        node, area = element.node, find_area(self.tagged, element)
        self.tagged.collect([element])  # Its content is used now.
        alt = " ".join((get_text(node.get("/Alt")) or get_text(node.get("/ActualText"))).split())
        page = area.page if area else element.page or 1
        block = ParsedBlock("figure", page, alt=alt, area=area, parent=id(element.parent))
        block.caption = self.tagged.get_caption(element)
        if not alt:
            block.add_note(NO_ALT)
        yield block


def _count_sections(element: Element) -> int:
    """Return the level of an unnumbered heading: the number of sections with headings around it."""
    return max(
        1,
        sum(
            any(kid.kind == "H" for kid in ancestor.kids)
            for ancestor in element.iterate_ancestors()
        ),
    )
