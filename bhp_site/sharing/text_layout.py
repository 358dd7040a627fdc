"""Lay out text in the site's typeface: fit it into a box by its size and by line breaks."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from PIL import ImageFont

FONT_PATH = Path(settings.BASE_DIR, "static", "fonts", "bricolage.woff2")
# A noncharacter, which every font draws as a missing glyph.
MISSING_CHAR = "\uffff"
# Unicode categories that a sentence can do without: control and format characters, symbols such
# as emoji, and modifiers. A character of any other category is part of a word.
OPTIONAL_CATEGORIES = {"Cc", "Cf", "Co", "Cn", "Cs", "Sk", "So"}
# Of the font size.
LINE_HEIGHT = 1.12
BALANCE_STEP_PIXELS = 12


class UnrenderableText(Exception):
    """The text has characters without a glyph, or is too long for its box."""


@dataclass(frozen=True)
class FittedText:
    """Lines of text in one font size (in pixels) and weight."""

    lines: tuple[str, ...]
    size: int
    weight: int

    @property
    def line_height(self) -> int:
        """Return the pixels from one baseline to the next."""
        return round(self.size * LINE_HEIGHT)

    @property
    def height(self) -> int:
        """Return the height of all lines in pixels."""
        return self.line_height * len(self.lines)

    @property
    def font(self) -> ImageFont.FreeTypeFont:
        """Return the typeface in this size and weight."""
        return get_font(self.size, self.weight)


@lru_cache(maxsize=64)
def get_font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    """Return the site's typeface in a size in pixels and a weight; FreeType reads WOFF2."""
    font = ImageFont.truetype(FONT_PATH, size)
    font.set_variation_by_axes([weight])
    return font


@lru_cache(maxsize=2048)
def has_glyph(char: str) -> bool:
    """Return True if the typeface has a glyph for `char`."""
    get_mask = get_font(40, 400).getmask
    return bytes(get_mask(char)) != bytes(get_mask(MISSING_CHAR))


def clean_text(text: str) -> str:
    """Return `text` in one line, without optional characters that have no glyph.

    Raises UnrenderableText if a character that is part of a word has none.
    """
    chars = []
    for char in unicodedata.normalize("NFC", text):
        if char.isspace():
            chars.append(" ")
        elif unicodedata.category(char) in OPTIONAL_CATEGORIES or "\ufe00" <= char <= "\ufe0f":
            if has_glyph(char) and unicodedata.category(char)[0] == "S":
                chars.append(char)
        elif has_glyph(char):
            chars.append(char)
        else:
            raise UnrenderableText(f"no glyph for U+{ord(char):04X}")
    return " ".join("".join(chars).split())


def fit_text(text: str, width: int, height: int, sizes: Sequence[int], weight: int) -> FittedText:
    """Return `text` in the largest of `sizes` (descending) that fits into a box in pixels.

    Words are broken only in the smallest size. Raises UnrenderableText if not even that fits.
    """
    if not text:
        return FittedText((), sizes[-1], weight)
    for size in sizes:
        font = get_font(size, weight)
        lines = list(wrap_text(text, width, font, break_words=size == sizes[-1]))
        fitted = FittedText(tuple(lines), size, weight)
        if fitted.height <= height and all(font.getlength(line) <= width for line in lines):
            return balance_lines(fitted, text, width)
    raise UnrenderableText("too long")


def balance_lines(fitted: FittedText, text: str, width: int) -> FittedText:
    """Return `fitted` with as many lines, whose lengths are as even as possible."""
    lines = fitted.lines
    for narrower in range(width, width // 2, -BALANCE_STEP_PIXELS):
        candidate = tuple(wrap_text(text, narrower, fitted.font, break_words=False))
        is_too_wide = any(fitted.font.getlength(line) > narrower for line in candidate)
        if is_too_wide or len(candidate) > len(fitted.lines):
            break
        lines = candidate
    return FittedText(lines, fitted.size, fitted.weight)


def wrap_text(
    text: str, width: int, font: ImageFont.FreeTypeFont, *, break_words: bool
) -> Iterator[str]:
    """Yield lines no wider than `width` in pixels.

    A longer word is a line of its own, unless `break_words` is True.
    """
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if font.getlength(longer) <= width:
            line = longer
            continue
        if line:
            yield line
        *full_lines, line = break_word(word, width, font) if break_words else [word]
        yield from full_lines
    if line:
        yield line


def break_word(word: str, width: int, font: ImageFont.FreeTypeFont) -> Iterator[str]:
    """Yield the parts of `word`, as long as fit into `width`, at least one character each."""
    part = ""
    for char in word:
        if part and font.getlength(part + char) > width:
            yield part
            part = ""
        part += char
    yield part
