"""The structure tree of a tagged PDF as blocks in reading order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pikepdf import Array

from .draft_inline import INTERNAL, PLAIN, Inline, Style, address, html_of, text_of, without_bullet
from .draft_tables import attribute, read_table, rows_of
from .draft_words import PageWords, Piece, Vocabulary, spelled
from .pdf_refusals import at
from .pdf_structure import HEADINGS, Annotated, Element, Marked, Tree
from .pdf_subject import name, text

MAX_DEPTH = 60  # blocks within blocks
BLOCKS = HEADINGS | {"H", "P", "L", "LI", "Table", "TR", "TOC", "TOCI", "Caption", "Note"}
BLOCKS |= {"Figure", "Formula", "BlockQuote", "Index"}
GROUPS = {"NonStruct", "Div", "Sect", ""}
SKIPPED = {"RT", "RP", "WP", "Form", "Annot", "TOC", "TOCI"}
PICTURES = {"Figure", "Formula"}
# Types of PDF 2.0, and usual names that files give no standard type for.
NEWER = {"FENote": "Note", "Title": "H1", "Aside": "Sect", "DocumentFragment": "Document"}
BOLD, ITALIC = {"Strong", "B", "Bold"}, {"Em", "I", "Emphasis", "Italic"}
ORDERED = {"Decimal", "UpperRoman", "LowerRoman", "UpperAlpha", "LowerAlpha", "Ordered"}
NUMBER = re.compile(r"\(?(?:(\d{1,4})|[a-zA-Z]|[ivxIVX]{1,5})[.):]?\)?")
MARK = re.compile(r"\[?(\d{1,3}|[*†‡§])\]?")
CONTENTS_ITEMS = 3  # a list of so many links within the file is one of its contents
NO_ALT = "This figure has no description: write what it shows, for people who cannot see it."
UNMAPPED = "Some letters here cannot be read from the PDF: compare the words with page {page}."
STARTS = "In the PDF this list begins with {number}."


@dataclass
class Block:
    """A block to be, and the place of its first words; `inline` is of paragraphs alone.

    Kinds beside those of a draft: "contents", which is left out, and "caption", which goes to what
    stands beside it, below the same `parent`.
    """

    kind: str
    page: int
    doubts: list[str] = field(default_factory=list)
    level: int = 0
    text: str = ""
    html: str = ""
    inline: list[Inline] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    has_header: bool = False
    caption: str = ""
    alt: str = ""
    picture: str = ""
    parent: int = 0
    area: "Area | None" = None
    first: Piece | None = None

    def doubt(self, sentence: str) -> None:
        sentence = sentence.format(page=self.page)
        if sentence not in self.doubts:
            self.doubts.append(sentence)


@dataclass
class Area:
    """Where a figure is on its page: its box, in points from below, or its marked contents."""

    page: int
    box: tuple[float, float, float, float] | None
    marks: set[int]


@dataclass(frozen=True)
class _End:
    """The end of an element that is spelled out by `text`, or of a reference where that is None."""

    start: int
    text: str | None

    def spelled(self, words: list[Inline], style: Style) -> list[Inline]:
        said = self.text
        if said is None:
            mark = MARK.fullmatch("".join(one.piece.text for one in words).strip())
            said = f"[{mark[1]}]" if mark else None
        if said is None:
            return words
        return [Inline(piece, style) for piece in spelled([one.piece for one in words], said)]


class Blocks:
    """Walks the tree once. `used` are the marked contents that belong to it."""

    def __init__(self, tree: Tree, pages: dict[int, PageWords], known: Vocabulary) -> None:
        self.tree, self.pages, self.known = tree, pages, known
        self.numbers = tree.subject.page_numbers
        self.used: set[tuple[int, int]] = set()
        self.kinds = {id(one): self._kind(one) for one in tree.elements}
        self.holds_blocks: set[int] = set()
        for one in reversed(tree.elements):  # those below come first
            if one.parent and (self._is_block(one)):
                self.holds_blocks.add(id(one.parent))
        # What stands within words but is a block of its own: it follows them.
        self.later: list[Block] = []

    def read(self) -> list[Block]:
        found: list[Block] = []
        for element in self.tree.elements:
            if element.parent is None:
                found += self._block(element, PLAIN, 0)
        return found

    def _kind(self, element: Element) -> str:
        role = name(element.node.get("/S"))
        if not element.kind:
            return NEWER.get(role, "")
        return element.kind

    def _is_block(self, element: Element) -> bool:
        return self.kinds[id(element)] in BLOCKS or id(element) in self.holds_blocks

    def _walk(self, element: Element, style: Style, depth: int) -> Iterator[Block]:
        """What an element holds: blocks, and paragraphs of the words between them."""
        style = self._style(element, style)
        words: list[Inline] = []
        for part in element.parts:
            if isinstance(part, Element) and self._is_block(part) and depth < MAX_DEPTH:
                yield from self._paragraph(words)
                words = []
                yield from self._block(part, style, depth + 1)
            else:
                words += self._inline(part, style)
        yield from self._paragraph(words)

    def _block(self, element: Element, style: Style, depth: int) -> Iterator[Block]:
        kind = self.kinds[id(element)]
        if kind in SKIPPED:
            self._apart(element)
            if kind == "TOC":
                yield Block("contents", element.page or 1)
        elif kind in HEADINGS or kind == "H":
            yield from self._heading(element, kind)
        elif kind == "L":
            yield from self._list(element, style)
        elif kind == "Table":
            yield from self._table(element, style, depth)
        elif kind in PICTURES:
            yield from self._figure(element, style, depth)
        elif kind == "Caption":
            yield from self._worded("caption", element)
        elif kind == "Note":
            yield from self._note(element)
        elif id(element) in self.holds_blocks:
            yield from self._walk(element, style, depth)
        else:
            yield from self._paragraph(self._inline(element, style))

    def _follow(self) -> Iterator[Block]:
        later, self.later = self.later, []
        yield from later

    def _paragraph(self, words: list[Inline]) -> Iterator[Block]:
        words = [one for one in words if one.piece.text.strip()]
        if words:
            yield self._made("paragraph", words, inline=words)
        yield from self._follow()

    def _made(self, kind: str, words: list[Inline], **entries: Any) -> Block:
        block = Block(kind, words[0].piece.page, first=words[0].piece, **entries)
        if any(one.piece.unmapped for one in words):
            block.doubt(UNMAPPED)
        return block

    def _worded(self, kind: str, element: Element, level: int = 0) -> Iterator[Block]:
        words = self._inline(element, PLAIN)
        if said := text_of(words, self.known):
            entries = {"inline": words} if kind == "caption" else {}
            parent = id(element.parent)
            yield self._made(kind, words, text=said, level=level, parent=parent, **entries)
        yield from self._follow()

    def _heading(self, element: Element, kind: str) -> Iterator[Block]:
        level = int(kind[1:]) if kind != "H" else _nesting(element)
        yield from self._worded("heading", element, level)

    def _note(self, element: Element) -> Iterator[Block]:
        for block in self._worded("footnote", element):
            first, _, rest = block.text.partition(" ")
            if block.kind == "footnote" and rest and (mark := MARK.fullmatch(first.rstrip("."))):
                block.text = f"[{mark[1]}] {rest}"
            yield block

    def _list(self, element: Element, style: Style) -> Iterator[Block]:
        words = self._inline(element, style, labels=False)
        self.later.clear()
        said = [one for one in words if one.piece.text.strip()]
        if not said:
            return
        items = sum(self.kinds[id(one)] == "LI" for one in self._items(element))
        if items >= CONTENTS_ITEMS and all(one.style.href == INTERNAL for one in said):
            yield Block("contents", said[0].piece.page)
            return
        block = self._made("paragraph", said)
        block.html = self._list_html(element, style, block, 0)
        if block.html:
            yield block
        yield from self._follow()

    def _list_html(self, element: Element, style: Style, block: Block, depth: int) -> str:
        """The list; captions and lists between items come to the item before."""
        items: list[str] = []
        labels: list[str] = []
        for part in self._items(element):
            if self.kinds[id(part)] == "L" and depth < MAX_DEPTH:
                inner = self._list_html(part, style, block, depth + 1)
                items[-1:] = [items[-1] + inner] if items else [inner]
            else:
                label, made = self._item(part, style, block, depth)
                labels.append(label)
                items += [made] if made else []
        if not items:
            return ""
        ordered = self._is_ordered(element, labels)
        if ordered and (first := NUMBER.fullmatch(labels[0])) and first[1] not in (None, "1"):
            block.doubt(STARTS.format(number=first[1]))
        tag = "ol" if ordered else "ul"
        return f"<{tag}>{''.join(f'<li>{one}</li>' for one in items)}</{tag}>"

    def _items(self, element: Element) -> Iterator[Element]:
        """Items, and lists between them."""
        stack = list(reversed(element.kids))
        while stack:
            one = stack.pop()
            if self.kinds[id(one)] in GROUPS and id(one) in self.holds_blocks:
                stack += reversed(one.kids)
            else:
                yield one

    def _is_ordered(self, element: Element, labels: list[str]) -> bool:
        given = name(attribute(self.tree, element, "List", "/ListNumbering"))
        if given and given != "None":
            return given in ORDERED
        return bool(labels) and all(NUMBER.fullmatch(one) for one in labels)

    def _item(self, element: Element, style: Style, block: Block, depth: int) -> tuple[str, str]:
        """The label of an item, and what it says with the lists within it."""
        label: list[Inline] = []
        words: list[Inline] = []
        lists: list[str] = []
        stack: list[Any] = [(element, style)]
        while stack:
            part, style = stack.pop()
            kind = self.kinds[id(part)] if isinstance(part, Element) else ""
            if kind == "Lbl":
                label += self._inline(part, style)
            elif kind == "L" and depth < MAX_DEPTH:
                lists.append(self._list_html(part, style, block, depth + 1))
            elif isinstance(part, Element) and (part is element or self._is_group(part)):
                style = self._style(part, style)
                stack += [(one, style) for one in reversed(part.parts)]
            else:
                words += self._inline(part, style)
                if kind == "P" and words:
                    words[-1].ends = True
        words = [one for one in without_bullet(words) if one.piece.text.strip()]
        said = html_of(words, self.known) if words else ""
        return text_of(label, self.known), said + "".join(lists)

    def _is_group(self, element: Element) -> bool:
        return self.kinds[id(element)] == "LBody" or id(element) in self.holds_blocks

    def _table(self, element: Element, style: Style, depth: int) -> Iterator[Block]:
        if [len(row) for row in rows_of(element)] == [1]:  # a frame around words
            yield from self._walk(rows_of(element)[0][0], style, depth)
            return
        table = read_table(self.tree, element, self._cell)
        words = self._inline(element, style)
        rest = list(self._follow())
        block = Block("table", element.page or 1, parent=id(element.parent))
        if words:
            block = self._made("table", words, parent=id(element.parent))
        block.rows, block.has_header = table.rows, table.has_header
        for sentence in table.doubts:
            block.doubt(sentence)
        block.caption = self._caption(element)
        if any(any(row) for row in block.rows):
            yield block
        yield from {id(one): one for one in rest}.values()

    def _cell(self, element: Element) -> str:
        words = self._apart(element)
        return text_of(words, self.known)

    def _caption(self, element: Element) -> str:
        captions = (one for one in element.kids if self.kinds[id(one)] == "Caption")
        said = " ".join(self._cell(one) for one in captions)
        return said.strip()

    def _figure(self, element: Element, style: Style, depth: int) -> Iterator[Block]:
        inner = {self.kinds[id(one)] for one in element.kids}
        if inner & {"Table", "L", "Figure"}:  # words that are framed as a figure
            yield from self._walk(element, style, depth)
            return
        node = element.node
        area = self._area(element)
        self._apart(element)
        alt = " ".join((text(node.get("/Alt")) or text(node.get("/ActualText"))).split())
        page = area.page if area else element.page or 1
        block = Block("figure", page, alt=alt, area=area, parent=id(element.parent))
        block.caption = self._caption(element)
        if not alt:
            block.doubt(NO_ALT)
        yield block

    def _area(self, element: Element) -> Area | None:
        marks: dict[int, set[int]] = {}
        stack: list[Any] = [element]
        while stack:
            part = stack.pop()
            if isinstance(part, Element) and self.kinds[id(part)] != "Caption":
                stack += part.parts
            elif isinstance(part, Marked) and (page := self.numbers.get(part.holder)):
                marks.setdefault(page, set()).add(part.number)
        page = min(marks) if marks else element.page
        given = attribute(self.tree, element, "Layout", "/BBox")
        box = None
        if isinstance(given, Array) and len(given) == 4:
            try:
                x1, y1, x2, y2 = (float(one) for one in given)
                box = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
            except (TypeError, ValueError):
                box = None
        return Area(page, box, marks.get(page, set())) if page else None

    def _style(self, element: Element, style: Style) -> Style:
        """The style within an element: its link, and emphasis that its type asks for."""
        role = name(element.node.get("/S"))
        if role in BOLD:
            style = replace(style, bold=True)
        elif role in ITALIC:
            style = replace(style, italic=True)
        for part in element.parts:
            if isinstance(part, Annotated) and name(part.node.get("/Subtype")) == "Link":
                uri = at(part.node, "/A", "/URI")
                style = replace(style, href=address(text(uri)) if uri is not None else INTERNAL)
        return style

    def _inline(self, top: Any, style: Style, labels: bool = True) -> list[Inline]:
        """All words below, without the labels of items if so asked. Blocks among them follow."""
        found: list[Inline] = []
        stack: list[Any] = [(top, style)]
        while stack:
            one, style = stack.pop()
            if isinstance(one, Marked):
                found += [Inline(piece, style) for piece in self._pieces(one)]
            elif isinstance(one, _End):
                found[one.start :] = one.spelled(found[one.start :], style)
            elif isinstance(one, Element) and (one is top or self._is_within(one, labels)):
                if found and self._is_block(one):
                    found[-1].ends = True
                style = self._style(one, style)
                spelling = one.node.get("/ActualText")
                if spelling is not None or self.kinds[id(one)] == "Reference":
                    end = _End(len(found), None if spelling is None else text(spelling))
                    stack.append((end, style))
                stack += [(part, style) for part in reversed(one.parts)]
        return found

    def _is_within(self, element: Element, labels: bool) -> bool:
        """Whether the words of an element are among those around it; else they come later."""
        kind = self.kinds[id(element)]
        if kind in PICTURES:
            self.later += list(self._figure(element, PLAIN, MAX_DEPTH))
        elif kind == "Note":
            self.later += list(self._note(element))
        return kind not in SKIPPED | PICTURES | {"Note"} and (labels or kind != "Lbl")

    def _apart(self, element: Element) -> list[Inline]:
        """The words of an element alone."""
        later, self.later = self.later, []
        words = self._inline(element, PLAIN)
        self.later = later
        return words

    def _pieces(self, mark: Marked) -> list[Piece]:
        page = self.numbers.get(mark.holder)
        if page is None or page not in self.pages:
            return []
        self.used.add((page, mark.number))
        return self.pages[page].pieces.get(mark.number, [])


def _nesting(element: Element) -> int:
    """The level of a heading without a number: by the sections around it (14.8.4.3.2)."""
    return max(1, sum(any(kid.kind == "H" for kid in one.kids) for one in element.above()))
