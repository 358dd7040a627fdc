"""Reads the text of a PDF's pages as spans, by the marked content that they belong to.

PDFium decodes the fonts. It replaces a hyphen at the end of a line by \\x02, and adds the spaces
and line ends that it sees.
"""

import ctypes
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from bhp_site.pdf.drafting.marked_content import OUTSIDE, PageMarks, get_pointer
from bhp_site.pdf.drafting.positions import Position, find_shift, read_position
from bhp_site.pdf.drafting.vocabulary import LINE_END_HYPHENS
from bhp_site.pdf.structure import MarkedContentId
from bhp_site.pdf.text.cleaning import NOT_TEXT
from bhp_site.pdf.text.extraction import MAX_PAGE_CHARACTERS

BOLD = re.compile(r"bold|black|heavy|semibold|demi(?!light)", re.I)
ITALIC = re.compile(r"italic|oblique", re.I)
ITALIC_FLAG, BOLD_FLAG = 1 << 6, 1 << 18  # ISO 32000-1, table 123
UNMAPPED = re.compile("[\ud800-\uf8ff\ufffd]")
# Shares of the font size: spans further apart are on different lines, or have a space.
MAX_LINE_SHIFT, MAX_WORD_GAP = 0.5, 0.15
FRACTION_SLASH = "\u2044"
MAX_HEIGHT_DIFFERENCE = 0.12  # share of a digit's height, between digits of one size
# The bullets of Word's fonts Symbol and Wingdings, which have no meaning outside of them.
SYMBOL_BULLETS = dict.fromkeys("\uf0b7\uf0a7\uf076\uf0d8\uf0fc\uf06c\uf06e", "•")


@dataclass(slots=True)
class TextSpan:
    """Text in one style that stands together on a page.

    `start` and `end` count characters of the page; `follows` is the end of the span before, and
    `gap` the text that PDFium saw in between. `left` and `top` are the corner of the first letter,
    `right` and `bottom` of the last, in points from below. `is_unmapped` says that the file does
    not tell some letters. `first` and `last` are the positions of the first and last letter, None
    if the text is rotated.
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


# The mark that text belongs to, and whether it is bold and italic.
TextState = tuple[MarkedContentId, bool, bool]


@dataclass(slots=True)
class SpanBuilder:
    """Collects the letters of one span, which are all in one state."""

    state: TextState
    start: int
    follows: int
    gap: str
    end: int = 0
    letters: list[str] = field(default_factory=list)
    is_unmapped: bool = False
    first: Position | None = None
    last: Position | None = None

    def is_shifted(self, position: Position | None) -> bool:
        """Return True if `position` is raised or lowered against the previous letter."""
        return find_shift(self.last, position) != 0 or find_shift(position, self.last) != 0


@dataclass(slots=True)
class PageSpans:
    """The spans of one page by their marks, which may be OUTSIDE or ARTIFACT."""

    height: float
    spans: dict[MarkedContentId, list[TextSpan]] = field(default_factory=dict)


class PageTextReader:
    """Reads the spans of one page."""

    def __init__(self, page: pypdfium2.PdfPage, number: int, marks: PageMarks | None) -> None:
        self.number, self.page, self.marks = number, page, marks
        self.text_page = page.get_textpage()
        self.states: dict[int, TextState] = {}
        self.positions: dict[int, Position | None] = {}
        self.fonts: dict[int, tuple[bool, bool]] = {}
        self.page_text = PageSpans(page.get_height())

    def read(self) -> PageSpans:
        """Return the text of the page."""
        builder: SpanBuilder | None = None
        gap = ""
        for index in range(min(self.text_page.count_chars(), MAX_PAGE_CHARACTERS)):
            letter = self._get_letter(index)
            page_object = pdfium.FPDFText_GetTextObject(self.text_page, index)
            if not page_object or pdfium.FPDFText_IsGenerated(self.text_page, index) == 1:
                gap += letter
                continue
            state, position = self._get_state(page_object), self._get_position(page_object, index)
            ends_line = state[0] == OUTSIDE and "\n" in gap
            if (
                builder
                and state == builder.state
                and not ends_line
                and not builder.is_shifted(position)
            ):
                builder.letters.append(gap)
            else:
                self._add_span(builder)
                builder = SpanBuilder(
                    state, index, builder.end if builder else 0, gap, first=position
                )
            if letter == FRACTION_SLASH:
                self._separate_numerator(builder, index)
            builder.letters.append(SYMBOL_BULLETS.get(letter, letter))
            builder.last = position
            builder.is_unmapped |= pdfium.FPDFText_HasUnicodeMapError(self.text_page, index) == 1
            builder.end, gap = index + 1, ""
        self._add_span(builder)
        return self.page_text

    def _get_letter(self, index: int) -> str:
        code = pdfium.FPDFText_GetUnicode(self.text_page, index)
        return chr(code) if code < 0x110000 else ""

    def _get_position(self, page_object: Any, index: int) -> Position | None:
        """Return the position of the letters of a text object, whose first letter is at `index`."""
        key = get_pointer(page_object)
        if key not in self.positions:
            self.positions[key] = read_position(self.text_page, index)
        return self.positions[key]

    def _separate_numerator(self, builder: SpanBuilder, index: int) -> None:
        """Put a space between a whole number and the numerator before a fraction slash.

        Fonts draw the digits of a numerator smaller than others, at the same font size, so “1 1⁄4”
        would otherwise be read as eleven quarters.
        """
        heights: list[float] = []
        while self._get_letter(index - 1 - len(heights)).isdecimal() and len(heights) < index:
            heights.append(self._get_height(index - 1 - len(heights)))
        equal = takewhile(
            lambda height: abs(height - heights[0]) < MAX_HEIGHT_DIFFERENCE * height, heights
        )
        small = sum(1 for _ in equal)
        index_of_gap = len(builder.letters) - 1 - 2 * small  # the gap before the numerator
        if 0 < small < len(heights) and index_of_gap > 0:
            builder.letters[index_of_gap] = builder.letters[index_of_gap] or " "

    def _get_height(self, index: int) -> float:
        """Return the height of a letter as it is drawn, in points."""
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        pdfium.FPDFText_GetCharBox(self.text_page, index, left, right, bottom, top)
        return max(top.value - bottom.value, 0.01)

    def _get_state(self, page_object: Any) -> TextState:
        """Return the mark of a text object, and whether it is bold and italic."""
        key = get_pointer(page_object)
        if key not in self.states:
            mark = self.marks.find_mark(page_object) if self.marks else OUTSIDE
            self.states[key] = (mark, *self._get_emphasis(pdfium.FPDFTextObj_GetFont(page_object)))
        return self.states[key]

    def _get_emphasis(self, font: Any) -> tuple[bool, bool]:
        key = get_pointer(font)
        if key and key not in self.fonts:
            buffer = ctypes.create_string_buffer(256)
            pdfium.FPDFFont_GetBaseFontName(font, buffer, 256)
            name = buffer.value.decode("utf-8", "replace")
            flags = max(pdfium.FPDFFont_GetFlags(font), 0)
            self.fonts[key] = (
                bool(BOLD.search(name)) or bool(flags & BOLD_FLAG),
                bool(ITALIC.search(name)) or bool(flags & ITALIC_FLAG),
            )
        return self.fonts.get(key, (False, False))

    def _add_span(self, builder: SpanBuilder | None) -> None:
        if builder is None:
            return
        first, last = self._get_box(builder.start), self._get_box(builder.end - 1)
        text = "".join(builder.letters)
        mark, bold, italic = builder.state
        span = TextSpan(
            text=_remove_invisible(text),
            page=self.number,
            start=builder.start,
            end=builder.end,
            follows=builder.follows,
            gap=builder.gap,
            left=first.left,
            top=first.bottom,
            right=last.right,
            bottom=last.bottom,
            size=max(first.top - first.bottom, last.top - last.bottom, 1.0),
            bold=bold,
            italic=italic,
            is_unmapped=builder.is_unmapped or bool(UNMAPPED.search(text)),
            first=builder.first,
            last=builder.last,
        )
        self.page_text.spans.setdefault(mark, []).append(span)

    def _get_box(self, index: int) -> Any:
        box = pdfium.FS_RECTF()
        pdfium.FPDFText_GetLooseCharBox(self.text_page, index, box)
        return box


def _remove_invisible(text: str) -> str:
    """Return text without invisible characters, except what PDFium writes for hyphens."""
    return "".join(
        part if LINE_END_HYPHENS.fullmatch(part) else NOT_TEXT.sub("", part)
        for part in re.split(f"({LINE_END_HYPHENS.pattern})", text)
    )


def read_page(page: pypdfium2.PdfPage, number: int, marks: PageMarks | None) -> PageSpans:
    """Return the text of a page, numbered from 1; without marks it is all OUTSIDE."""
    return PageTextReader(page, number, marks).read()


def get_gap(before: TextSpan, after: TextSpan) -> str:
    """Return the separator between two consecutive spans: "\n", " " or ""."""
    if before.page != after.page:
        return "\n"
    if after.follows == before.end:
        return after.gap
    if abs(after.top - before.bottom) > MAX_LINE_SHIFT * max(before.size, after.size):
        return "\n"
    return " " if after.left - before.right > MAX_WORD_GAP * after.size else ""


def join_spans(spans: Iterable[TextSpan]) -> str:
    """Return the text of spans, with the line ends between and within them."""
    texts: list[str] = []
    last: TextSpan | None = None
    for span in spans:
        texts += [get_gap(last, span) if last else "", span.text]
        last = span
    return "".join(texts).replace("\r\n", "\n")


def respell(spans: list[TextSpan], text: str) -> list[TextSpan]:
    """Return one span with the replacement text `text` of the file, in place of `spans`."""
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
