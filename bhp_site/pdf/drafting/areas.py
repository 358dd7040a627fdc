"""Finds where the figures of a tagged PDF are on their pages."""

from dataclasses import dataclass
from typing import Any

from pikepdf import Array

from bhp_site.pdf.drafting.tables import get_attribute
from bhp_site.pdf.drafting.tagged_text import TaggedText
from bhp_site.pdf.structure import Element, MarkedContentId

Rectangle = tuple[float, float, float, float]


@dataclass
class Area:
    """The place of a figure on its page: its box, in points from below, or its marked content."""

    page: int
    box: Rectangle | None
    marks: set[MarkedContentId]


def find_area(tagged: TaggedText, element: Element) -> Area | None:
    """Return where a figure is, without its caption; on the first page if there are several.

    None if it is on no page.
    """
    marks: dict[int, set[MarkedContentId]] = {}
    stack: list[tuple[Any, int]] = [(element, element.page or 0)]
    while stack:
        part, page = stack.pop()
        if isinstance(part, Element) and tagged.kind(part) != "Caption":
            stack += [(inner, part.page or page) for inner in part.parts]
        elif isinstance(part, MarkedContentId):
            page = tagged.tree.context.page_numbers.get(part.holder, page)
            marks.setdefault(page, set()).add(part)
    first = min(marks, default=element.page)
    box = parse_box(get_attribute(tagged.tree, element, "Layout", "/BBox"))
    return Area(first, box, marks.get(first, set())) if first else None


def parse_box(value: Any) -> Rectangle | None:
    """Return a rectangle of a PDF as left, bottom, right, top; None for anything else."""
    if not isinstance(value, Array) or len(value) != 4:
        return None
    try:
        x1, y1, x2, y2 = (float(number) for number in value)
    except (TypeError, ValueError):
        return None
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
