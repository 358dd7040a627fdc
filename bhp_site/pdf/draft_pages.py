"""The text of an untagged PDF, page by page: nothing in it says what is a heading or a list."""

from itertools import pairwise

from .draft_blocks import Block
from .draft_chapters import Chapter, Furniture
from .draft_inline import Inline, html_of
from .draft_words import PageWords, Piece, Vocabulary

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
    furniture = Furniture(pages, known)
    for page in lines.values():
        for line in page:
            furniture.add(line)
    found = Chapter(TITLE, 1)
    for number, page in lines.items():
        page.sort(key=lambda line: line.inline[0].piece.start)
        for words in paragraphs([one.inline[0] for one in page if not furniture.has(one)]):
            if html := html_of(words, known):
                found.add(Block("paragraph", number, html=f"<p>{html}</p>"))
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
    """Whether a paragraph begins: further down, in another column, or in another weight."""
    step = _step(above, below)
    other_weight = step > HIGHER and above.bold != below.bold
    return step > APART * usual or step < -HIGHER or other_weight


def _step(above: Piece, below: Piece) -> float:
    return above.bottom - below.top
