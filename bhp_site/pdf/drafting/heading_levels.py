"""Infers the levels of headings that are all tagged alike, from size, number, weight and place."""

import re
from collections.abc import Iterable

from bhp_site.pdf.drafting.blocks import ParsedBlock
from bhp_site.pdf.drafting.repeated_lines import PROMINENT_RATIO, get_font_size

MAX_HEADING_CHARACTERS = 150
MIN_SENTENCE_CHARACTERS = 80  # Shorter headings are not taken for sentences.
MIN_HEADINGS = 3  # fewer may well be of one level
MIN_HEADINGS_BY_PLACE = (
    10  # headings of one size, beyond which their place on the page tells chapters
)
MAX_LEVELS = 3
MIN_SIZE_RATIO = 0.93  # ratio of sizes that count as equal
NUMBERING = re.compile(r"\s*(?:[A-Z]\.)?(\d{1,2}(?:\.\d{1,2})*)\.?\s+\S")
TOO_LONG = "This is very long for a heading, so it is text here. If it is a heading, make it one."
INFERRED = (
    "The PDF tags all headings in the same way. Their levels were set by {sign}. Check which "
    "headings begin a chapter, and which are below others."
)


def reject_long_headings(blocks: Iterable[ParsedBlock], body_size: float) -> None:
    """Turn headings that are too long, or sentences in body type, into paragraphs with a note.

    `body_size` is the font size of most text in points. The blocks are changed in place.
    """
    for block in blocks:
        if block.kind == "heading" and _is_text(block, body_size):
            block.kind, block.text, block.level = "paragraph", "", 0
            block.add_note(TOO_LONG)


def _is_text(block: ParsedBlock, body_size: float) -> bool:
    if not block.inline:
        return False
    length, size = len(block.text), get_font_size(block)
    if length > MAX_HEADING_CHARACTERS:
        return True
    is_plain = not all(run.span.bold for run in block.inline)
    is_plain &= bool(size) and size < PROMINENT_RATIO * body_size
    return length > MIN_SENTENCE_CHARACTERS and is_plain and block.text.endswith((".", ";", ":"))


def infer_levels(blocks: list[ParsedBlock]) -> bool:
    """Set the levels of headings, with a note, if all have the same; return True if any changed."""
    headings = [block for block in blocks if block.kind == "heading"]
    if len(headings) < MIN_HEADINGS or len({block.level for block in headings}) > 1:
        return False
    for sign, levels in (
        ("their size", _rank_by_size(headings)),
        ("their numbers", _rank_by_number(headings)),
        ("their weight", _rank_by_weight(headings)),
        ("their place on the page", _rank_by_place(blocks, headings)),
    ):
        if len(set(levels)) > 1:
            for block, level in zip(headings, levels, strict=True):
                block.level = level
            headings[0].add_note(INFERRED.format(sign=sign))
            return True
    return False


def _rank_by_size(headings: list[ParsedBlock]) -> list[int]:
    """Return levels by the size of letters, the largest first."""
    sizes = [get_font_size(block) for block in headings]
    if not all(sizes):
        return []
    steps: list[float] = []
    for size in sorted(set(sizes), reverse=True):
        if not steps or size < MIN_SIZE_RATIO * steps[-1]:
            steps.append(size)
    ranks = [max(at for at, step in enumerate(steps) if size <= step) for size in sizes]
    return [min(rank + 1, MAX_LEVELS) for rank in ranks]


def _rank_by_number(headings: list[ParsedBlock]) -> list[int]:
    """Return levels by numbers such as 2 and 2.1, if most headings have one."""
    matches = [NUMBERING.match(block.text) for block in headings]
    if sum(map(bool, matches)) * 2 < len(headings):
        return []
    return [min(match[1].count(".") + 1, MAX_LEVELS) if match else 1 for match in matches]


def _rank_by_weight(headings: list[ParsedBlock]) -> list[int]:
    """Return 1 for bold headings and 2 for others, if the first is bold."""
    bold = [all(run.span.bold for run in block.inline) for block in headings]
    return [1 if is_bold else 2 for is_bold in bold] if bold[0] and headings[0].inline else []


def _rank_by_place(blocks: list[ParsedBlock], headings: list[ParsedBlock]) -> list[int]:
    """Return 1 for headings that begin a page and 2 for others, if they are many."""
    first = {block.page: block for block in reversed(blocks)}
    leading = [first[block.page] is block for block in headings]
    if len(headings) < MIN_HEADINGS_BY_PLACE or sum(leading) < 2 or not leading[0]:
        return []
    return [1 if is_first else 2 for is_first in leading]
