"""Drafts an untagged PDF: its text page by page, as nothing says what is a heading or a list."""

from itertools import pairwise

from bhp_site.pdf.drafting.blocks import ParsedBlock
from bhp_site.pdf.drafting.chapters import ParsedChapter
from bhp_site.pdf.drafting.inline import InlineText, format_html, get_script_notes
from bhp_site.pdf.drafting.page_text import PageSpans, TextSpan
from bhp_site.pdf.drafting.paragraph_runs import BULLETS, write_lists
from bhp_site.pdf.drafting.positions import find_shift
from bhp_site.pdf.drafting.repeated_lines import RepeatedLines
from bhp_site.pdf.drafting.vocabulary import Vocabulary

CHAPTER_TITLE = "Text of the PDF"
PARAGRAPH_GAP = 1.4  # of the usual line distance; beyond it a paragraph begins
COLUMN_STEP_POINTS = 2.0  # upwards; beyond it a column begins


def build_chapter(pages: dict[int, PageSpans], vocabulary: Vocabulary) -> ParsedChapter:
    """Return one chapter of paragraphs, without running heads and page numbers."""
    lines = {
        number: [
            ParsedBlock("outside", number, first=span, inline=[InlineText(span)])
            for mark in sorted(page.spans)
            for span in page.spans[mark]
            if span.text.strip()
        ]
        for number, page in pages.items()
    }
    repeats = RepeatedLines(pages, vocabulary)
    for page in lines.values():
        for line in page:
            repeats.add(line)
    blocks: list[ParsedBlock] = []
    for number, page in lines.items():
        page.sort(key=lambda line: line.inline[0].span.start)
        for runs in split_paragraphs([line.inline[0] for line in repeats.remove_from(page)]):
            block = ParsedBlock("paragraph", number, first=runs[0].span, inline=runs)
            for sentence in get_script_notes(runs):
                block.add_note(sentence)
            blocks.append(block)
    result = ParsedChapter(CHAPTER_TITLE, 1)
    for block in write_lists(blocks, vocabulary):
        if block.inline and (html := format_html(block.inline, vocabulary)):
            block.html = f"<p>{html}</p>"
        if block.html:
            result.add(block)
    for sentence in repeats.build_notes() if result.blocks else ():
        result.blocks[0].add_note(sentence)
    return result


def split_paragraphs(lines: list[InlineText]) -> list[list[InlineText]]:
    """Return lines as paragraphs: lines that stand below one another at the usual distance."""
    steps = sorted(
        step
        for current, following in pairwise(lines)
        if (step := _get_step(current.span, following.span)) > COLUMN_STEP_POINTS
    )
    usual = steps[len(steps) // 2] if steps else 0.0
    result: list[list[InlineText]] = []
    last: TextSpan | None = None
    for line in lines:
        if not last or _is_separate(last, line.span, usual):
            result.append([])
        result[-1].append(line)
        last = line.span
    return result


def _is_separate(above: TextSpan, below: TextSpan, usual: float) -> bool:
    """Return True if a paragraph begins: further down, in another column or weight, or an item."""
    if below.text.lstrip()[:1] in BULLETS and below.text.strip():
        return True
    if find_shift(above.last, below.first) or find_shift(below.first, above.last):
        return False  # raised or lowered letters, or what follows them
    step = _get_step(above, below)
    other_weight = step > COLUMN_STEP_POINTS and above.bold != below.bold
    return step > PARAGRAPH_GAP * usual or step < -COLUMN_STEP_POINTS or other_weight


def _get_step(above: TextSpan, below: TextSpan) -> float:
    return above.bottom - below.top
