"""Blocks as chapters: without running heads, split paragraphs joined, headings in their places."""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from .draft_blocks import Block
from .draft_inline import Inline, html_of, text_of
from .draft_marks import ARTIFACT, OUTSIDE
from .draft_words import PageWords, Vocabulary
from .structure import Marked

MARGIN = 0.12  # of the height of a page, at its head and foot
REPEATED = 3  # pages that words are repeated on
MOST = 0.6  # of the pages, for words that are not at the head or foot
NEAR = 8.0  # points
KICKER = 40  # characters
LONGEST_CAPTION = 250
NAMES = re.compile(r"\s*(?:Table|Figure|Fig\.|Chart|Graph)\s+[\dA-Z]+(?:\.\d+)*\s*[.:–—-]")
LONGEST_HEAD = 150  # characters
DIGITS = re.compile(r"\d+|\b[ivxlc]+\b", re.I)
ENDS = re.compile(r"[.!?:;…][\s\"'”’)\]]*$")
OUT_OF_TREE = (
    "These words are not in the reading order of the PDF: move them to their place, or delete them."
)
TOO_LONG = "This is very long for a heading: make it a paragraph if it is one."
SKIPS = "The PDF leaves out a level of headings here: check the level of this one."
BEGINNING = "Beginning"


def outside(pages: dict[int, PageWords], used: set[Marked]) -> Iterator[Block]:
    """The words of each page that are neither tagged nor set aside, line by line."""
    for number, page in sorted(pages.items()):
        for mark, pieces in page.pieces.items():
            if mark == OUTSIDE or (mark != ARTIFACT and mark not in used):
                for piece in pieces:
                    if piece.text.strip():
                        yield Block("outside", number, first=piece, inline=[Inline(piece)])


class Furniture:
    """Running heads and page numbers: what is repeated at the same place of several pages."""

    def __init__(self, pages: dict[int, PageWords], known: Vocabulary) -> None:
        self.pages, self.known = pages, known
        self.seen: dict[tuple[str, int, bool], set[int]] = defaultdict(set)

    def add(self, block: Block) -> None:
        if key := self._key(block):
            self.seen[key].add(block.page)

    def has(self, block: Block) -> bool:
        key = self._key(block)
        if not key:
            return False
        pages = len(self.seen[key])
        least = min(REPEATED, max(2, len(self.pages)))
        return pages >= (least if key[2] else max(least, MOST * len(self.pages)))

    def _key(self, block: Block) -> tuple[str, int, bool] | None:
        piece = block.first
        if block.kind not in ("paragraph", "heading", "outside") or block.html or not piece:
            return None
        said = block.text or "".join(one.piece.text for one in block.inline)
        if len(said) > LONGEST_HEAD:
            return None
        height = self.pages[block.page].height
        at_edge = not MARGIN * height < piece.top < (1 - MARGIN) * height
        if block.kind == "heading" and not at_edge:
            return None
        return DIGITS.sub("#", " ".join(said.split())), round(piece.top / NEAR), at_edge


def chapters(
    blocks: list[Block], pages: dict[int, PageWords], used: set[Marked], known: Vocabulary
) -> list["Chapter"]:
    """Chapters from the blocks of the tree, which are in their order."""
    loose = list(outside(pages, used))
    furniture = Furniture(pages, known)
    for block in (*blocks, *loose):
        furniture.add(block)
    kept = [block for block in blocks if not furniture.has(block)]
    kept = list(joined(captioned(kept, known)))
    kept = placed(kept, gathered(block for block in loose if not furniture.has(block)))
    found = divided(kept)
    for chapter in found:
        for block in chapter.blocks:
            if block.inline:
                html = html_of(block.inline, known)
                block.html = f"<p>{html}</p>" if html else ""
    return found


def _names(block: Block) -> bool:
    """Whether a paragraph is the caption of something, although nobody says so."""
    if block.kind != "paragraph" or not block.inline:
        return False
    said = "".join(one.piece.text for one in block.inline)
    return len(said) <= LONGEST_CAPTION and bool(NAMES.match(said))


def captioned(blocks: list[Block], known: Vocabulary) -> Iterator[Block]:
    """Captions that stand beside a table or figure go into it; others are paragraphs."""
    for at, block in enumerate(blocks):
        if block.kind != "caption" and not _names(block):
            continue
        beside = [*blocks[max(at - 1, 0) : at], *blocks[at + 1 : at + 2]]
        free = [one for one in beside if one.kind in ("table", "figure") and not one.caption]
        block.kind = "paragraph"
        if free:
            one = min(free, key=lambda one: one.parent != block.parent)
            one.caption = block.text or text_of(block.inline, known)
            one.doubts += block.doubts
            block.kind = "caption"
    return (one for one in blocks if one.kind != "caption")


def joined(blocks: Iterable[Block]) -> Iterator[Block]:
    """Paragraphs and headings that were tagged in two parts, at the end of a page or line."""
    last: Block | None = None
    for block in blocks:
        if last and _goes_on(last, block):
            last.inline += block.inline
            last.text = f"{last.text} {block.text}".strip()
            last.doubts += [one for one in block.doubts if one not in last.doubts]
            continue
        if last:
            yield last
        last = block
    if last:
        yield last


def _goes_on(before: Block, after: Block) -> bool:
    if before.kind != after.kind or before.level != after.level or before.html or after.html:
        return False
    if before.kind == "heading":
        return before.page == after.page and after.text[:1].islower()
    if before.kind != "paragraph" or before.inline[-1].piece.page + 1 != after.page:
        return False
    ends = before.inline[-1].piece.text.rstrip()
    return not ENDS.search(ends) and after.inline[0].piece.text.lstrip()[:1].islower()


def gathered(lines: Iterable[Block]) -> list[Block]:
    """Lines outside of the tree as one paragraph a page."""
    found: dict[int, Block] = {}
    for line in lines:
        block = found.setdefault(line.page, Block("paragraph", line.page, first=line.first))
        block.inline += line.inline
    for block in found.values():
        block.doubt(OUT_OF_TREE)
    said = "".join
    return [
        block
        for block in found.values()
        if any(map(str.isalnum, said(one.piece.text for one in block.inline)))
    ]


def placed(blocks: list[Block], more: list[Block]) -> list[Block]:
    """`more` after the last block of the page that each is from, or of the pages before."""
    last = {block.page: place for place, block in enumerate(blocks)}
    pages = sorted(last)
    latest = list(accumulate((last[page] for page in pages), max))
    after: dict[int, list[Block]] = defaultdict(list)
    for block in more:
        before = bisect_right(pages, block.page)
        after[latest[before - 1] if before else -1].append(block)
    found = after[-1]
    for at, one in enumerate(blocks):
        found += [one, *after[at]]
    return found


@dataclass
class Chapter:
    title: str
    page: int
    blocks: list[Block] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def add(self, block: Block) -> None:
        if block.kind == "contents":
            return
        block.doubts += self.doubts
        self.doubts = []
        self.blocks.append(block)


def _kicker(blocks: list[Block], heading: Block) -> list[Block]:
    """Take the short words above a heading, in a section of both alone, out of the blocks."""
    if not blocks or blocks[-1].kind != "paragraph" or blocks[-1].parent != heading.parent:
        return []
    before, last = blocks[:-1], blocks[-1]
    said = "".join(one.piece.text for one in last.inline)
    alone = last.page == heading.page and all(one.parent != last.parent for one in before)
    return [blocks.pop()] if alone and 0 < len(said) <= KICKER else []


def divided(blocks: list[Block]) -> list[Chapter]:
    """Chapters begin at the highest level of headings that occurs more than once.

    What stands before them, such as a title page, is a chapter too.
    """
    levels = Counter(block.level for block in blocks if block.kind == "heading")
    several = [level for level, count in levels.items() if count > 1]
    top = min(several or levels or [1])
    found: list[Chapter] = []
    lists_contents = {id(None)}
    last = out = 0
    for block in blocks:
        if block.kind == "heading":
            if block.level > last + 1 and last:
                block.doubt(SKIPS)
            if len(block.text) > LONGEST_HEAD:
                block.doubt(TOO_LONG)
            last = block.level
            if block.level <= top:
                title_page = len(found) == 1 and not found[0].title and block.level < top
                if not title_page:
                    above = _kicker(found[-1].blocks, block) if found else []
                    found.append(Chapter("", block.page, above))
                found[-1].title, out = block.text, 1
                found[-1].doubts += block.doubts
                continue
            block.level = out = min(3, 1 + block.level - top, max(out, 1) + 1)
        if not found:
            found.append(Chapter("", block.page))
        if block.kind == "contents":
            lists_contents.add(id(found[-1]))
        found[-1].add(block)
    kept = [one for one in found if one.blocks or id(one) not in lists_contents]
    for one in kept:
        one.title = one.title or BEGINNING
    return kept
