"""Words within a block: their links and emphasis, as text or as the HTML an editor goes on with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape

from .draft_words import Piece, Vocabulary, between

SCHEMES = re.compile(r"(?:https?://|mailto:)[^\s<>\"\\]+", re.I)
# In the place of an address: a link that leads within the file, and one whose address is lost.
INTERNAL, LOST = "#", "?"
# Signs that stand for changes of style while words are mended; `Piece.text` has none of them.
FIRST_SIGN, MOST_SIGNS = 0xE000, 6000
SIGN = re.compile("([\ue000-\uf8ff])")
POWER_OF = re.compile(r"(?:\d|\b[kcdm]?m)$")
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
MARK = re.compile(r"[\[(]?([1-9]\d{,2})[\])]?")


@dataclass(frozen=True, slots=True)
class Style:
    href: str = ""
    bold: bool = False
    italic: bool = False


PLAIN = Style()


@dataclass(slots=True)
class Inline:
    """Words in one style. `ends` says that a block within a block, such as an item, ends there."""

    piece: Piece
    style: Style = PLAIN
    ends: bool = False

    def cut(self, count: int) -> None:
        """Leave out the first letters."""
        self.piece = replace(self.piece, text=self.piece.text[count:])

    @property
    def shown(self) -> Style:
        """The style asked for by tags, or seen in the font."""
        bold, italic = self.style.bold or self.piece.bold, self.style.italic or self.piece.italic
        return Style(self.style.href, bold, italic)


def with_marks(words: list[Inline]) -> list[Inline]:
    """The same words, in which small raised numbers, and links of numbers, are marks of notes.

    Behind a figure or a unit a raised number is a power.
    """
    found: list[Inline] = []
    for one in words:
        before = found[-1].piece if found else None
        mark = MARK.fullmatch(one.piece.text.strip())
        raised = bool(before and mark and _is_raised(before, one.piece))
        if before and mark and (raised or one.style.href == INTERNAL):
            is_power = raised and POWER_OF.search(before.text)
            said = mark[1].translate(RAISED) if is_power else f"[{mark[1]}]"
            piece = replace(one.piece, text=said, follows=before.end, gap="")
            one = Inline(piece, one.style, one.ends)
        found.append(one)
    return found


def _is_raised(before: Piece, piece: Piece) -> bool:
    small = piece.size < 0.9 * before.size
    return small and before.page == piece.page and piece.top > before.bottom + 0.1 * before.size


def address(uri: str) -> str:
    """`uri` where an editor's text may link to it, else ""."""
    uri = uri.strip()
    return uri if len(uri) <= 2000 and SCHEMES.fullmatch(uri) else ""


def text_of(words: list[Inline], known: Vocabulary) -> str:
    return known.tidy("".join(_raw(with_marks(words))))


def _raw(words: list[Inline]) -> Iterator[str]:
    last: Inline | None = None
    for one in words:
        if last:
            yield "\n" if last.ends else between(last.piece, one.piece)
        yield one.piece.text
        last = one


def html_of(words: list[Inline], known: Vocabulary) -> str:
    """The words with `a`, `b` and `i`; emphasis of the whole is none."""
    words = with_marks(words)
    bold = not all(one.shown.bold for one in words)
    italic = not all(one.shown.italic for one in words)
    styles: list[Style] = []
    marked: list[str] = []
    for one, raw in zip(words, _parts(words), strict=True):
        style = one.shown
        style = Style(
            "" if style.href in (INTERNAL, LOST) else style.href,
            bold and style.bold,
            italic and style.italic,
        )
        gap, text = raw
        if styles[-1:] != [style] and len(styles) < MOST_SIGNS:
            gap += chr(FIRST_SIGN + len(styles))
            styles.append(style)
        marked += [gap, text]
    _, *rest = SIGN.split(known.tidy("".join(marked)))
    return "".join(
        _tagged(text, styles[ord(sign) - FIRST_SIGN])
        for sign, text in zip(rest[::2], rest[1::2], strict=True)
    ).strip()


def _parts(words: list[Inline]) -> Iterator[tuple[str, str]]:
    """Each piece's words, and what stands before them."""
    raw = _raw(words)
    for at in range(len(words)):
        gap = next(raw) if at else ""
        yield gap, next(raw)


def _tagged(text: str, style: Style) -> str:
    inner = text.strip()
    if not inner:
        return text
    before, after = text[: text.index(inner)], text[text.index(inner) + len(inner) :]
    if style.href and inner.replace(" ", "") in style.href:
        inner = inner.replace(" ", "")  # an address broken over lines
    made = escape(inner)
    for tag, wanted in (("i", style.italic), ("b", style.bold)):
        made = f"<{tag}>{made}</{tag}>" if wanted else made
    if style.href:
        made = f'<a href="{escape(style.href)}">{made}</a>'
    return f"{before}{made}{after}"
