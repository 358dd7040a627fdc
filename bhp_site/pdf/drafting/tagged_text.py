"""The text of a tagged PDF by its elements, and what each element is in a draft."""

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
    format_text,
    get_allowed_address,
)
from bhp_site.pdf.drafting.page_text import PageSpans, TextSpan, respell
from bhp_site.pdf.drafting.superscripts import CROSS_REFERENCE, MARK
from bhp_site.pdf.drafting.vocabulary import Vocabulary
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
BLOCKS = HEADINGS.union(
    FIGURES_AND_FORMULAS,
    ("H", "P", "L", "LI", "Table", "TR", "TOC", "TOCI", "Caption", "Note", "BlockQuote", "Index"),
)
SKIPPED = {"RT", "RP", "WP", "TOC", "TOCI"}
# Blocks that can be within the text of a paragraph, which continues after them.
WITHIN_TEXT = FIGURES_AND_FORMULAS | {"Note"}
# Types of PDF 2.0, which older readers may not know.
PDF_2_TYPES = {"FENote": "Note", "Title": "H1", "Aside": "Sect", "DocumentFragment": "Document"}
BOLD_ROLES, ITALIC_ROLES = {"Strong", "B", "Bold"}, {"Em", "I", "Emphasis", "Italic"}
# Word processors have such styles for headings, and map some of them to paragraphs.
NAMED_HEADING = re.compile(r"heading ?([1-6])", re.I)


@dataclass(frozen=True)
class Respelling:
    """Replaces the text of an element, which begins at index `start`.

    `text` is its replacement text; None for a reference, which may be the mark of a footnote.
    """

    start: int
    text: str | None

    def apply(self, runs: list[InlineText], style: Style, before: str) -> list[InlineText]:
        """Return the replacement text of the element as runs, or `runs` if it has none.

        `before` is the text that precedes the element.
        """
        text = self.text
        if text is None and not CROSS_REFERENCE.search(before):
            match = MARK.fullmatch("".join(run.span.text for run in runs).strip())
            text = f"[{match[1]}]" if match else None
        if text is None:
            return runs
        return [InlineText(span, style) for span in respell([run.span for run in runs], text)]


class TaggedText:
    """The structure tree with the text of its elements.

    `used` is the marked content that has been read so far. `postponed` are figures and footnotes
    that were met within text, and which will follow it.
    """

    def __init__(
        self, tree: StructureTree, pages: dict[int, PageSpans], vocabulary: Vocabulary
    ) -> None:
        self.tree, self.vocabulary = tree, vocabulary
        self.spans: dict[MarkedContentId, list[TextSpan]] = {}
        for page in pages.values():
            for mark, spans in page.spans.items():
                self.spans.setdefault(mark, []).extend(spans)
        self.used: set[MarkedContentId] = set()
        self.postponed: list[Element] = []
        self.kinds = {id(element): get_kind(element) for element in tree.elements}
        self.block_holders: set[int] = set()
        for element in reversed(tree.elements):  # Descendants come before their ancestors.
            if element.parent and self.is_block(element) and not self._is_within_text(element):
                self.block_holders.add(id(element.parent))

    def kind(self, element: Element) -> str:
        """Return the element's type in a draft: see `get_kind`."""
        return self.kinds[id(element)]

    def holds_blocks(self, element: Element) -> bool:
        """Return True if a block is within the element, other than those within its text."""
        return id(element) in self.block_holders

    def is_block(self, element: Element) -> bool:
        """Return True if an element is a block, or holds one."""
        return self.kind(element) in BLOCKS or self.holds_blocks(element)

    def _is_within_text(self, element: Element) -> bool:
        """Return True for a footnote or figure within a paragraph, which it does not end."""
        if self.kind(element) not in WITHIN_TEXT or not element.parent:
            return False
        if self.kind(element) in FIGURES_AND_FORMULAS and self.holds_blocks(element):
            return False
        return any(self.kind(ancestor) == "P" for ancestor in element.parent.iterate_ancestors())

    def drop(self, element: Element) -> None:
        """Skip an element and mark its content as used."""
        stack: list[Any] = [element]
        while stack:
            part = stack.pop()
            if isinstance(part, MarkedContentId):
                self.used.add(part)
            elif isinstance(part, Element):
                stack += part.parts

    def get_style(self, element: Element, style: Style) -> Style:
        """Return the style within an element: its link and emphasis, added to `style` around it."""
        role = get_name(element.node.get("/S"))
        if role in BOLD_ROLES:
            style = replace(style, bold=True)
        elif role in ITALIC_ROLES:
            style = replace(style, italic=True)
        if self.kind(element) == "Link" and not style.href:
            style = replace(style, href=LOST)
        for part in element.parts:
            if isinstance(part, ObjectReference) and part.node.get("/Subtype") == "/Link":
                uri = get_path(part.node, "/A", "/URI")
                href = INTERNAL if uri is None else get_allowed_address(get_text(uri))
                style = replace(style, href=href)
        return style

    def get_text_runs(
        self, top: Any, style: Style = PLAIN, labels: bool = True
    ) -> list[InlineText]:
        """Return all text below an element, or of marked content.

        Figures and footnotes within it are postponed. Labels of list items are left out unless
        `labels`.
        """
        runs: list[InlineText] = []
        stack: list[Any] = [(top, style)]
        while stack:
            part, style = stack.pop()
            if isinstance(part, MarkedContentId):
                runs += [InlineText(span, style) for span in self._use_spans(part)]
            elif isinstance(part, Respelling):
                before = "".join(run.span.text for run in runs[: part.start][-3:])
                runs[part.start :] = part.apply(runs[part.start :], style, before)
            elif isinstance(part, Element) and (part is top or self._has_text(part, labels)):
                if runs and self.is_block(part):
                    runs[-1].ends = True
                style = self.get_style(part, style)
                replacement = part.node.get("/ActualText")
                if replacement is not None or self.kind(part) == "Reference":
                    text = None if replacement is None else get_text(replacement)
                    stack.append((Respelling(len(runs), text), style))
                stack += [(inner, style) for inner in reversed(part.parts)]
        return runs

    def _has_text(self, element: Element, labels: bool) -> bool:
        """Return True if the text of an element belongs to the text around it."""
        kind = self.kind(element)
        if kind in WITHIN_TEXT:
            self.postponed.append(element)
            return False
        if kind in SKIPPED:
            self.drop(element)
        return kind not in SKIPPED and (labels or kind != "Lbl")

    def collect(self, elements: Iterable[Element], style: Style = PLAIN) -> list[InlineText]:
        """Return the text of elements, without the figures and footnotes within them."""
        postponed, self.postponed = self.postponed, []
        runs: list[InlineText] = []
        for element in elements:
            more = self.get_text_runs(element, style)
            if runs and more:
                runs[-1].ends = True
            runs += more
        self.postponed = postponed
        return runs

    def get_caption(self, element: Element) -> str:
        """Return the text of the captions of a table or figure; "" if it has none."""
        captions = [kid for kid in element.kids if self.kind(kid) == "Caption"]
        return format_text(self.collect(captions), self.vocabulary)

    def _use_spans(self, mark: MarkedContentId) -> list[TextSpan]:
        self.used.add(mark)
        return self.spans.get(mark, [])


def get_kind(element: Element) -> str:
    """Return an element's standard type in a draft; "" if it is not known."""
    role = get_name(element.node.get("/S"))
    if element.kind == "P" and (match := NAMED_HEADING.fullmatch(role)):
        return f"H{match[1]}"
    return element.kind or PDF_2_TYPES.get(role, "")


def drop_blank(runs: list[InlineText]) -> list[InlineText]:
    """Return the runs that are not only spaces."""
    return [run for run in runs if run.span.text.strip()]
