"""The structure tree of a tagged PDF as blocks in reading order."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

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
from bhp_site.pdf.drafting.tables import get_attribute, get_rows, read_table
from bhp_site.pdf.drafting.tagged_text import (
    FIGURES_AND_FORMULAS,
    GROUPS,
    MAX_DEPTH,
    SKIPPED,
    TaggedText,
    drop_blank,
    parse_box,
)
from bhp_site.pdf.objects import get_text
from bhp_site.pdf.structure import HEADINGS, Element, MarkedContentId

NO_ALT = "This figure has no description: write what it shows, for people who cannot see it."
LOST_LINK = "The PDF does not say where a link here leads: add its address."
PICTURE_WITHIN = (
    "In the PDF a picture or formula stands within these words, which it now follows: compare them "
    "with page {page}."
)
FROM_CELLS = "A picture or note from a cell of this table now follows it."
OUTSIDE_OF_PARTS = (
    "In the PDF these words belong to a table or list, but to none of its cells or items: move "
    "them to their place. Compare page {page}."
)
FRAME = "In the PDF these words stand in a table of one column: compare them with page {page}."
UNMAPPED = "Some letters here cannot be read from the PDF: compare the words with page {page}."


@dataclass
class Area:
    """Where a figure is on its page: its box, in points from below, or its marked contents."""

    page: int
    box: tuple[float, float, float, float] | None
    marks: set[MarkedContentId]


@dataclass
class ParsedBlock:
    """A block to be, and its first words; `inline` is of paragraphs, whose HTML comes last.

    Kinds beside those of a draft: "contents", which is left out; "caption", which goes to what
    stands beside it, below the same `parent`; "outside", a line that is not tagged. `is_first` says
    that its element is the first one below its parent.
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
    """Walks the tree once."""

    def __init__(self, tagged: TaggedText) -> None:
        self.tagged = tagged

    def read(self) -> list[ParsedBlock]:
        found: list[ParsedBlock] = []
        for element in self.tagged.tree.elements:
            if element.parent is None:
                found += self._parse_element(element, PLAIN, 0)
        return found

    def _parse_parts(self, element: Element, style: Style, depth: int) -> Iterator[ParsedBlock]:
        """What an element holds: blocks, and paragraphs of the words between them."""
        tagged = self.tagged
        style = tagged.get_style(element, style)
        words: list[InlineText] = []
        for part in element.parts:
            if isinstance(part, Element) and self._is_separate(part) and depth < MAX_DEPTH:
                yield from self._parse_paragraph(words, element)
                words = []
                yield from self._parse_element(part, style, depth + 1)
                continue
            more = drop_blank(tagged.get_text_runs(part, style))
            if words and more and self._begins_line(part, words[-1].span, more[0].span):
                yield from self._parse_paragraph(words, element)
                words = []
            words += more
        yield from self._parse_paragraph(words, element)

    def _is_separate(self, element: Element) -> bool:
        """Whether an element holds blocks, or groups of words that may be such."""
        return self.tagged.is_block(element) or (
            self._is_group(element) and any(map(self._is_group, element.kids))
        )

    def _is_group(self, element: Any) -> bool:
        known = isinstance(element, Element) and self.tagged.kind(element) in GROUPS
        return known and bool(element.kids)

    def _begins_line(self, part: Any, before: TextSpan, after: TextSpan) -> bool:
        """Whether a part that nobody says the kind of is a block: a group on a line of its own."""
        on_line = "\n" in get_gap(before, after) and not MARK.fullmatch(after.text.strip())
        return on_line and self._is_group(part)

    def _parse_element(self, element: Element, style: Style, depth: int) -> Iterator[ParsedBlock]:
        tagged, kind = self.tagged, self.tagged.kind(element)
        if kind in SKIPPED:
            tagged.drop(element)
            if kind == "TOC":
                yield ParsedBlock("contents", element.page or 1)
        elif kind in HEADINGS:
            yield from self._parse_text_block("heading", element, int(kind[1:]))
        elif kind == "H":
            yield from self._parse_text_block("heading", element, _nesting(element))
        elif kind == "L":
            yield from self._parse_list(element, style)
        elif kind == "Table":
            yield from self._table(element, style, depth)
        elif kind in FIGURES_AND_FORMULAS:
            yield from self._figure(element, style, depth)
        elif kind == "Caption":
            yield from self._parse_text_block("caption", element)
        elif kind == "Note":
            yield from self._note(element)
        elif kind == "P" and not tagged.holds_blocks(element):
            yield from self._parse_paragraph(tagged.get_text_runs(element, style), element)
        else:
            yield from self._parse_parts(element, style, depth)

    def _parse_postponed(self) -> Iterator[ParsedBlock]:
        """What was met within words."""
        postponed, self.tagged.postponed = self.tagged.postponed, []
        for element in postponed:
            yield from self._parse_element(element, PLAIN, MAX_DEPTH)

    def _build_block(
        self, kind: str, words: list[InlineText], element: Element, **entries: Any
    ) -> ParsedBlock:
        first = words[0].span
        block = ParsedBlock(kind, first.page, first=first, parent=id(element.parent), **entries)
        block.is_first = element.parent is not None and element.parent.kids[0] is element
        if any(one.span.unmapped for one in words):
            block.add_note(UNMAPPED)
        if any(one.style.href == LOST for one in words):
            block.add_note(LOST_LINK)
        for sentence in get_script_notes(words):
            block.add_note(sentence)
        return block

    def _parse_paragraph(self, words: list[InlineText], element: Element) -> Iterator[ParsedBlock]:
        words, postponed = drop_blank(words), self.tagged.postponed
        # Pictures that stand before all words of a paragraph, or after them, stay there.
        parts = list(map(id, element.parts))
        pictures = [id(one) for one in postponed if self.tagged.kind(one) in FIGURES_AND_FORMULAS]
        pairs = zip(parts, pictures, strict=False)
        leading = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        if words and leading:
            self.tagged.postponed = [one for one in postponed if id(one) in pictures[:leading]]
            postponed = [one for one in postponed if id(one) not in pictures[:leading]]
            yield from self._parse_postponed()
        if words:
            block = self._build_block("paragraph", words, element, inline=words)
            rest = pictures[leading:]
            if rest and rest != parts[-len(rest) :]:
                block.add_note(PICTURE_WITHIN)
            yield block
        self.tagged.postponed = postponed
        yield from self._parse_postponed()

    def _parse_text_block(
        self, kind: str, element: Element, level: int = 0
    ) -> Iterator[ParsedBlock]:
        words = drop_blank(self.tagged.get_text_runs(element))
        if said := format_text(words, self.tagged.vocabulary):
            said = "" if kind == "paragraph" else said
            yield self._build_block(kind, words, element, text=said, level=level, inline=words)
        yield from self._parse_postponed()

    def _note(self, element: Element) -> Iterator[ParsedBlock]:
        for block in self._parse_text_block("footnote", element):
            first, _, rest = block.text.partition(" ")
            if block.kind == "footnote" and rest and (mark := MARK.fullmatch(first.rstrip("."))):
                block.text = f"[{mark[1]}] {rest}"
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

    def _parse_misplaced(self, words: list[InlineText], element: Element) -> Iterator[ParsedBlock]:
        """Yield words of a table or list that stand outside of its cells or items."""
        if words:
            block = self._build_block("paragraph", words, element, inline=words)
            block.add_note(OUTSIDE_OF_PARTS)
            yield block

    def _table(self, element: Element, style: Style, depth: int) -> Iterator[ParsedBlock]:
        cells = get_rows(element)
        if max(map(len, cells), default=0) <= 1 and any(cells):
            yield from self._parse_frame(element, cells, style, depth)
            return
        words = drop_blank(self.tagged.get_text_runs(element, style))
        placed: set[tuple[int, int]] = set()

        def read_cell(cell: Element) -> str:
            placed.update(map(get_position, self.tagged.collect([cell])))
            return self._format_cell(cell)

        table = read_table(self.tagged.tree, element, read_cell)
        captions = [kid for kid in element.kids if self.tagged.kind(kid) == "Caption"]
        placed.update(map(get_position, self.tagged.collect(captions)))
        lost = [one for one in words if get_position(one) not in placed]
        filled = {at for row in table.rows for at, cell in enumerate(row) if cell}
        if len(filled) == 1 and not lost and depth < MAX_DEPTH:  # the other columns only make room
            self.tagged.postponed.clear()
            yield from self._parse_frame(element, cells, style, depth)
            return
        if words and filled:
            block = self._build_block("table", words, element, rows=table.rows)
            block.has_header, block.caption = table.has_header, self.tagged.caption(element)
            for sentence in table.notes:
                block.add_note(sentence)
            if self.tagged.postponed:
                block.add_note(FROM_CELLS)
            yield block
        else:
            lost = words
        yield from self._parse_misplaced(lost, element)
        yield from self._parse_postponed()

    def _parse_frame(
        self, element: Element, cells: list[list[Element]], style: Style, depth: int
    ) -> Iterator[ParsedBlock]:
        """Yield what stands in the cells of a table of one column, which is a frame around it."""
        for caption in (kid for kid in element.kids if self.tagged.kind(kid) == "Caption"):
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
        """The words of a cell; those of a heading that is repeated on each page are said once."""
        words = self.tagged.collect([element])
        pages: dict[int, list[InlineText]] = {}
        for one in words:
            pages.setdefault(one.span.page, []).append(one)
        said = [format_text(one, self.tagged.vocabulary) for one in pages.values()]
        if len(set(said)) == 1:
            return said[0]
        return format_text(words, self.tagged.vocabulary)

    def _figure(self, element: Element, style: Style, depth: int) -> Iterator[ParsedBlock]:
        inner = {self.tagged.kind(one) for one in element.kids}
        if inner & {"Table", "L", "Figure"} and depth < MAX_DEPTH:  # words framed as a figure
            yield from self._parse_parts(element, style, depth)
            return
        node, area = element.node, self._area(element)
        self.tagged.collect([element])
        alt = " ".join((get_text(node.get("/Alt")) or get_text(node.get("/ActualText"))).split())
        page = area.page if area else element.page or 1
        block = ParsedBlock("figure", page, alt=alt, area=area, parent=id(element.parent))
        block.caption = self.tagged.caption(element)
        if not alt:
            block.add_note(NO_ALT)
        yield block

    def _area(self, element: Element) -> Area | None:
        """Where a figure is; of several pages the first."""
        marks: dict[int, set[MarkedContentId]] = {}
        stack: list[tuple[Any, int]] = [(element, element.page or 0)]
        while stack:
            part, page = stack.pop()
            if isinstance(part, Element) and self.tagged.kind(part) != "Caption":
                stack += [(one, part.page or page) for one in part.parts]
            elif isinstance(part, MarkedContentId):
                page = self.tagged.tree.context.page_numbers.get(part.holder, page)
                marks.setdefault(page, set()).add(part)
        first = min(marks, default=element.page)
        given = get_attribute(self.tagged.tree, element, "Layout", "/BBox")
        return Area(first, parse_box(given), marks.get(first, set())) if first else None


def _nesting(element: Element) -> int:
    """The level of a heading without a number: by the sections around it (14.8.4.3.2)."""
    return max(
        1, sum(any(kid.kind == "H" for kid in one.kids) for one in element.iterate_ancestors())
    )
