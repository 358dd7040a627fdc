"""Lists of a tagged PDF as HTML."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bhp_site.pdf.drafting.inline import INTERNAL, Inline, Style, html_of, text_of
from bhp_site.pdf.drafting.tables import attribute
from bhp_site.pdf.drafting.tagged_text import GROUPS, MAX_DEPTH, WITHIN_WORDS, Tagged, spoken
from bhp_site.pdf.objects import get_name
from bhp_site.pdf.structure import Element

ORDERED = {"Decimal", "UpperRoman", "LowerRoman", "UpperAlpha", "LowerAlpha", "Ordered"}
COUNT = r"\(?(?:(\d{1,3})|[a-zA-Z]|[ivxIVX]{1,5})[.):]\)?"
NUMBER = re.compile(COUNT + r"|\d{1,3}")
# Labels that are not tagged as such.
LEADING = re.compile(rf"\s*(?:(?P<number>{COUNT})|[•◦▪▫‣⁃∙●○■□–-])(?:\s+|$)")
STARTS = "In the PDF this list begins with {number}."
CONTENTS_ITEMS = 3  # a list of so many links within the file is one of its contents


@dataclass
class Item:
    """What an item says, and the lists within it."""

    label: str = ""
    words: list[Inline] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)


@dataclass
class Lists:
    """Writes one list; what is doubtful about it is in `notes`."""

    tagged: Tagged
    notes: list[str] = field(default_factory=list)
    placed: set[tuple[int, int]] = field(default_factory=set)  # see `place_of`

    def html(self, element: Element, style: Style, depth: int = 0) -> str:
        """The list; lists between items belong to the item before."""
        items: list[Item] = []
        for part in self.items(element):
            if self.tagged.kind(part) == "L" and depth < MAX_DEPTH:
                if not items:
                    items.append(Item())
                items[-1].lists.append(self.html(part, style, depth + 1))
            else:
                items.append(self._item(part, style, depth))
        items = [one for one in items if spoken(one.words) or any(one.lists)]
        self.placed.update(place_of(word) for one in items for word in one.words)
        if not items:
            return ""
        find_labels(items)
        ordered = self._is_ordered(element, [one.label for one in items])
        if ordered and (first := re.search(r"\d+", items[0].label)) and first[0] != "1":
            self.notes.append(STARTS.format(number=first[0]))
        tag = "ol" if ordered else "ul"
        made = "".join(f"<li>{self._said(one)}{''.join(one.lists)}</li>" for one in items)
        return f"<{tag}>{made}</{tag}>"

    def _said(self, item: Item) -> str:
        words = spoken(item.words)
        return html_of(words, self.tagged.known) if words else ""

    def items(self, element: Element) -> Iterator[Element]:
        """Items, and lists between them."""
        stack = list(reversed(element.kids))
        while stack:
            one = stack.pop()
            if self.tagged.kind(one) in GROUPS and self.tagged.holds_blocks(one):
                stack += reversed(one.kids)
            else:
                yield one

    def _is_ordered(self, element: Element, labels: list[str]) -> bool:
        given = get_name(attribute(self.tagged.tree, element, "List", "/ListNumbering"))
        if given and given != "None":
            return given in ORDERED
        return bool(labels) and all(NUMBER.fullmatch(one) for one in labels)

    def _item(self, element: Element, style: Style, depth: int) -> Item:
        item = Item()
        stack: list[Any] = [(element, style)]
        while stack:
            part, style = stack.pop()
            kind = self.tagged.kind(part) if isinstance(part, Element) else ""
            if kind == "Lbl":
                item.label += text_of(self.tagged.words(part, style), self.tagged.known)
            elif kind in WITHIN_WORDS and isinstance(part, Element):
                self.tagged.later.append(part)  # it follows the list
            elif kind == "L" and depth < MAX_DEPTH:
                item.lists.append(self.html(part, style, depth + 1))
            elif isinstance(part, Element) and (
                part is element or kind == "LBody" or self.tagged.holds_blocks(part)
            ):
                style = self.tagged.style(part, style)
                stack += [(one, style) for one in reversed(part.parts)]
            else:
                item.words += self.tagged.words(part, style)
                if kind == "P" and item.words:
                    item.words[-1].ends = True
        return item


def place_of(word: Inline) -> tuple[int, int]:
    """Return where words stand in the file, which tells them from others: page and letter."""
    return word.piece.page, word.piece.start


def find_labels(items: list[Item]) -> None:
    """Take labels that all items begin with, and that are not tagged, out of their words."""
    starts = [spoken(one.words)[:1] for one in items]
    found = [LEADING.match(start[0].piece.text) if start else None for start in starts]
    if any(one.label for one in items) or not all(found):
        return
    for item, start, label in zip(items, starts, found, strict=True):
        if label:
            item.label = (label["number"] or "•").strip()
            start[0].cut(label.end())


def is_contents(tagged: Tagged, element: Element, words: list[Inline]) -> bool:
    """Whether a list is one of the file's contents: all its items lead to places within."""
    items = sum(tagged.kind(one) == "LI" for one in Lists(tagged).items(element))
    return items >= CONTENTS_ITEMS and all(one.style.href == INTERNAL for one in words)
