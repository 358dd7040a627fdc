"""The words of a PDF's pages by their marks, and how they are put together again.

Runs in the process of `draft_reader` only, like all modules `draft_*`. PDFium decodes the fonts; it
replaces a hyphen at the end of a line by \\x02, and adds the spaces and line ends that it sees.
"""

import ctypes
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from bhp_site.pdf.drafting.marked_content import OUTSIDE, PageMarks, address
from bhp_site.pdf.drafting.positions import Position, find_shift, read_position
from bhp_site.pdf.structure import MarkedContentId
from bhp_site.pdf.text.cleaning import BROKEN_WORD, NOT_TEXT
from bhp_site.pdf.text.extraction import MAX_PAGE_CHARACTERS

BOLD = re.compile(r"bold|black|heavy|semibold|demi(?!light)", re.I)
ITALIC = re.compile(r"italic|oblique", re.I)
FLAG_ITALIC, FLAG_BOLD = 1 << 6, 1 << 18  # ISO 32000-1, table 123
BREAK = "\ufffc"  # in the place of a break, where halves are told from words
HALVES = re.compile(rf"[\w‐-]*{BREAK}[\w‐{BREAK}-]*")
WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
LAST_WORD, FIRST_WORD = re.compile(r"[^\W\d_]+$"), re.compile(r"[^\W\d_]+")
# A dash or slash before which no word begins, at the end of a line: nothing was left out there.
OPEN_END = re.compile(r"(?<=\S)([-‐–—/])[^\S\n]*\n\s*(?=\S)")
# What the line ends of PDFium stand for; kept until words are mended.
LINE_SIGNS = re.compile(r"[\xad\ufffe\x02]")
LIGATURES = re.compile("[\ufb00-\ufb06]")
UNMAPPED = re.compile("[\ud800-\uf8ff\ufffd]")
NEAR_LINE, NEAR_WORD = 0.5, 0.15  # of the size of the letters
FRACTION_SLASH = "\u2044"
SAME = 0.12  # of the height of a figure: how much others of its kind may differ
# The bullets of Word's fonts Symbol and Wingdings, which have no meaning outside of them.
SYMBOL_BULLETS = dict.fromkeys("\uf0b7\uf0a7\uf076\uf0d8\uf0fc\uf06c\uf06e", "•")


@dataclass(slots=True)
class TextSpan:
    """Words in one style that stand together: where they begin and end, in points from below.

    `start` and `end` count characters of the page; `follows` is the end of the words before, and
    `gap` what PDFium saw in between. `is_unmapped`: some letters are known by their look alone.
    `first` and `last` are the positions of its first and last letters, None where text is turned.
    """

    text: str
    page: int
    start: int
    end: int
    follows: int
    gap: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool = False
    italic: bool = False
    is_unmapped: bool = False
    first: Position | None = None
    last: Position | None = None


State = tuple[
    MarkedContentId, bool, bool
]  # the mark of words, and whether they are bold and italic


@dataclass(slots=True)
class SpanBuilder:
    """Letters in one state, of which a span is made."""

    state: State
    start: int
    follows: int
    gap: str
    end: int = 0
    letters: list[str] = field(default_factory=list)
    is_unmapped: bool = False
    first: Position | None = None
    last: Position | None = None

    def is_shifted(self, position: Position | None) -> bool:
        """Return True if `position` is raised or lowered beside the last letter of the run."""
        return find_shift(self.last, position) != 0 or find_shift(position, self.last) != 0


@dataclass(slots=True)
class PageText:
    """The spans of one page by their marks, which may be OUTSIDE or ARTIFACT."""

    height: float
    spans: dict[MarkedContentId, list[TextSpan]] = field(default_factory=dict)


class _Reader:
    """Reads one page of PDFium's text."""

    def __init__(self, page: pypdfium2.PdfPage, number: int, marks: PageMarks | None) -> None:
        self.number, self.page, self.marks = number, page, marks
        self.text = page.get_textpage()
        self.states: dict[int, State] = {}
        self.positions: dict[int, Position | None] = {}
        self.fonts: dict[int, tuple[bool, bool]] = {}
        self.found = PageText(page.get_height())

    def read(self) -> PageText:
        run: SpanBuilder | None = None
        gap = ""
        for index in range(min(self.text.count_chars(), MAX_PAGE_CHARACTERS)):
            letter = self._letter(index)
            page_object = pdfium.FPDFText_GetTextObject(self.text, index)
            if not page_object or pdfium.FPDFText_IsGenerated(self.text, index) == 1:
                gap += letter
                continue
            state, position = self._state(page_object), self._position(page_object, index)
            ends_line = state[0] == OUTSIDE and "\n" in gap
            if run and state == run.state and not ends_line and not run.is_shifted(position):
                run.letters.append(gap)
            else:
                self._add(run)
                run = SpanBuilder(state, index, run.end if run else 0, gap, first=position)
            if letter == FRACTION_SLASH:
                self._part_numerator(run, index)
            run.letters.append(SYMBOL_BULLETS.get(letter, letter))
            run.last = position
            run.is_unmapped |= pdfium.FPDFText_HasUnicodeMapError(self.text, index) == 1
            run.end, gap = index + 1, ""
        self._add(run)
        return self.found

    def _letter(self, index: int) -> str:
        code = pdfium.FPDFText_GetUnicode(self.text, index)
        return chr(code) if code < 0x110000 else ""

    def _position(self, page_object: Any, index: int) -> Position | None:
        """Return where the letters of a text object stand; `index` is that of its first letter."""
        key = address(page_object)
        if key not in self.positions:
            self.positions[key] = read_position(self.text, index)
        return self.positions[key]

    def _part_numerator(self, run: SpanBuilder, index: int) -> None:
        """Put a space between a whole number and the numerator before a fraction slash.

        Fonts draw the figures of a numerator smaller than others, at the same size of the font, so
        that “1 1⁄4” would otherwise be read as eleven quarters.
        """
        heights: list[float] = []
        while self._letter(index - 1 - len(heights)).isdecimal() and len(heights) < index:
            heights.append(self._height(index - 1 - len(heights)))
        small = sum(1 for _ in takewhile(lambda one: abs(one - heights[0]) < SAME * one, heights))
        place = len(run.letters) - 1 - 2 * small  # the gap before the numerator
        if 0 < small < len(heights) and place > 0:
            run.letters[place] = run.letters[place] or " "

    def _height(self, index: int) -> float:
        """Return the height of a letter as it is drawn, in points."""
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        pdfium.FPDFText_GetCharBox(self.text, index, left, right, bottom, top)
        return max(top.value - bottom.value, 0.01)

    def _state(self, page_object: Any) -> State:
        """The mark of a text object, and whether it is bold and italic."""
        key = address(page_object)
        if key not in self.states:
            mark = self.marks.find_mark(page_object) if self.marks else OUTSIDE
            self.states[key] = (mark, *self._style(pdfium.FPDFTextObj_GetFont(page_object)))
        return self.states[key]

    def _style(self, font: Any) -> tuple[bool, bool]:
        key = address(font)
        if key and key not in self.fonts:
            buffer = ctypes.create_string_buffer(256)
            pdfium.FPDFFont_GetBaseFontName(font, buffer, 256)
            called = buffer.value.decode("utf-8", "replace")
            flags = max(pdfium.FPDFFont_GetFlags(font), 0)
            self.fonts[key] = (
                bool(BOLD.search(called)) or bool(flags & FLAG_BOLD),
                bool(ITALIC.search(called)) or bool(flags & FLAG_ITALIC),
            )
        return self.fonts.get(key, (False, False))

    def _add(self, run: SpanBuilder | None) -> None:
        if run is None:
            return
        first, last = self._box(run.start), self._box(run.end - 1)
        text = "".join(run.letters)
        mark, bold, italic = run.state
        span = TextSpan(
            text=_readable(text),
            page=self.number,
            start=run.start,
            end=run.end,
            follows=run.follows,
            gap=run.gap,
            left=first.left,
            top=first.bottom,
            right=last.right,
            bottom=last.bottom,
            size=max(first.top - first.bottom, last.top - last.bottom, 1.0),
            bold=bold,
            italic=italic,
            is_unmapped=run.is_unmapped or bool(UNMAPPED.search(text)),
            first=run.first,
            last=run.last,
        )
        self.found.spans.setdefault(mark, []).append(span)

    def _box(self, index: int) -> Any:
        box = pdfium.FS_RECTF()
        pdfium.FPDFText_GetLooseCharBox(self.text, index, box)
        return box


def _readable(text: str) -> str:
    """The signs of a text that mean something, with those of PDFium."""
    return "".join(
        part if LINE_SIGNS.fullmatch(part) else NOT_TEXT.sub("", part)
        for part in re.split(f"({LINE_SIGNS.pattern})", text)
    )


def read_page(page: pypdfium2.PdfPage, number: int, marks: PageMarks | None) -> PageText:
    """The words of a page; without marks they are all OUTSIDE."""
    return _Reader(page, number, marks).read()


def get_gap(before: TextSpan, after: TextSpan) -> str:
    """What stands between two spans that are read one after the other."""
    if before.page != after.page:
        return "\n"
    if after.follows == before.end:
        return after.gap
    if abs(after.top - before.bottom) > NEAR_LINE * max(before.size, after.size):
        return "\n"
    return " " if after.left - before.right > NEAR_WORD * after.size else ""


def join_spans(spans: Iterable[TextSpan]) -> str:
    """The words of spans, with the line ends between and within them."""
    found: list[str] = []
    last: TextSpan | None = None
    for span in spans:
        found += [get_gap(last, span) if last else "", span.text]
        last = span
    return "".join(found).replace("\r\n", "\n")


class Vocabulary:
    """The words of the document that stand unbroken, which tell how broken ones are mended."""

    def __init__(self) -> None:
        self.words: Counter[str] = Counter()

    def add(self, text: str) -> None:
        whole = HALVES.sub(" ", BROKEN_WORD.sub(BREAK, text))
        self.words.update(word.lower() for word in WORD.findall(whole))
        self.words.update(part for word in WORD.findall(whole) for part in _parts(word))

    def mend(self, broken: re.Match[str]) -> str:
        """What stands between the halves of a word: its hyphen, or nothing.

        Before a capital the hyphen is part of a name.
        """
        if broken[0][0] == "\xad":
            return ""
        if broken[1].isupper():
            return "-"
        before = LAST_WORD.search(broken.string, 0, broken.start())
        after = FIRST_WORD.match(broken.string, broken.end())
        if not before or not after:
            return ""
        first, second = before[0].lower(), after[0].lower()
        if self.words[first + second]:
            return ""
        if self.words[f"{first}-{second}"]:
            return "-"
        return "-" if self.words[first] and self.words[second] else ""

    def tidy(self, text: str) -> str:
        """`text` in one line, with broken words joined, ligatures as letters, accents in one."""
        whole = OPEN_END.sub(r"\1", BROKEN_WORD.sub(self.mend, text.replace("\r\n", "\n")))
        plain = LINE_SIGNS.sub(lambda one: "-" if one[0] != "\xad" else "", whole)
        letters = LIGATURES.sub(lambda one: unicodedata.normalize("NFKC", one[0]), plain)
        return " ".join(unicodedata.normalize("NFC", letters).split())


def _parts(word: str) -> Iterator[str]:
    parts = re.split("[-‐]", word.lower())
    return iter(parts if len(parts) > 1 else ())


def respell(spans: list[TextSpan], text: str) -> list[TextSpan]:
    """One span in the place of others, with the text that the file gives for them."""
    if not spans:
        return []
    first, last = spans[0], spans[-1]
    return [
        replace(
            first,
            text=text,
            end=last.end,
            right=last.right,
            bottom=last.bottom,
            is_unmapped=False,
            last=last.last,
        )
    ]
