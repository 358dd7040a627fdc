"""Words set in the site's own typeface, whole: they wrap, and are smaller the more there are."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from PIL import ImageFont

FONT = Path(settings.BASE_DIR, "static", "fonts", "bricolage.woff2")
# No font has a letter for it.
NO_LETTER = "\uffff"
# Signs that a sentence can do without: controls, pictures, and what only changes their looks.
# The other kinds are what words are made of.
SPARED = {"Cc", "Cf", "Co", "Cn", "Cs", "Sk", "So"}
LEADING = 1.12


class NotWritable(Exception):
    """Some words have letters that the typeface has not, or are too many for their place."""


@dataclass(frozen=True)
class Block:
    """Lines of text in one size."""

    lines: tuple[str, ...]
    size: int
    weight: int

    @property
    def step(self) -> int:
        """Pixels from line to line."""
        return round(self.size * LEADING)

    @property
    def height(self) -> int:
        return self.step * len(self.lines)

    @property
    def font(self) -> ImageFont.FreeTypeFont:
        return font(self.size, self.weight)


@lru_cache(maxsize=64)
def font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    """The typeface as visitors get it: FreeType reads WOFF2 and its axis of weights."""
    made = ImageFont.truetype(FONT, size)
    made.set_variation_by_axes([weight])
    return made


@lru_cache(maxsize=2048)
def has_letter(sign: str) -> bool:
    drawn = font(40, 400).getmask
    return bytes(drawn(sign)) != bytes(drawn(NO_LETTER))


def writable(text: str) -> str:
    """`text` without what a sentence can do without; NotWritable where letters are missing."""
    signs = []
    for sign in unicodedata.normalize("NFC", text):
        if sign.isspace():
            signs.append(" ")
        elif unicodedata.category(sign) in SPARED or "\ufe00" <= sign <= "\ufe0f":
            if has_letter(sign) and unicodedata.category(sign)[0] == "S":
                signs.append(sign)
        elif has_letter(sign):
            signs.append(sign)
        else:
            raise NotWritable(f"U+{ord(sign):04X}")
    return " ".join("".join(signs).split())


def fitted(text: str, width: int, height: int, sizes: Sequence[int], weight: int) -> Block:
    """`text` in the largest of `sizes` that fits; words are broken only in the smallest.

    NotWritable where even that is too large.
    """
    if not text:
        return Block((), sizes[-1], weight)
    for size in sizes:
        smallest = size == sizes[-1]
        lines = list(wrapped(text, width, font(size, weight), breaking=smallest))
        fits = all(font(size, weight).getlength(line) <= width for line in lines)
        block = Block(tuple(lines), size, weight)
        if fits and block.height <= height:
            return balanced(block, text, width)
    raise NotWritable("too long")


def balanced(block: Block, text: str, width: int) -> Block:
    """The same number of lines, as even as they can be."""
    lines = block.lines
    for narrower in range(width, width // 2, -12):
        tried = tuple(wrapped(text, narrower, block.font, breaking=False))
        wide = any(block.font.getlength(line) > narrower for line in tried)
        if wide or len(tried) > len(block.lines):
            break
        lines = tried
    return Block(lines, block.size, block.weight)


def wrapped(
    text: str, width: int, face: ImageFont.FreeTypeFont, *, breaking: bool
) -> Iterator[str]:
    """Lines no wider than `width`, but for single words, unless these may be broken."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if face.getlength(longer) <= width:
            line = longer
            continue
        if line:
            yield line
        *full, line = broken(word, width, face) if breaking else [word]
        yield from full
    if line:
        yield line


def broken(word: str, width: int, face: ImageFont.FreeTypeFont) -> Iterator[str]:
    part = ""
    for sign in word:
        if part and face.getlength(part + sign) > width:
            yield part
            part = ""
        part += sign
    yield part
