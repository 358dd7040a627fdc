"""The text of an untagged PDF, page by page: nothing in it says what is a heading or a list."""

from itertools import pairwise

from bhp_site.pdf.drafting.blocks import ParsedBlock
from bhp_site.pdf.drafting.chapters import ParsedChapter
from bhp_site.pdf.drafting.inline import InlineText, format_html, get_script_notes
from bhp_site.pdf.drafting.page_text import PageText, TextSpan
from bhp_site.pdf.drafting.paragraph_runs import BULLETS, write_lists
from bhp_site.pdf.drafting.positions import find_shift
from bhp_site.pdf.drafting.repeated_lines import RepeatedLines
from bhp_site.pdf.drafting.vocabulary import Vocabulary

TITLE = "Text of the file"
APART = 1.4  # of the usual distance of lines: a paragraph begins
HIGHER = 2.0  # points: a column begins


def build_chapter(pages: dict[int, PageText], vocabulary: Vocabulary) -> ParsedChapter:
    """One chapter of paragraphs, without what is repeated at the same place of pages."""
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
        for words in paragraphs([line.inline[0] for line in repeats.remove_from(page)]):
            block = ParsedBlock("paragraph", number, first=words[0].span, inline=words)
            for sentence in get_script_notes(words):
                block.add_note(sentence)
            blocks.append(block)
    found = ParsedChapter(TITLE, 1)
    for block in write_lists(blocks, vocabulary):
        if block.inline and (html := format_html(block.inline, vocabulary)):
            block.html = f"<p>{html}</p>"
        if block.html:
            found.add(block)
    for sentence in repeats.build_notes() if found.blocks else ():
        found.blocks[0].add_note(sentence)
    return found


def paragraphs(lines: list[InlineText]) -> list[list[InlineText]]:
    """Lines that stand below one another at the usual distance, as paragraphs."""
    steps = sorted(
        step for one, two in pairwise(lines) if (step := _step(one.span, two.span)) > HIGHER
    )
    usual = steps[len(steps) // 2] if steps else 0.0
    found: list[list[InlineText]] = []
    last: TextSpan | None = None
    for line in lines:
        if not last or _is_separate(last, line.span, usual):
            found.append([])
        found[-1].append(line)
        last = line.span
    return found


def _is_separate(above: TextSpan, below: TextSpan, usual: float) -> bool:
    """Return True if a paragraph begins: further down, in another column or weight, or an item."""
    if below.text.lstrip()[:1] in BULLETS and below.text.strip():
        return True
    if find_shift(above.last, below.first) or find_shift(below.first, above.last):
        return False  # raised or lowered letters, or what follows them
    step = _step(above, below)
    other_weight = step > HIGHER and above.bold != below.bold
    return step > APART * usual or step < -HIGHER or other_weight


def _step(above: TextSpan, below: TextSpan) -> float:
    return above.bottom - below.top
