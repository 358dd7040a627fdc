"""Formats the text of a block, with its links and emphasis, as plain text or HTML."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape

from bhp_site.pdf.drafting.page_text import TextSpan, get_gap
from bhp_site.pdf.drafting.superscripts import interpret
from bhp_site.pdf.drafting.vocabulary import Vocabulary

SCHEMES = re.compile(r"(?:https?://|mailto:)[^\s<>\"\\]+", re.I)
MAX_ADDRESS_CHARACTERS = 2000
# In the place of an address: a link that leads within the file, and one without an address.
INTERNAL, LOST = "#", "?"
# Private characters mark changes of style while broken words are joined; text has none itself.
FIRST_STYLE_CHARACTER, MAX_STYLE_CHANGES = 0xE000, 6000
STYLE_CHARACTER = re.compile("([\ue000-\uf8ff])")


@dataclass(frozen=True, slots=True)
class Style:
    """The address of a link, "" for none, and emphasis."""

    href: str = ""
    bold: bool = False
    italic: bool = False


PLAIN = Style()


@dataclass(slots=True)
class InlineText:
    """Text in one style.

    `ends` says that a block within the block, such as a paragraph of an item, ends with it.
    """

    span: TextSpan
    style: Style = PLAIN
    ends: bool = False

    def cut(self, count: int) -> None:
        """Remove the first `count` characters."""
        self.span = replace(self.span, text=self.span.text[count:])

    @property
    def visible_style(self) -> Style:
        """Return the style from the tags, or else from the font."""
        bold, italic = self.style.bold or self.span.bold, self.style.italic or self.span.italic
        return Style(self.style.href, bold, italic)


def interpret_scripts(runs: list[InlineText]) -> list[InlineText]:
    """Return text with superscripts and subscripts replaced by their meaning."""
    return interpret(runs, INTERNAL)[0]


def get_script_notes(runs: list[InlineText]) -> list[str]:
    """Return notes about superscripts and subscripts whose meaning is uncertain."""
    return interpret(runs, INTERNAL)[1]


def get_allowed_address(uri: str) -> str:
    """Return `uri` if the text of an editor may link to it, else ""."""
    uri = uri.strip()
    is_allowed = len(uri) <= MAX_ADDRESS_CHARACTERS and SCHEMES.fullmatch(uri)
    return uri if is_allowed else ""


def format_text(runs: list[InlineText], vocabulary: Vocabulary) -> str:
    """Return text without its styles, on one line, with broken words joined."""
    runs = interpret_scripts(runs)
    parts = zip(_iterate_gaps(runs), runs, strict=True)
    return vocabulary.normalise("".join(f"{gap}{run.span.text}" for gap, run in parts))


def _iterate_gaps(runs: list[InlineText]) -> Iterator[str]:
    """Yield what separates each text from the one before; "" for the first."""
    last: InlineText | None = None
    for run in runs:
        if last is None:
            yield ""
        else:
            yield "\n" if last.ends else get_gap(last.span, run.span)
        last = run


def format_html(runs: list[InlineText], vocabulary: Vocabulary) -> str:
    """Return text as HTML with `a`, `b` and `i`, on one line, with broken words joined.

    Emphasis of the whole text is left out.
    """
    runs = interpret_scripts(runs)
    is_bold = all(run.visible_style.bold for run in runs)
    is_italic = all(run.visible_style.italic for run in runs)
    styles: list[Style] = []
    parts: list[str] = []
    for gap, run in zip(_iterate_gaps(runs), runs, strict=True):
        style = run.visible_style
        style = Style(
            "" if style.href in (INTERNAL, LOST) else style.href,
            style.bold and not is_bold,
            style.italic and not is_italic,
        )
        parts.append(gap)
        if styles[-1:] != [style] and len(styles) < MAX_STYLE_CHANGES:
            parts.append(chr(FIRST_STYLE_CHARACTER + len(styles)))
            styles.append(style)
        parts.append(run.span.text)
    _, *rest = STYLE_CHARACTER.split(vocabulary.normalise("".join(parts)))
    return "".join(
        _format_style(text, styles[ord(character) - FIRST_STYLE_CHARACTER])
        for character, text in zip(rest[::2], rest[1::2], strict=True)
    ).strip()


def _format_style(text: str, style: Style) -> str:
    """Return text in one style as HTML; spaces around it stay outside of its elements."""
    inner = text.strip()
    if not inner:
        return text
    start = text.index(inner)
    before, after = text[:start], text[start + len(inner) :]
    if style.href and inner.replace(" ", "") in style.href:
        inner = inner.replace(" ", "")  # An address that was broken over lines.
    html = escape(inner)
    for tag, is_wanted in (("i", style.italic), ("b", style.bold)):
        html = f"<{tag}>{html}</{tag}>" if is_wanted else html
    if style.href:
        html = f'<a href="{escape(style.href)}">{html}</a>'
    return f"{before}{html}{after}"
