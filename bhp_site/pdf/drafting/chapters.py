"""Blocks as chapters: without running heads, split paragraphs joined, headings in their places."""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from bhp_site.pdf.drafting.blocks import Block
from bhp_site.pdf.drafting.captions import place_captions
from bhp_site.pdf.drafting.heading_levels import infer_levels, reject_long_headings
from bhp_site.pdf.drafting.inline import Inline, html_of
from bhp_site.pdf.drafting.marked_content import ARTIFACT, OUTSIDE
from bhp_site.pdf.drafting.page_text import PageWords, Vocabulary
from bhp_site.pdf.drafting.paragraph_runs import drop_typed_contents, merge_labels, write_lists
from bhp_site.pdf.drafting.repeated_lines import RepeatedLines
from bhp_site.pdf.structure import MarkedContentId

KICKER = 40  # characters
ENDS = re.compile(r"[.!?:;…][\s\"'”’)\]]*$")
OUT_OF_TREE = (
    "These words are not in the reading order of the PDF: move them to their place, or delete them."
)
SKIPS = "The PDF leaves out a level of headings here: check the level of this one."
FOOTNOTE = re.compile(r"\[([1-9]\d{,2})\]")
NO_TEXT = "Nothing follows this heading in the PDF: write what belongs here, or delete the chapter."
BEGINNING = "Beginning"
CONTENTS_TITLE = re.compile(r"(?:table of |list of )?(?:contents|tables|figures)", re.I)


def outside(pages: dict[int, PageWords], used: set[MarkedContentId]) -> Iterator[Block]:
    """The words of each page that are neither tagged nor set aside, line by line."""
    for number, page in sorted(pages.items()):
        for mark, pieces in page.pieces.items():
            if mark == OUTSIDE or (mark != ARTIFACT and mark not in used):
                for piece in pieces:
                    if piece.text.strip():
                        yield Block("outside", number, first=piece, inline=[Inline(piece)])


def chapters(
    blocks: list[Block], pages: dict[int, PageWords], used: set[MarkedContentId], known: Vocabulary
) -> list["Chapter"]:
    """Chapters from the blocks of the tree, which are in their order."""
    loose = list(outside(pages, used))
    repeats = RepeatedLines(pages, known)
    for block in (*blocks, *loose):
        repeats.add(block)
    kept = repeats.keep(blocks)
    reject_long_headings(kept, repeats.body_size)
    kept = drop_typed_contents(place_captions(kept, known), known)
    kept = merge_labels(list(joined(kept)), known)
    kept = placed(kept, gathered(repeats.keep(loose)))
    found = divided(kept, infer_levels(kept))
    for chapter in found:
        chapter.blocks = list(write_lists(chapter.blocks, known))
        for block in chapter.blocks:
            if block.inline and block.kind == "paragraph":
                html = html_of(block.inline, known)
                block.html = f"<p>{html}</p>" if html else ""
    place_footnotes(found)
    for sentence in repeats.notes():
        if first := next((one.blocks[0] for one in found if one.blocks), None):
            first.add_note(sentence)
    return found


def joined(blocks: Iterable[Block]) -> Iterator[Block]:
    """Paragraphs and headings that were tagged in two parts, at the end of a page or line.

    Notes that stand between the parts of a paragraph follow it.
    """
    last: Block | None = None
    notes: list[Block] = []
    for block in blocks:
        if block.kind == "footnote" and last and last.kind == "paragraph":
            notes.append(block)
            continue
        if last and _goes_on(last, block, bool(notes)):
            last.inline += block.inline
            last.text = f"{last.text} {block.text}".strip()
            last.notes += [one for one in block.notes if one not in last.notes]
            continue
        if last:
            yield from (last, *notes)
        last, notes = block, []
    if last:
        yield from (last, *notes)


def _goes_on(before: Block, after: Block, is_parted: bool = False) -> bool:
    """Return True if a block is the rest of another; `is_parted`: by notes that follow it."""
    if before.kind != after.kind or before.level != after.level or before.html or after.html:
        return False
    if before.kind == "heading":
        return before.page == after.page and after.text[:1].islower()
    if before.kind != "paragraph" or not before.inline or not after.inline:
        return False
    pages = after.page - before.inline[-1].piece.page
    if pages != 1 and not (is_parted and pages == 0):
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
        block.add_note(OUT_OF_TREE)
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
    notes: list[str] = field(default_factory=list)
    is_title: bool = False

    def add(self, block: Block) -> None:
        if block.kind == "contents":
            self.notes += block.notes
            if self.blocks and CONTENTS_TITLE.fullmatch(_words_of(self.blocks[-1])):
                self.notes = self.blocks.pop().notes + self.notes
            return
        block.notes += self.notes
        self.notes = []
        self.blocks.append(block)


def place_footnotes(chapters: list[Chapter]) -> None:
    """Move each footnote to the chapter of its mark, if it stands at the end of their page.

    Where several chapters have the mark, the nearest before is meant.
    """
    marks = [_marks_of(chapter) for chapter in chapters]
    for place, chapter in enumerate(chapters):
        footnotes = [one for one in chapter.blocks if one.kind == "footnote"]
        for block in footnotes if len(footnotes) < len(chapter.blocks) else ():
            found = FOOTNOTE.match(block.text)
            if not found or found[1] in marks[place]:
                continue
            others = [at for at in range(place) if found[1] in marks[at]]
            if others and chapters[others[-1]].blocks[-1].page >= block.page - 1:
                chapter.blocks = [one for one in chapter.blocks if one is not block]
                chapters[others[-1]].blocks.append(block)


def _marks_of(chapter: Chapter) -> set[str]:
    """Return the numbers of the notes that the words of a chapter lead to."""
    words = [
        " ".join([block.html, block.text, block.caption, *(" ".join(row) for row in block.rows)])
        for block in chapter.blocks
        if block.kind != "footnote"
    ]
    return set(FOOTNOTE.findall(" ".join(words)))


def _words_of(block: Block) -> str:
    return (block.text or "".join(one.piece.text for one in block.inline)).strip()


def _kicker(blocks: list[Block], heading: Block, is_titled: bool) -> list[Block]:
    """Take the short words above a heading out of the blocks, where a section begins with them.

    The only words of a chapter are never taken from below its title.
    """
    if not blocks or blocks[-1].kind != "paragraph" or blocks[-1].parent != heading.parent:
        return []
    before, last = blocks[:-1], blocks[-1]
    text = "".join(one.piece.text for one in last.inline)
    begins = last.is_first and last.page == heading.page and (bool(before) or not is_titled)
    return [blocks.pop()] if begins and 0 < len(text) <= KICKER and not ENDS.search(text) else []


def divided(blocks: list[Block], is_inferred: bool = False) -> list[Chapter]:
    """Chapters begin at the highest level of headings that occurs more than once.

    What stands before them, such as a title page, is a chapter too. `is_inferred` says that the
    levels were not told by the PDF, so that it skips none of them.
    """
    levels = Counter(block.level for block in blocks if block.kind == "heading")
    several = [level for level, count in levels.items() if count > 1]
    top = min(several or levels or [1])
    found: list[Chapter] = []
    lists_contents = {id(None)}
    last = out = 0
    for block in blocks:
        if block.kind == "heading":
            if block.level > last + 1 and last and not is_inferred:
                block.add_note(SKIPS)
            last = block.level
            if block.level <= top:
                title_page = len(found) == 1 and not found[0].title and block.level < top
                if not title_page:
                    above = _kicker(found[-1].blocks, block, bool(found[-1].title)) if found else []
                    found.append(Chapter("", block.page, above))
                found[-1].title, found[-1].is_title, out = block.text, block.level < top, 1
                found[-1].notes += block.notes
                continue
            block.level = out = min(3, 1 + block.level - top, max(out, 1) + 1)
        if not found:
            found.append(Chapter("", block.page))
        if block.kind == "contents":
            lists_contents.add(id(found[-1]))
        found[-1].add(block)
    for before, after in pairwise(found):
        if not before.blocks and (before.is_title or id(before) in lists_contents):
            after.notes = before.notes + after.notes
    kept = [one for one in found if one.blocks or (one.title and id(one) not in lists_contents)]
    for one in kept:
        # A title alone, above the level of chapters, is that of the whole document.
        if not one.blocks and not one.is_title:
            one.blocks.append(Block("note", one.page, notes=[NO_TEXT]))
        one.title = one.title or BEGINNING
        for sentence in one.notes if one.blocks else ():
            one.blocks[0].add_note(sentence)
    return kept
