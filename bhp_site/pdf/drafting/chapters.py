"""Arranges parsed blocks as chapters: joins split paragraphs, leaves out running heads."""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from bhp_site.pdf.drafting.blocks import ParsedBlock
from bhp_site.pdf.drafting.captions import place_captions
from bhp_site.pdf.drafting.heading_levels import infer_levels, reject_long_headings
from bhp_site.pdf.drafting.inline import InlineText, format_html
from bhp_site.pdf.drafting.marked_content import ARTIFACT, OUTSIDE
from bhp_site.pdf.drafting.page_text import PageSpans
from bhp_site.pdf.drafting.paragraph_runs import drop_typed_contents, merge_labels, write_lists
from bhp_site.pdf.drafting.repeated_lines import RepeatedLines
from bhp_site.pdf.drafting.vocabulary import Vocabulary
from bhp_site.pdf.structure import MarkedContentId

MAX_KICKER_CHARACTERS = 40
MAX_LEVEL = 3  # of headings within a chapter
SENTENCE_END = re.compile(r"[.!?:;…][\s\"'”’)\]]*$")
FOOTNOTE_NUMBER = re.compile(r"\[([1-9]\d{,2})\]")
CONTENTS_TITLE = re.compile(r"(?:table of |list of )?(?:contents|tables|figures)", re.I)
FIRST_CHAPTER_TITLE = "Beginning"
NOT_IN_TREE = (
    "This text is not in the reading order of the PDF. Move it to its place, or delete it."
)
LEVEL_SKIPPED = "The PDF skips a heading level here. Check the level of this heading."
EMPTY_CHAPTER = (
    "The PDF has no text after this heading. Write what belongs here, or delete the chapter."
)
KICKER_MOVED = (
    "In the PDF this text is above the title of the chapter. Here it comes after the title. "
    "Compare it with page {page}."
)
FOOTNOTE_MOVED = (
    "In the PDF this footnote is below the chapter “{title}” on page {page}. It was moved to the "
    "chapter that refers to it."
)


@dataclass
class ParsedChapter:
    """A chapter and the page it begins on.

    `notes` wait for the first block. `is_title` says that its title is of a level above that of
    chapters, such as the title of the whole document.
    """

    title: str
    page: int
    blocks: list[ParsedBlock] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_title: bool = False

    def add(self, block: ParsedBlock) -> None:
        """Append a block; omit a table of contents and its title, but keep its notes."""
        if block.kind == "contents":
            self.notes += block.notes
            if self.blocks and CONTENTS_TITLE.fullmatch(_get_text(self.blocks[-1])):
                self.notes = self.blocks.pop().notes + self.notes
            return
        block.notes += self.notes
        self.notes = []
        self.blocks.append(block)


def build_chapters(
    blocks: list[ParsedBlock],
    pages: dict[int, PageSpans],
    used: set[MarkedContentId],
    vocabulary: Vocabulary,
) -> list[ParsedChapter]:
    """Return the chapters of a tagged PDF.

    `blocks` are those of the structure tree in reading order, and `used` the marked content that
    belongs to it. Text that is neither there nor an artifact gets a note. Blocks are changed.
    """
    untagged = list(_iterate_untagged(pages, used))
    repeated = RepeatedLines(pages, vocabulary)
    for block in (*blocks, *untagged):
        repeated.add(block)
    blocks = repeated.remove_from(blocks)
    reject_long_headings(blocks, repeated.body_size)
    blocks = drop_typed_contents(place_captions(blocks, vocabulary), vocabulary)
    blocks = merge_labels(list(_join_split_blocks(blocks)), vocabulary)
    blocks = _insert_untagged(blocks, _merge_by_page(repeated.remove_from(untagged)))
    chapters = _split_chapters(blocks, infer_levels(blocks))
    for chapter in chapters:
        chapter.blocks = list(write_lists(chapter.blocks, vocabulary))
        for block in chapter.blocks:
            if block.inline and block.kind == "paragraph":
                html = format_html(block.inline, vocabulary)
                block.html = f"<p>{html}</p>" if html else ""
    _place_footnotes(chapters)
    for sentence in repeated.build_notes():
        if first := next((chapter.blocks[0] for chapter in chapters if chapter.blocks), None):
            first.add_note(sentence)
    return chapters


def _iterate_untagged(
    pages: dict[int, PageSpans], used: set[MarkedContentId]
) -> Iterator[ParsedBlock]:
    """Yield the text of pages that is neither tagged nor an artifact, line by line."""
    for number, page in sorted(pages.items()):
        for mark, spans in page.spans.items():
            if mark == OUTSIDE or (mark != ARTIFACT and mark not in used):
                for span in spans:
                    if span.text.strip():
                        yield ParsedBlock("outside", number, first=span, inline=[InlineText(span)])


def _join_split_blocks(blocks: Iterable[ParsedBlock]) -> Iterator[ParsedBlock]:
    """Yield blocks with paragraphs and headings joined that were tagged in two parts.

    Such parts stand at the end of a page or line. Footnotes between them follow the paragraph.
    """
    last: ParsedBlock | None = None
    footnotes: list[ParsedBlock] = []
    for block in blocks:
        if block.kind == "footnote" and last and last.kind == "paragraph":
            footnotes.append(block)
            continue
        if last and _continues(last, block, bool(footnotes)):
            last.inline += block.inline
            last.text = f"{last.text} {block.text}".strip()
            last.notes += [note for note in block.notes if note not in last.notes]
            continue
        if last:
            yield from (last, *footnotes)
        last, footnotes = block, []
    if last:
        yield from (last, *footnotes)


def _continues(before: ParsedBlock, after: ParsedBlock, is_interrupted: bool = False) -> bool:
    """Return True if a block is the rest of another; footnotes between them interrupt it."""
    if before.kind != after.kind or before.level != after.level or before.html or after.html:
        return False
    if before.kind == "heading":
        return before.page == after.page and after.text[:1].islower()
    if before.kind != "paragraph" or not before.inline or not after.inline:
        return False
    pages = after.page - before.inline[-1].span.page
    if pages != 1 and not (is_interrupted and pages == 0):
        return False
    last_text = before.inline[-1].span.text.rstrip()
    next_text = after.inline[0].span.text.lstrip()
    return not SENTENCE_END.search(last_text) and next_text[:1].islower()


def _merge_by_page(lines: Iterable[ParsedBlock]) -> list[ParsedBlock]:
    """Return untagged lines as one paragraph a page, with a note; none without letters."""
    paragraphs: dict[int, ParsedBlock] = {}
    for line in lines:
        new = ParsedBlock("paragraph", line.page, first=line.first)
        paragraphs.setdefault(line.page, new).inline += line.inline
    for block in paragraphs.values():
        block.add_note(NOT_IN_TREE)
    return [block for block in paragraphs.values() if any(map(str.isalnum, _get_text(block)))]


def _insert_untagged(blocks: list[ParsedBlock], untagged: list[ParsedBlock]) -> list[ParsedBlock]:
    """Return blocks with each untagged one after the last block of its page, or of those before."""
    last_indexes = {block.page: index for index, block in enumerate(blocks)}
    pages = sorted(last_indexes)
    latest = list(accumulate((last_indexes[page] for page in pages), max))
    following: dict[int, list[ParsedBlock]] = defaultdict(list)
    for block in untagged:
        count = bisect_right(pages, block.page)
        following[latest[count - 1] if count else -1].append(block)
    merged = following[-1]
    for index, block in enumerate(blocks):
        merged += [block, *following[index]]
    return merged


def _place_footnotes(chapters: list[ParsedChapter]) -> None:
    """Move each footnote to the chapter that refers to it, and add a note.

    Only footnotes at the end of that chapter's last page are moved. If several chapters refer to
    the number, the nearest before is meant.
    """
    numbers = [_find_note_numbers(chapter) for chapter in chapters]
    for index, chapter in enumerate(chapters):
        footnotes = [block for block in chapter.blocks if block.kind == "footnote"]
        if len(footnotes) == len(chapter.blocks):
            continue  # A chapter of endnotes.
        for block in footnotes:
            match = FOOTNOTE_NUMBER.match(block.text)
            if not match or match[1] in numbers[index]:
                continue
            earlier = [place for place in range(index) if match[1] in numbers[place]]
            if earlier and chapters[earlier[-1]].blocks[-1].page >= block.page - 1:
                chapter.blocks = [other for other in chapter.blocks if other is not block]
                block.add_note(FOOTNOTE_MOVED.replace("{title}", chapter.title))
                chapters[earlier[-1]].blocks.append(block)


def _find_note_numbers(chapter: ParsedChapter) -> set[str]:
    """Return the numbers of the footnotes that the text of a chapter refers to."""
    texts = [
        " ".join([block.html, block.text, block.caption, *(" ".join(row) for row in block.rows)])
        for block in chapter.blocks
        if block.kind != "footnote"
    ]
    return set(FOOTNOTE_NUMBER.findall(" ".join(texts)))


def _get_text(block: ParsedBlock) -> str:
    return (block.text or "".join(inline.span.text for inline in block.inline)).strip()


def _take_kicker(
    blocks: list[ParsedBlock], heading: ParsedBlock, has_title: bool
) -> list[ParsedBlock]:
    """Remove the kicker of a heading from the end of the blocks, and return it with a note.

    A kicker is a short line above the heading with which a section begins. The only text below the
    title of a chapter is none.
    """
    if not blocks or blocks[-1].kind != "paragraph" or blocks[-1].parent != heading.parent:
        return []
    last = blocks[-1]
    text = "".join(inline.span.text for inline in last.inline)
    begins_section = last.is_first and last.page == heading.page
    is_only_text = has_title and len(blocks) == 1
    is_short = 0 < len(text) <= MAX_KICKER_CHARACTERS and not SENTENCE_END.search(text)
    if not begins_section or is_only_text or not is_short:
        return []
    last.add_note(KICKER_MOVED)
    return [blocks.pop()]


def _split_chapters(blocks: list[ParsedBlock], is_inferred: bool = False) -> list[ParsedChapter]:
    """Return chapters that begin at the highest level of headings that occurs more than once.

    What stands before them, such as a title page, is a chapter too. `is_inferred` says that the
    PDF does not tell the levels, so it cannot skip any.
    """
    counts = Counter(block.level for block in blocks if block.kind == "heading")
    top_level = min([level for level, count in counts.items() if count > 1] or counts or [1])
    chapters: list[ParsedChapter] = []
    contents_chapters: set[int] = set()  # by id()
    last_level = level_in_chapter = 0
    for block in blocks:
        if block.kind == "heading":
            if block.level > last_level + 1 and last_level and not is_inferred:
                block.add_note(LEVEL_SKIPPED)
            last_level = block.level
            if block.level <= top_level:
                _begin_chapter(chapters, block, top_level)
                level_in_chapter = 1
                continue
            level_in_chapter = min(
                MAX_LEVEL, 1 + block.level - top_level, max(level_in_chapter, 1) + 1
            )
            block.level = level_in_chapter
        if not chapters:
            chapters.append(ParsedChapter("", block.page))
        if block.kind == "contents":
            contents_chapters.add(id(chapters[-1]))
        chapters[-1].add(block)
    return _finish_chapters(chapters, contents_chapters)


def _begin_chapter(chapters: list[ParsedChapter], heading: ParsedBlock, top_level: int) -> None:
    """Append a chapter with this title, or give it to the title page if it is the document's."""
    is_title = heading.level < top_level
    is_title_page = len(chapters) == 1 and not chapters[0].title and is_title
    if not is_title_page:
        kicker: list[ParsedBlock] = []
        if chapters:
            kicker = _take_kicker(chapters[-1].blocks, heading, bool(chapters[-1].title))
        chapters.append(ParsedChapter("", heading.page, kicker))
    chapters[-1].title, chapters[-1].is_title = heading.text, is_title
    chapters[-1].notes += heading.notes


def _finish_chapters(
    chapters: list[ParsedChapter], contents_chapters: set[int]
) -> list[ParsedChapter]:
    """Return the chapters without empty ones, whose notes go to the next, and with all titles."""
    for before, after in pairwise(chapters):
        if not before.blocks and (before.is_title or id(before) in contents_chapters):
            after.notes = before.notes + after.notes
    remaining = [
        chapter
        for chapter in chapters
        if chapter.blocks or (chapter.title and id(chapter) not in contents_chapters)
    ]
    for chapter in remaining:
        # A single title above the level of chapters is that of the whole document.
        if not chapter.blocks and not chapter.is_title:
            chapter.blocks.append(ParsedBlock("note", chapter.page, notes=[EMPTY_CHAPTER]))
        chapter.title = chapter.title or FIRST_CHAPTER_TITLE
        if chapter.blocks:
            for sentence in chapter.notes:
                chapter.blocks[0].add_note(sentence)
    return remaining
