"""The text of an untagged PDF, page by page: nothing in it says what is a heading or a list."""

from itertools import pairwise

from bhp_site.pdf.drafting.blocks import Block
from bhp_site.pdf.drafting.chapters import Chapter
from bhp_site.pdf.drafting.inline import Inline, get_script_notes, html_of
from bhp_site.pdf.drafting.page_text import PageWords, Piece, Vocabulary
from bhp_site.pdf.drafting.paragraph_runs import BULLETS, write_lists
from bhp_site.pdf.drafting.positions import find_shift
from bhp_site.pdf.drafting.repeated_lines import RepeatedLines

TITLE = "Text of the file"
APART = 1.4  # of the usual distance of lines: a paragraph begins
HIGHER = 2.0  # points: a column begins


def chapter(pages: dict[int, PageWords], known: Vocabulary) -> Chapter:
    """One chapter of paragraphs, without what is repeated at the same place of pages."""
    lines = {
        number: [
            Block("outside", number, first=piece, inline=[Inline(piece)])
            for mark in sorted(page.pieces)
            for piece in page.pieces[mark]
            if piece.text.strip()
        ]
        for number, page in pages.items()
    }
    repeats = RepeatedLines(pages, known)
    for page in lines.values():
        for line in page:
            repeats.add(line)
    blocks: list[Block] = []
    for number, page in lines.items():
        page.sort(key=lambda line: line.inline[0].piece.start)
        for words in paragraphs([line.inline[0] for line in repeats.keep(page)]):
            block = Block("paragraph", number, first=words[0].piece, inline=words)
            for sentence in get_script_notes(words):
                block.add_note(sentence)
            blocks.append(block)
    found = Chapter(TITLE, 1)
    for block in write_lists(blocks, known):
        if block.inline and (html := html_of(block.inline, known)):
            block.html = f"<p>{html}</p>"
        if block.html:
            found.add(block)
    for sentence in repeats.notes() if found.blocks else ():
        found.blocks[0].add_note(sentence)
    return found


def paragraphs(lines: list[Inline]) -> list[list[Inline]]:
    """Lines that stand below one another at the usual distance, as paragraphs."""
    steps = sorted(
        step for one, two in pairwise(lines) if (step := _step(one.piece, two.piece)) > HIGHER
    )
    usual = steps[len(steps) // 2] if steps else 0.0
    found: list[list[Inline]] = []
    last: Piece | None = None
    for line in lines:
        if not last or _is_apart(last, line.piece, usual):
            found.append([])
        found[-1].append(line)
        last = line.piece
    return found


def _is_apart(above: Piece, below: Piece, usual: float) -> bool:
    """Return True if a paragraph begins: further down, in another column or weight, or an item."""
    if below.text.lstrip()[:1] in BULLETS and below.text.strip():
        return True
    if find_shift(above.last, below.first) or find_shift(below.first, above.last):
        return False  # raised or lowered letters, or what follows them
    step = _step(above, below)
    other_weight = step > HIGHER and above.bold != below.bold
    return step > APART * usual or step < -HIGHER or other_weight


def _step(above: Piece, below: Piece) -> float:
    return above.bottom - below.top
