"""Finds running heads and page numbers: lines repeated at the same place of several pages."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bhp_site.pdf.drafting.blocks import ParsedBlock
from bhp_site.pdf.drafting.inline import format_text
from bhp_site.pdf.drafting.page_text import PageSpans
from bhp_site.pdf.drafting.vocabulary import Vocabulary

MARGIN_SHARE = 0.12  # of the height of a page, at its head and foot
MIN_PAGES = 3
MIN_SHARE_ELSEWHERE = 0.6  # of the pages, for untagged lines that are elsewhere
NEAR_POINTS = 8.0
MAX_LINE_CHARACTERS = 150
MIN_FOLIO_SHARE = 0.6  # of lines whose number increases with the pages
PROMINENT_RATIO = 1.15  # to the size of most letters of the document
MAX_NOTE_CHARACTERS = 280
NUMBER = re.compile(r"\d+|\b[ivxlc]+\b", re.I)
ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
LINES_LEFT_OUT = "Left out, because it is repeated at the top or bottom of pages: {lines}."
MAY_BE_REPEATED = (
    "This heading is repeated at the top or bottom of pages. Delete it where it does not belong "
    "to the text."
)


class LineKey(NamedTuple):
    """The properties that repeated lines have in common.

    `place` is their height on the page in steps of NEAR_POINTS.
    """

    text: str
    place: int
    at_edge: bool
    is_heading: bool


class RepeatedLines:
    """Finds the blocks that are running heads or page numbers, after all have been added.

    A heading is left out only if exactly its text is repeated, in letters no larger than most, and
    even then its first occurrence stays. Lines with numbers are left out if a number increases
    with the pages, so “Step 1” to “Step 8” stay.
    """

    def __init__(self, pages: Mapping[int, PageSpans], vocabulary: Vocabulary) -> None:
        self.pages, self.vocabulary = pages, vocabulary
        self.lines: dict[LineKey, list[tuple[int, str]]] = defaultdict(list)
        self.left_out: dict[LineKey, list[tuple[int, str]]] = defaultdict(list)
        self.verdicts: dict[LineKey, bool] = {}
        self.counts: Counter[int] = Counter()  # blocks of each page
        self.body_size = get_body_size(pages)

    def add(self, block: ParsedBlock) -> None:
        """Count a block of the document."""
        self.counts[block.page] += 1
        if key := self._get_key(block):
            self.lines[key].append((block.page, self._get_text(block)))

    def remove_from(self, blocks: Iterable[ParsedBlock]) -> list[ParsedBlock]:
        """Return the blocks that are not repeated lines, and remember the others for the notes."""
        return [block for block in blocks if not self._is_left_out(block)]

    def build_notes(self) -> list[str]:
        """Return sentences that name what was left out, except bare page numbers."""
        lines = []
        for dropped in self.left_out.values():
            text = dropped[0][1]
            if any(map(str.isalpha, NUMBER.sub("", text))):
                pages = sorted({page for page, _ in dropped})
                lines.append(f"“{text}” ({_format_pages(pages)})")
        notes: list[str] = []
        while lines:
            taken = [lines.pop(0)]
            while lines and len("; ".join([*taken, lines[0]])) < MAX_NOTE_CHARACTERS - len(
                LINES_LEFT_OUT
            ):
                taken.append(lines.pop(0))
            notes.append(LINES_LEFT_OUT.format(lines="; ".join(taken)))
        return notes

    def _is_left_out(self, block: ParsedBlock) -> bool:
        key = self._get_key(block)
        if not key:
            return False
        if key not in self.verdicts:
            self.verdicts[key] = self._is_repeated(key)
        if not self.verdicts[key]:
            return False
        line = block.page, self._get_text(block)
        if block.kind == "heading" and line == self.lines[key][0]:
            return False
        if self._is_prominent(block) and (block.kind == "heading" or self._has_numbers(key)):
            if block.kind == "heading":
                block.add_note(MAY_BE_REPEATED)
            return False
        self.left_out[key].append(line)
        return True

    def _is_repeated(self, key: LineKey) -> bool:
        lines = self.lines[key]
        count = len({page for page, _ in lines})
        least = min(MIN_PAGES, max(2, len(self.pages)))
        if 2 * sum(self.counts[page] == 1 for page, _ in lines) > len(lines):
            return False  # nothing would be left of these pages
        if key.at_edge:
            return count >= least and (not self._has_numbers(key) or _counts_pages(lines))
        most = max(least, MIN_SHARE_ELSEWHERE * len(self.pages))
        return count >= most and not self._has_numbers(key)

    def _has_numbers(self, key: LineKey) -> bool:
        return len({text for _, text in self.lines[key]}) > 1

    def _is_prominent(self, block: ParsedBlock) -> bool:
        size = get_font_size(block)
        return bool(size and self.body_size and size > PROMINENT_RATIO * self.body_size)

    def _get_text(self, block: ParsedBlock) -> str:
        return " ".join((block.text or format_text(block.inline, self.vocabulary)).split())

    def _get_key(self, block: ParsedBlock) -> LineKey | None:
        span = block.first
        if block.kind not in ("paragraph", "heading", "outside") or block.html or not span:
            return None
        text = block.text or "".join(run.span.text for run in block.inline)
        if len(text) > MAX_LINE_CHARACTERS:
            return None
        height = self.pages[block.page].height
        at_edge = not MARGIN_SHARE * height < span.top < (1 - MARGIN_SHARE) * height
        is_heading = block.kind == "heading"
        if block.kind != "outside" and not at_edge:
            return None  # what is tagged stands in the text on purpose
        text = " ".join(text.split())
        key_text = text if is_heading else NUMBER.sub("#", text)
        return LineKey(key_text, round(span.top / NEAR_POINTS), at_edge, is_heading)


def get_font_size(block: ParsedBlock) -> float:
    """Return the size of the first letters of a block in points; 0.0 if it is not known."""
    position = block.first.first if block.first else None
    return position.size if position else 0.0


def get_body_size(pages: Mapping[int, PageSpans]) -> float:
    """Return the size that most letters of the pages have, in points; 0.0 without letters."""
    sizes: Counter[float] = Counter()
    for page in pages.values():
        for spans in page.spans.values():
            for span in spans:
                if span.first:
                    sizes[round(span.first.size, 1)] += len(span.text)
    return max(sizes, key=lambda size: sizes[size], default=0.0)


def _counts_pages(lines: list[tuple[int, str]]) -> bool:
    """Return True if a number of the lines increases with their pages."""
    rows = [(page, [_parse_number(run) for run in NUMBER.findall(text)]) for page, text in lines]
    for place in range(min(len(numbers) for _, numbers in rows)):
        offsets = Counter(numbers[place] - page for page, numbers in rows)
        if offsets.most_common(1)[0][1] >= MIN_FOLIO_SHARE * len(rows):
            return True
    return False


def _parse_number(number: str) -> int:
    """Return the value of a number in Arabic or Roman figures."""
    if number.isdecimal():
        return int(number[:9])
    values = [ROMAN[letter] for letter in number.lower()]
    following = [*values[1:], 0]
    return sum(-a if a < b else a for a, b in zip(values, following, strict=True))


def _format_pages(pages: list[int]) -> str:
    first, last = pages[0], pages[-1]
    if first == last:
        return f"page {first}"
    if len(pages) == last - first + 1:
        return f"pages {first}–{last}"
    return f"{len(pages)} pages from {first} to {last}"
