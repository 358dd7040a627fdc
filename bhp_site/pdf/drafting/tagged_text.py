"""The elements of a tagged PDF as what they are in a draft, and the words that they hold."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from bhp_site.pdf.drafting.inline import (
    INTERNAL,
    LOST,
    PLAIN,
    InlineText,
    Style,
    address,
    format_text,
)
from bhp_site.pdf.drafting.page_text import PageText, TextSpan, Vocabulary, respell
from bhp_site.pdf.drafting.superscripts import CROSS_REFERENCE, MARK
from bhp_site.pdf.objects import get_name, get_path, get_text
from bhp_site.pdf.structure import (
    HEADINGS,
    Element,
    MarkedContentId,
    ObjectReference,
    StructureTree,
)

MAX_DEPTH = 60  # blocks within blocks
FIGURES_AND_FORMULAS = {"Figure", "Formula"}
GROUPS = {"NonStruct", "Div", "Sect", ""}
BLOCKS = (
    HEADINGS | FIGURES_AND_FORMULAS | {"H", "P", "L", "LI", "Table", "TR", "TOC", "TOCI", "Caption"}
)
BLOCKS |= {"Note", "BlockQuote", "Index"}
SKIPPED = {"RT", "RP", "WP", "TOC", "TOCI"}
# BlockParser that can stand within the words of a paragraph, which goes on after them.
WITHIN_TEXT = FIGURES_AND_FORMULAS | {"Note"}
# Types of PDF 2.0, which older readers may not know.
NEWER = {"FENote": "Note", "Title": "H1", "Aside": "Sect", "DocumentFragment": "Document"}
BOLD, ITALIC = {"Strong", "B", "Bold"}, {"Em", "I", "Emphasis", "Italic"}
# Word processors name their styles so, and call some of them paragraphs.
NAMED_HEADING = re.compile(r"heading ?([1-6])", re.I)


@dataclass(frozen=True)
class End:
    """The end of an element that is spelled out by `text`, or of a reference where that is None."""

    start: int
    text: str | None

    def respell(self, words: list[InlineText], style: Style, before: str) -> list[InlineText]:
        """Return the words of the element as its type or text spells them; `before` precedes."""
        said = self.text
        if said is None and not CROSS_REFERENCE.search(before):
            mark = MARK.fullmatch("".join(one.span.text for one in words).strip())
            said = f"[{mark[1]}]" if mark else None
        if said is None:
            return words
        return [InlineText(span, style) for span in respell([one.span for one in words], said)]


class TaggedText:
    """The tree with its words. `used` are the marked contents that belong to it.

    `postponed` are pictures and notes that were met within words, which they follow.
    """

    def __init__(
        self, tree: StructureTree, pages: dict[int, PageText], vocabulary: Vocabulary
    ) -> None:
        self.tree, self.vocabulary = tree, vocabulary
        self.spans: dict[MarkedContentId, list[TextSpan]] = {}
        for page in pages.values():
            for mark, spans in page.spans.items():
                self.spans.setdefault(mark, []).extend(spans)
        self.used: set[MarkedContentId] = set()
        self.postponed: list[Element] = []
        self.kinds = {id(one): get_kind(one) for one in tree.elements}
        self.holders: set[int] = set()
        for one in reversed(tree.elements):  # those below come first
            if one.parent and self.is_block(one) and not self._stands_within_text(one):
                self.holders.add(id(one.parent))

    def kind(self, element: Element) -> str:
        return self.kinds[id(element)]

    def holds_blocks(self, element: Element) -> bool:
        return id(element) in self.holders

    def is_block(self, element: Element) -> bool:
        return self.kind(element) in BLOCKS or self.holds_blocks(element)

    def _stands_within_text(self, element: Element) -> bool:
        """Return True for a note or picture within a paragraph, which it does not end."""
        if self.kind(element) not in WITHIN_TEXT or not element.parent:
            return False
        if self.kind(element) in FIGURES_AND_FORMULAS and self.holds_blocks(element):
            return False
        return any(self.kind(one) == "P" for one in element.parent.iterate_ancestors())

    def drop(self, element: Element) -> None:
        """Leave out an element: its content is not looked for elsewhere."""
        stack: list[Any] = [element]
        while stack:
            part = stack.pop()
            if isinstance(part, MarkedContentId):
                self.used.add(part)
            elif isinstance(part, Element):
                stack += part.parts

    def get_style(self, element: Element, style: Style) -> Style:
        """The style within an element: its link, and emphasis that its type asks for."""
        role = get_name(element.node.get("/S"))
        if role in BOLD:
            style = replace(style, bold=True)
        elif role in ITALIC:
            style = replace(style, italic=True)
        links = [part.node for part in element.parts if isinstance(part, ObjectReference)]
        if self.kind(element) == "Link" and not style.href:
            style = replace(style, href=LOST)
        for node in links:
            if get_name(node.get("/Subtype")) == "Link":
                uri = get_path(node, "/A", "/URI")
                style = replace(style, href=INTERNAL if uri is None else address(get_text(uri)))
        return style

    def get_text_runs(
        self, top: Any, style: Style = PLAIN, labels: bool = True
    ) -> list[InlineText]:
        """All words below an element or content, without the labels of items if so asked."""
        found: list[InlineText] = []
        stack: list[Any] = [(top, style)]
        while stack:
            one, style = stack.pop()
            if isinstance(one, MarkedContentId):
                found += [InlineText(span, style) for span in self._get_spans(one)]
            elif isinstance(one, End):
                before = "".join(word.span.text for word in found[: one.start][-3:])
                found[one.start :] = one.respell(found[one.start :], style, before)
            elif isinstance(one, Element) and (one is top or self._is_within(one, labels)):
                if found and self.is_block(one):
                    found[-1].ends = True
                style = self.get_style(one, style)
                spelling = one.node.get("/ActualText")
                if spelling is not None or self.kind(one) == "Reference":
                    end = End(len(found), None if spelling is None else get_text(spelling))
                    stack.append((end, style))
                stack += [(part, style) for part in reversed(one.parts)]
        return found

    def _is_within(self, element: Element, labels: bool) -> bool:
        """Whether the words of an element are among those around it."""
        kind = self.kind(element)
        if kind in FIGURES_AND_FORMULAS or kind == "Note":
            self.postponed.append(element)
            return False
        if kind in SKIPPED:
            self.drop(element)
        return kind not in SKIPPED and (labels or kind != "Lbl")

    def collect(self, elements: Iterable[Element], style: Style = PLAIN) -> list[InlineText]:
        """The words of elements without what is within them and would follow."""
        postponed, self.postponed = self.postponed, []
        found: list[InlineText] = []
        for element in elements:
            words = self.get_text_runs(element, style)
            if found and words:
                found[-1].ends = True
            found += words
        self.postponed = postponed
        return found

    def get_text(self, element: Element) -> str:
        return format_text(self.collect([element]), self.vocabulary)

    def get_caption(self, element: Element) -> str:
        """The words of the captions of a table or figure."""
        captions = [one for one in element.kids if self.kind(one) == "Caption"]
        return format_text(self.collect(captions), self.vocabulary)

    def _get_spans(self, mark: MarkedContentId) -> list[TextSpan]:
        self.used.add(mark)
        return self.spans.get(mark, [])


def get_kind(element: Element) -> str:
    role = get_name(element.node.get("/S"))
    if element.kind == "P" and (found := NAMED_HEADING.fullmatch(role)):
        return f"H{found[1]}"
    return element.kind or NEWER.get(role, "")


def drop_blank(words: list[InlineText]) -> list[InlineText]:
    """Those that are more than space."""
    return [one for one in words if one.span.text.strip()]
