"""Find the quotation marks of a paragraph and pair them; tell apostrophes from closing marks."""

import re
from dataclasses import dataclass, field

DOUBLE = '“”„‟«»"＂'
SINGLE = "‘’‚‛‹›'"
# What a line that begins a quotation can begin with.
OPENING_MARKS = f"{DOUBLE}‘‚‛‹'"
# By their shape, where their place does not tell.
OPENING_SHAPES, CLOSING_SHAPES = "“„‟«‘‚‛‹", "”»’›"
APOSTROPHES = "'’‘‛"
# How many marks in a row are skipped to find the adjacent letter.
MAX_ADJACENT_MARKS = 8
ELISION = re.compile(
    r"[’'‘‛](?:n[’'‘‛](?!\w)|tis\b|twas\b|twill\b|em\b|til\b|cos\b|\d0s\b|\d\d\b)", re.IGNORECASE
)


@dataclass(eq=False)
class Mark:
    """A quotation mark or apostrophe at a position of a paragraph."""

    position: int
    character: str
    level: str
    opens: bool
    # A closing single mark after an “s” or “in”: patients’, workin’.
    may_be_apostrophe: bool = False
    follows_letter: bool = False
    is_at_end: bool = False
    is_apostrophe: bool = False
    is_ambiguous: bool = False
    partner: "Mark | None" = field(default=None, repr=False)

    @property
    def is_unpaired(self) -> bool:
        """Return True if the mark opens without a closing one, or closes without an opening one."""
        return self.partner is None and not self.is_apostrophe

    @property
    def unpaired_character(self) -> str:
        """Return the curly character to show if the mark is unpaired."""
        if self.level == "double":
            return "“" if self.opens else "”"
        return "‘" if self.opens else "’"


def is_elision(text: str, position: int) -> bool:
    """Return True if an apostrophe at `position` stands for letters left out: ’70s, ’n’, ’tis."""
    before = text[position - 1] if position else " "
    return not before.isalnum() and ELISION.match(text, position) is not None


def find_marks(text: str) -> list[Mark]:
    """Return the marks of one paragraph in their order, pairs linked to each other."""
    marks: list[Mark] = []
    is_open = False
    for position, character in enumerate(text):
        if character in DOUBLE:
            opens = _opens(text, position, is_open)
            is_open = opens
            marks.append(Mark(position, character, "double", opens))
        elif character in SINGLE:
            marks.append(_classify_single(text, position))
    _pair_double(marks)
    _pair_single(marks)
    return marks


def _classify_single(text: str, position: int) -> Mark:
    """Return the mark for a single mark, apostrophes told apart where their place tells."""
    character = text[position]
    before = text[position - 1] if position else " "
    after = text[position + 1 : position + 2] or " "
    mark = Mark(position, character, "single", _opens(text, position, None))
    mark.follows_letter = before.isalnum()
    mark.is_at_end = not any(letter.isalnum() for letter in text[position:])
    inside_word = before.isalnum() and after.isalnum()
    closes_elision = before in "nN" and position > 1 and is_elision(text, position - 2)
    if character in APOSTROPHES:
        mark.is_apostrophe = inside_word or closes_elision or is_elision(text, position)
        ends_in = text[max(0, position - 2) : position].lower() == "in"
        mark.may_be_apostrophe = not mark.opens and (before in "sSzZxX" or ends_in)
    return mark


def _opens(text: str, position: int, is_open: bool | None) -> bool:
    """Return True if the mark at `position` opens: by its place, else shape, else turn."""
    start = max(0, position - MAX_ADJACENT_MARKS)
    before = text[start:position].rstrip(DOUBLE + SINGLE)[-1:]
    after = text[position + 1 : position + 1 + MAX_ADJACENT_MARKS].lstrip(DOUBLE + SINGLE)[:1]
    free_before = not before or before.isspace() or before in "([{-–—/"
    free_after = not after or after.isspace() or after in ")]}.,;:!?…-–—/"
    if free_before and not free_after:
        return True
    if free_after and not free_before:
        return False
    character = text[position]
    if character in OPENING_SHAPES:
        return True
    if character in CLOSING_SHAPES:
        return False
    return free_before if is_open is None else not is_open


def _pair_double(marks: list[Mark]) -> None:
    opened: list[Mark] = []
    for mark in marks:
        if mark.level != "double":
            continue
        if mark.opens:
            opened.append(mark)
        elif opened:
            _link(opened.pop(), mark)


def _pair_single(marks: list[Mark]) -> None:
    """Pair single marks; those left over are apostrophes unless their shape says otherwise."""
    enclosing = _find_enclosing(marks)
    singles = [mark for mark in marks if mark.level == "single" and not mark.is_apostrophe]
    ahead = _count_closing_ahead(singles)
    opened: list[Mark] = []
    for mark, (certain, possible) in zip(singles, ahead, strict=True):
        if mark.opens:
            opened.append(mark)
            continue
        # A pair does not begin inside a pair of double marks and end outside, or vice versa.
        if not opened or enclosing[opened[-1].position] != enclosing[mark.position]:
            continue
        if mark.may_be_apostrophe:
            if certain >= len(opened):
                continue
            mark.is_ambiguous = possible > 0
        _link(opened.pop(), mark)
    for mark in singles:
        if mark.partner is None:
            mark.is_apostrophe = _is_left_apostrophe(mark)


def _find_enclosing(marks: list[Mark]) -> dict[int, int]:
    """Return for each mark's position that of the pair of double marks around it; -1: none."""
    around = [-1]
    enclosing = {}
    for mark in marks:
        if mark.level == "double" and mark.partner and not mark.opens:
            around.pop()
        enclosing[mark.position] = around[-1]
        if mark.level == "double" and mark.partner and mark.opens:
            around.append(mark.position)
    return enclosing


def _count_closing_ahead(marks: list[Mark]) -> list[tuple[int, int]]:
    """Return for each mark how many after it close before one opens: certainly, and perhaps."""
    counts = []
    certain = possible = 0
    for mark in reversed(marks):
        counts.append((certain, possible))
        if mark.opens:
            certain = possible = 0
        elif mark.may_be_apostrophe:
            possible += 1
        else:
            certain += 1
    return counts[::-1]


def _is_left_apostrophe(mark: Mark) -> bool:
    """Return True if a single mark without a partner is an apostrophe."""
    if mark.character not in APOSTROPHES:
        return False
    if mark.opens:
        # Only the character ‘ shows that a quotation was meant to open.
        return mark.character != "‘" and mark.position > 0
    return mark.may_be_apostrophe or (mark.follows_letter and not mark.is_at_end)


def _link(opening: Mark, closing: Mark) -> None:
    opening.partner, closing.partner = closing, opening
