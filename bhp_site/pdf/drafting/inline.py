"""Words within a block: their links and emphasis, as text or as the HTML an editor goes on with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape

from bhp_site.pdf.drafting.page_text import TextSpan, Vocabulary, get_gap
from bhp_site.pdf.drafting.superscripts import interpret

SCHEMES = re.compile(r"(?:https?://|mailto:)[^\s<>\"\\]+", re.I)
# In the place of an address: a link that leads within the file, and one whose address is lost.
INTERNAL, LOST = "#", "?"
# Signs that stand for changes of style while words are mended; `TextSpan.text` has none of them.
FIRST_SIGN, MAX_STYLE_CHANGES = 0xE000, 6000
SIGN = re.compile("([\ue000-\uf8ff])")


@dataclass(frozen=True, slots=True)
class Style:
    href: str = ""
    bold: bool = False
    italic: bool = False


PLAIN = Style()


@dataclass(slots=True)
class InlineText:
    """Words in one style. `ends` says that a block within a block, such as an item, ends there."""

    span: TextSpan
    style: Style = PLAIN
    ends: bool = False

    def cut(self, count: int) -> None:
        """Leave out the first letters."""
        self.span = replace(self.span, text=self.span.text[count:])

    @property
    def shown(self) -> Style:
        """The style asked for by tags, or seen in the font."""
        bold, italic = self.style.bold or self.span.bold, self.style.italic or self.span.italic
        return Style(self.style.href, bold, italic)


def interpret_scripts(words: list[InlineText]) -> list[InlineText]:
    """Return the words, in which raised and lowered letters are written as what they mean."""
    return interpret(words, INTERNAL)[0]


def get_script_notes(words: list[InlineText]) -> list[str]:
    """Return sentences about raised and lowered letters that could mean something else."""
    return interpret(words, INTERNAL)[1]


def address(uri: str) -> str:
    """`uri` where an editor's text may link to it, else ""."""
    uri = uri.strip()
    return uri if len(uri) <= 2000 and SCHEMES.fullmatch(uri) else ""


def format_text(words: list[InlineText], vocabulary: Vocabulary) -> str:
    return vocabulary.tidy("".join(_raw(interpret_scripts(words))))


def _raw(words: list[InlineText]) -> Iterator[str]:
    last: InlineText | None = None
    for one in words:
        if last:
            yield "\n" if last.ends else get_gap(last.span, one.span)
        yield one.span.text
        last = one


def format_html(words: list[InlineText], vocabulary: Vocabulary) -> str:
    """The words with `a`, `b` and `i`; emphasis of the whole is none."""
    words = interpret_scripts(words)
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
        if styles[-1:] != [style] and len(styles) < MAX_STYLE_CHANGES:
            gap += chr(FIRST_SIGN + len(styles))
            styles.append(style)
        marked += [gap, text]
    _, *rest = SIGN.split(vocabulary.tidy("".join(marked)))
    return "".join(
        _tagged(text, styles[ord(sign) - FIRST_SIGN])
        for sign, text in zip(rest[::2], rest[1::2], strict=True)
    ).strip()


def _parts(words: list[InlineText]) -> Iterator[tuple[str, str]]:
    """Each span's words, and what stands before them."""
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
