"""Runs of paragraphs that are something else: typed lists, labels of a chart, a contents list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from bhp_site.pdf.drafting.blocks import ParsedBlock
from bhp_site.pdf.drafting.inline import InlineText, format_html, format_text
from bhp_site.pdf.drafting.page_text import get_gap
from bhp_site.pdf.drafting.vocabulary import Vocabulary

# Signs that nobody types in front of anything but an item of a list.
BULLETS = "•◦▪▫‣⁃∙●○■□➢➤✓✔"
# A typed list may use these too, but a single paragraph that begins with one is none.
WEAK_BULLETS = "–—*o-"
STRONG = re.compile(rf"\s*([{BULLETS}])\s*(?=\S|$)")
WEAK = re.compile(rf"\s*([{WEAK_BULLETS}])\s+(?=\S)")
LINE_START = re.compile(rf"(?:\r?\n)\s*(?=[{BULLETS}])")
LEADERS = re.compile(r"(?:\.\s?){4,}\s*(?:\d+|[ivxlc]+)\s*$|…{2,}\s*\d+\s*$", re.I)
MIN_CONTENTS_LINES = 3
CONTENTS_LEFT_OUT = (
    "A list of contents was left out here, as the edition has its own: compare page {page}."
)
MIN_LABELS = 6
MAX_LABEL_LENGTH = 40  # characters
MIN_SCATTERED = 0.3  # of the labels stand beside the one before, or are numbers
FIGURES = re.compile(r"[\s\d.,%£$€()<>+–-]*\d[\s\d.,%£$€()<>+–-]*")
ENDS_SENTENCE = re.compile(r"[.!?;:]\s*$")
LABELS = (
    "These words seem to be the labels of a chart, or the cells of a table: add its picture or "
    "table from page {page} in their place, or delete them."
)


@dataclass
class Item:
    """One item of a typed list, with the sign it begins with, and the items below it."""

    sign: str
    words: list[InlineText]
    items: list["Item"] = field(default_factory=list)


def drop_typed_contents(blocks: list[ParsedBlock], vocabulary: Vocabulary) -> list[ParsedBlock]:
    """Return the blocks with a mark in the place of lines of dotted leaders and page numbers."""
    found: list[ParsedBlock] = []
    for is_contents, group in groupby(blocks, key=lambda block: _has_leaders(block, vocabulary)):
        run = list(group)
        lines = sum(len(LEADERS.findall(line)) for one in run for line in _lines(one))
        if is_contents and max(lines, len(run)) >= MIN_CONTENTS_LINES:
            block = ParsedBlock("contents", run[0].page)
            block.add_note(CONTENTS_LEFT_OUT)
            run = [block]
        found += run
    return found


def _has_leaders(block: ParsedBlock, vocabulary: Vocabulary) -> bool:
    if block.kind != "paragraph" or not block.inline or block.html:
        return False
    return bool(LEADERS.search(format_text(block.inline, vocabulary)))


def _lines(block: ParsedBlock) -> list[str]:
    return "".join(one.span.text for one in block.inline).splitlines()


def merge_labels(blocks: list[ParsedBlock], vocabulary: Vocabulary) -> list[ParsedBlock]:
    """Return the blocks with the labels of each chart in one paragraph, which says so."""
    found: list[ParsedBlock] = []
    for page, group in groupby(blocks, key=lambda block: _label_page(block, vocabulary)):
        run = list(group)
        if page and len(run) >= MIN_LABELS and _are_scattered(run, vocabulary):
            run = [_merged(run)]
        found += run
    return found


def _label_page(block: ParsedBlock, vocabulary: Vocabulary) -> int:
    """Return the page of a paragraph that may be a label; 0 for other blocks."""
    if block.kind != "paragraph" or not block.inline or block.html:
        return 0
    text = format_text(block.inline, vocabulary)
    is_item = STRONG.match(text) or WEAK.match(text)
    if not text or len(text) > MAX_LABEL_LENGTH or is_item or ENDS_SENTENCE.search(text):
        return 0
    return block.page


def _are_scattered(run: list[ParsedBlock], vocabulary: Vocabulary) -> bool:
    """Return True if many of the paragraphs are numbers, or stand beside one another."""
    numbers = sum(bool(FIGURES.fullmatch(format_text(block.inline, vocabulary))) for block in run)
    spans = [block.inline[0].span for block in run]
    beside = sum(
        abs(one.top - two.top) < 0.5 * two.size or two.top > one.top + two.size
        for one, two in pairwise(spans)
    )
    return max(numbers, beside) >= max(MIN_SCATTERED * len(run), 3)


def _merged(run: list[ParsedBlock]) -> ParsedBlock:
    first, *others = run
    for block in others:
        last = first.inline[-1]
        text = f"{last.span.text.rstrip()};"
        first.inline[-1] = replace(last, span=replace(last.span, text=text), ends=True)
        first.inline += block.inline
        first.notes += [one for one in block.notes if one not in first.notes]
    first.add_note(LABELS)
    return first


def write_lists(blocks: list[ParsedBlock], vocabulary: Vocabulary) -> Iterator[ParsedBlock]:
    """Yield the blocks with paragraphs that begin with typed bullets as lists in HTML."""
    parts = [part for block in blocks for part in _split(block)]
    for is_list, group in groupby(parts, key=lambda part: bool(part[1])):
        run = list(group)
        is_typed = any(sign in BULLETS for _, sign in run) or len(run) > 1
        if not is_list or not is_typed:
            yield from (block for block, _ in run)
            continue
        first = run[0][0]
        for block, _ in run[1:]:
            first.notes += [one for one in block.notes if one not in first.notes]
        items = [Item(sign, _without_sign(block.inline, sign)) for block, sign in run]
        first.html, first.inline = _list_html(_nested(items), vocabulary), []
        yield first


def _split(block: ParsedBlock) -> list[tuple[ParsedBlock, str]]:
    """Return the parts of a paragraph whose lines begin with bullets, each with its sign."""
    if block.kind != "paragraph" or not block.inline or block.html:
        return [(block, "")]
    parts: list[list[InlineText]] = [[]]
    last: InlineText | None = None
    for one in block.inline:
        starts_line = last is not None and (last.ends or "\n" in get_gap(last.span, one.span))
        if starts_line and STRONG.match(one.span.text):
            parts.append([])
        spans = LINE_START.split(one.span.text)
        for number, text in enumerate(spans):
            if number:
                parts.append([])
            ends = one.ends and number == len(spans) - 1
            parts[-1].append(InlineText(replace(one.span, text=text), one.style, ends))
        last = one
    kept = [words for words in parts if any(word.span.text.strip() for word in words)]
    if len(kept) == 1:
        return [(block, _sign(kept[0]))]
    notes = [block.notes, *([] for _ in kept[1:])]
    return [
        (replace(block, inline=words, notes=own), _sign(words))
        for words, own in zip(kept, notes, strict=True)
    ]


def _sign(words: list[InlineText]) -> str:
    text = "".join(word.span.text for word in words[:3])
    found = STRONG.match(text) or WEAK.match(text)
    return found[1] if found else ""


def _without_sign(words: list[InlineText], sign: str) -> list[InlineText]:
    """Return the words of an item without the sign that it begins with."""
    words = [replace(word) for word in words]
    while words and not words[0].span.text.strip():
        words.pop(0)
    words[0].cut(words[0].span.text.index(sign) + 1)
    return [word for word in words if word.span.text.strip()]


def _nested(items: list[Item]) -> list[Item]:
    """Return the items of the first sign, with those of other signs below them."""
    found: list[Item] = []
    signs: list[str] = []
    stack: list[list[Item]] = [found]
    for item in items:
        if item.sign in signs:
            depth = signs.index(item.sign)
        else:
            signs.append(item.sign)
            depth = len(signs) - 1
        del signs[depth + 1 :], stack[depth + 1 :]
        stack[depth].append(item)
        stack.append(item.items)
    return found


def _list_html(items: list[Item], vocabulary: Vocabulary) -> str:
    made = ""
    for item in items:
        text = format_html(item.words, vocabulary) if item.words else ""
        below = _list_html(item.items, vocabulary) if item.items else ""
        made += f"<li>{text}{below}</li>" if text or below else ""
    return f"<ul>{made}</ul>" if made else ""
