"""Writes the lists of a tagged PDF as HTML."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from bhp_site.pdf.drafting.inline import INTERNAL, InlineText, Style, format_html, format_text
from bhp_site.pdf.drafting.tables import get_attribute
from bhp_site.pdf.drafting.tagged_text import (
    GROUPS,
    MAX_DEPTH,
    WITHIN_TEXT,
    TaggedText,
    drop_blank,
)
from bhp_site.pdf.objects import get_name
from bhp_site.pdf.structure import Element

ORDERED_STYLES = {"Decimal", "UpperRoman", "LowerRoman", "UpperAlpha", "LowerAlpha", "Ordered"}
COUNTER = r"\(?(?:(\d{1,3})|[a-zA-Z]|[ivxIVX]{1,5})[.):]\)?"
NUMBER = re.compile(COUNTER + r"|\d{1,3}")
# Labels at the beginning of text that no tag marks as such.
TYPED_LABEL = re.compile(rf"\s*(?:(?P<number>{COUNTER})|[•◦▪▫‣⁃∙●○■□–-])(?:\s+|$)")
# Letters and Roman numerals, which a list on the page does not show.
LETTER_LABEL = re.compile(r"\(?([a-zA-Z]|[ivxIVX]{1,5})[.):]?\)?")
FIRST_NUMBER = "In the PDF this list begins with {number}."
NUMBERS_SKIPPED = (
    "In the PDF the numbers of this list are not consecutive. Compare them with page {page}."
)
LETTERS_LOST = (
    "In the PDF the items of this list are labelled “{first}” to “{last}”. Here they are numbered. "
    "Check text that refers to them."
)
ONE_LETTER_LOST = (
    "In the PDF the item of this list is labelled “{first}”. Here it is numbered. Check text that "
    "refers to it."
)
MIN_CONTENTS_ITEMS = 3  # A list of so many links within the file is a table of contents.


@dataclass
class ListItem:
    """An item of a list: its label, its text, and the HTML of the lists within it."""

    label: str = ""
    runs: list[InlineText] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)


@dataclass
class ListWriter:
    """Writes one list as HTML.

    Afterwards `runs` holds the text that was written, and `notes` what an editor has to check.
    """

    tagged: TaggedText
    notes: list[str] = field(default_factory=list)
    runs: list[InlineText] = field(default_factory=list)

    def write(self, element: Element, style: Style, depth: int = 0) -> str:
        """Return a list as HTML; "" if it is empty.

        A list between two items belongs to the item before.
        """
        items: list[ListItem] = []
        start = len(self.runs)
        for part in iterate_items(self.tagged, element):
            if self.tagged.kind(part) == "L" and depth < MAX_DEPTH:
                if not items:
                    items.append(ListItem())
                items[-1].lists.append(self.write(part, style, depth + 1))
            else:
                items.append(self._read_item(part, style, depth))
        items = [item for item in items if drop_blank(item.runs) or any(item.lists)]
        if not items:
            return ""
        # Before the text of inner lists, which was written first.
        self.runs[start:start] = [run for item in items for run in drop_blank(item.runs)]
        take_typed_labels(items)
        is_ordered = self._is_ordered(element, [item.label for item in items])
        if is_ordered:
            self._check_labels(items)
        tag = "ol" if is_ordered else "ul"
        html = "".join(f"<li>{self._format_text(item)}{''.join(item.lists)}</li>" for item in items)
        return f"<{tag}>{html}</{tag}>"

    def _format_text(self, item: ListItem) -> str:
        runs = drop_blank(item.runs)
        return format_html(runs, self.tagged.vocabulary) if runs else ""

    def _is_ordered(self, element: Element, labels: list[str]) -> bool:
        style = get_name(get_attribute(self.tagged.tree, element, "List", "/ListNumbering"))
        if style and style != "None":
            return style in ORDERED_STYLES
        return bool(labels) and all(NUMBER.fullmatch(label) for label in labels)

    def _check_labels(self, items: list[ListItem]) -> None:
        """Add a note if the labels of a list are not 1, 2, 3 and so on, as HTML will show them."""
        matches = [re.search(r"\d+", item.label) for item in items]
        numbers = [int(match[0]) for match in matches if match]
        if numbers and numbers[0] != 1 and matches[0]:
            self.notes.append(FIRST_NUMBER.format(number=numbers[0]))
        if len(numbers) == len(items) and any(b - a != 1 for a, b in pairwise(numbers)):
            self.notes.append(NUMBERS_SKIPPED)
        letters = [item.label for item in items if LETTER_LABEL.fullmatch(item.label)]
        if letters:
            sentence = LETTERS_LOST if len(letters) > 1 else ONE_LETTER_LOST
            self.notes.append(sentence.format(first=letters[0], last=letters[-1]))

    def _read_item(self, element: Element, style: Style, depth: int) -> ListItem:
        item = ListItem()
        stack: list[tuple[Any, Style]] = [(element, style)]
        while stack:
            part, style = stack.pop()
            kind = self.tagged.kind(part) if isinstance(part, Element) else ""
            if kind == "Lbl":
                self._add_label(item, self.tagged.get_text_runs(part, style))
            elif kind in WITHIN_TEXT and isinstance(part, Element):
                self.tagged.postponed.append(part)  # It follows the list.
            elif kind == "L" and depth < MAX_DEPTH:
                item.lists.append(self.write(part, style, depth + 1))
            elif isinstance(part, Element) and (
                part is element or kind == "LBody" or self.tagged.holds_blocks(part)
            ):
                style = self.tagged.get_style(part, style)
                stack += [(inner, style) for inner in reversed(part.parts)]
            else:
                item.runs += self.tagged.get_text_runs(part, style)
                if kind == "P" and item.runs:
                    item.runs[-1].ends = True
        return item

    def _add_label(self, item: ListItem, runs: list[InlineText]) -> None:
        """Take a number or bullet as the label of an item, and keep any other text as its text."""
        text = format_text(runs, self.tagged.vocabulary).strip()
        # A bullet may be a letter of a symbol font, such as the “o” of Courier New.
        is_bullet = len(text) <= 1 or not any(map(str.isalnum, text))
        if is_bullet or NUMBER.fullmatch(text):
            item.label += text
            return
        runs = drop_blank(runs)
        if match := TYPED_LABEL.match(runs[0].span.text):
            item.label += (match["number"] or "•").strip()
            runs[0].cut(match.end())
        runs[-1].ends = True
        item.runs += runs


def iterate_items(tagged: TaggedText, element: Element) -> Iterator[Element]:
    """Yield the items of a list, and the lists between them, through elements that group them."""
    stack = list(reversed(element.kids))
    while stack:
        kid = stack.pop()
        if tagged.kind(kid) in GROUPS and tagged.holds_blocks(kid):
            stack += reversed(kid.kids)
        else:
            yield kid


def get_position(run: InlineText) -> tuple[int, int]:
    """Return the page of a text and the number of its first character there, which identify it."""
    return run.span.page, run.span.start


def take_typed_labels(items: list[ListItem]) -> None:
    """Move typed labels from the text of `items` to their `label`.

    Change nothing unless every item begins with one and none has a tagged label.
    """
    starts = [drop_blank(item.runs)[:1] for item in items]
    matches = [TYPED_LABEL.match(start[0].span.text) if start else None for start in starts]
    if any(item.label for item in items) or not all(matches):
        return
    for item, start, match in zip(items, starts, matches, strict=True):
        if match:
            item.label = (match["number"] or "•").strip()
            start[0].cut(match.end())


def is_contents(tagged: TaggedText, element: Element, runs: list[InlineText]) -> bool:
    """Return True if a list is a table of contents: its text leads to places within the file."""
    count = sum(tagged.kind(item) == "LI" for item in iterate_items(tagged, element))
    return count >= MIN_CONTENTS_ITEMS and all(run.style.href == INTERNAL for run in runs)
