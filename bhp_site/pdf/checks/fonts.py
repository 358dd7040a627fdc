"""Fonts: whether words can be heard, copied and seen everywhere (7.21)."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pikepdf import Array, Stream

from bhp_site.pdf.checks.character_maps import (
    PREDEFINED,
    code_length,
    is_character,
    is_sound,
    to_unicode,
)
from bhp_site.pdf.checks.check_context import CheckContext
from bhp_site.pdf.checks.content import UsedFont
from bhp_site.pdf.checks.truetype import TrueType
from bhp_site.pdf.objects import as_dictionary, as_list, get_name, get_text, is_int, read_stream

CODECS = {"WinAnsiEncoding": "cp1252", "MacRomanEncoding": "mac-roman"}
NAMED = {*CODECS, "MacExpertEncoding", "StandardEncoding"}
MEANINGLESS = re.compile(r"(?:g|glyph|cid|index)\.?\d+", re.I)  # a glyph's number for its name
SYMBOLIC = 4  # flag of a font
UNICODE, SYMBOL, MAC = (3, 1), (3, 0), (1, 0)  # platform and encoding of a character map
NOTDEF = ".notdef"  # the glyph of characters that a font lacks
TWICE = {0xA0, 0xAD}  # codes that fonts set with the glyph of another: spaces and hyphens
NEAR = 2.0  # thousandths of the size: programs round widths in different ways
MAX_WIDTHS = 200_000
PREDEFINED_COLLECTIONS = set(PREDEFINED.values())


def check_fonts(context: CheckContext, fonts: Iterable[UsedFont]) -> None:
    for font in fonts:
        context.check_deadline()
        for code in set(_faults(font)):
            for page in sorted(font.pages):
                context.add_finding(code, page)


def _faults(font: UsedFont) -> Iterator[str]:
    """The codes of what is wrong with one font."""
    node = font.node
    kind = get_name(node.get("/Subtype"))
    inner = node
    if kind == "Type0":
        inner = as_dictionary(next(iter(as_list(node.get("/DescendantFonts"))), None))
    descriptor = as_dictionary(inner.get("/FontDescriptor"))
    embedded = any(f"/FontFile{which}" in descriptor for which in ("", "2", "3"))
    if font.visible and kind != "Type3" and not embedded:
        yield "font_missing"
    program = TrueType(read_stream(descriptor.get("/FontFile2")))
    if kind == "Type0":
        yield from Composite(font, inner, program).faults(embedded)
    else:
        flags = descriptor.get("/Flags")
        symbolic = bool(flags & SYMBOLIC) if is_int(flags) else None
        yield from Simple(font, kind, symbolic, program).faults()


class Composite:
    """A font with codes of two bytes or more, and the font of a collection within it."""

    def __init__(self, font: UsedFont, inner: Any, program: TrueType) -> None:
        self.font, self.inner, self.program = font, inner, program
        self.encoding = font.node.get("/Encoding")
        self.length = code_length(self.encoding)
        self.collection = as_dictionary(inner.get("/CIDSystemInfo"))

    def faults(self, embedded: bool) -> Iterator[str]:
        glyphs = self.inner.get("/CIDToGIDMap")
        if not is_sound(self.encoding, self.collection):
            yield "font_codes"
        given = isinstance(glyphs, Stream) or get_name(glyphs) == "Identity"
        if embedded and not given and get_name(self.inner.get("/Subtype")) == "CIDFontType2":
            yield "font_codes"
        if self._is_unreadable():
            yield "font_unicode"
        # What a stream maps the first glyph to is not known to be empty.
        if embedded and not isinstance(glyphs, Stream) and 0 in self.identifiers():
            yield "font_glyphs"
        if self.program.sound and get_name(self.encoding).startswith("Identity"):
            yield from self._program_faults(glyphs)

    def identifiers(self) -> set[int]:
        """Return the glyphs of the collection that are used, if codes are these themselves."""
        return (
            self.codes(self.font.used) if get_name(self.encoding).startswith("Identity") else set()
        )

    def codes(self, strings: Iterable[bytes]) -> set[int]:
        step = self.length
        return {
            int.from_bytes(one[at : at + step], "big")
            for one in strings
            for at in range(0, len(one) - step + 1, step or 1)
        }

    def _is_unreadable(self) -> bool:
        known = get_text(self.collection.get("/Ordering")) in PREDEFINED_COLLECTIONS
        mapped = self.font.node.get("/ToUnicode")
        if not isinstance(mapped, Stream):
            named = get_name(mapped).startswith("Identity")  # Unicode by itself
            return bool(self.font.readable) and not (
                known or named or get_name(self.encoding) in PREDEFINED
            )
        if not self.length:
            return False
        found = to_unicode(mapped)
        used = self.codes(self.font.readable)
        return any(
            not is_character(found[code]) if code in found else bool(found) and not known
            for code in used
        )

    def _program_faults(self, glyphs: Any) -> Iterator[str]:
        table = read_stream(glyphs) if isinstance(glyphs, Stream) else None
        widths = self._widths()
        usual = self.inner.get("/DW", 1000)
        for code in self.codes(self.font.visible):
            glyph = code if table is None else int.from_bytes(table[2 * code : 2 * code + 2], "big")
            real = self.program.width(glyph)
            if glyph == 0 or real is None:
                yield "font_glyphs"
            elif _differ(widths.get(code, usual), real):
                yield "font_widths"

    def _widths(self) -> dict[int, Any]:
        """ISO 32000-1, 9.7.4.3: `first [width …]` or `first last width`."""
        found: dict[int, Any] = {}
        read = 0
        given = iter(as_list(self.inner.get("/W")))
        for first in given:
            second = next(given, None)
            if not is_int(first) or read > MAX_WIDTHS:
                break
            if isinstance(second, Array):
                more: dict[int, Any] = dict(enumerate(second, first))
            else:
                last = min(second, first + 65_535) if is_int(second) else first - 1
                more = dict.fromkeys(range(first, last + 1), next(given, None))
            read += len(more)
            found.update(more)
        return found


class Simple:
    """A font with codes of one byte; `symbolic` is None where the file does not tell."""

    def __init__(self, font: UsedFont, kind: str, symbolic: bool | None, program: TrueType) -> None:
        self.font, self.kind, self.symbolic, self.program = font, kind, symbolic, program
        self.encoding = font.node.get("/Encoding")
        own = as_dictionary(self.encoding)
        self.base = get_name(self.encoding) or get_name(own.get("/BaseEncoding"))
        self.differences: dict[int, str] = {}
        code = 0
        for one in as_list(own.get("/Differences")):
            if is_int(one):
                code = one
            else:
                self.differences[code] = get_name(one)
                code += 1

    def faults(self) -> Iterator[str]:
        if self.kind == "TrueType" and self.symbolic is not None and self.font.visible:
            if self._is_ill_encoded():
                yield "font_codes"
            if self.program.sound:
                yield from self._program_faults()
        used = set(b"".join(self.font.used))
        if any(self.differences.get(code) == NOTDEF for code in used):
            yield "font_glyphs"
        if self._is_unreadable():
            yield "font_unicode"

    def _is_ill_encoded(self) -> bool:
        """7.21.6; a program whose tables cannot be read is given the benefit of the doubt."""
        maps = self.program.maps
        if self.symbolic:
            return self.encoding is not None or (len(maps) > 1 and SYMBOL not in maps)
        if self.base not in CODECS or (self.program.sound and maps.keys() <= {SYMBOL}):
            return True
        if not self.differences:
            return False
        names = self.differences.values()
        return any(map(MEANINGLESS.fullmatch, names)) or (
            self.program.sound and UNICODE not in maps
        )

    def _is_unreadable(self) -> bool:
        mapped = self.font.node.get("/ToUnicode")
        found = to_unicode(mapped) if isinstance(mapped, Stream) else {}
        if isinstance(mapped, Stream) and not found:
            return False
        used = set(b"".join(self.font.readable))
        return any(
            not is_character(found[code]) if code in found else self._is_unnamed(code)
            for code in used
        )

    def _is_unnamed(self, code: int) -> bool:
        """Whether nothing but the drawing tells which character a code is."""
        if given := self.differences.get(code):
            return bool(MEANINGLESS.fullmatch(given))
        return self.kind == "TrueType" and self.symbolic is True and self.base not in NAMED

    def _program_faults(self) -> Iterator[str]:
        listed = as_list(self.font.node.get("/Widths"))
        first = self.font.node.get("/FirstChar")
        first = first if is_int(first) else 256
        for code in set(b"".join(self.font.visible)) - TWICE - self.differences.keys():
            glyph = self._glyph(code)
            if glyph is None:
                continue
            real = self.program.width(glyph)
            if glyph == 0:
                # Other fonts have more ways to find a glyph.
                if self.symbolic and UNICODE not in self.program.maps:
                    yield "font_glyphs"
            elif real is None:
                yield "font_glyphs"
            elif first <= code < first + len(listed) and _differ(listed[code - first], real):
                yield "font_widths"

    def _glyph(self, code: int) -> int | None:
        """The glyph of a code (ISO 32000-1, 9.6.6.4); None where that cannot be told for sure."""
        program = self.program
        if self.symbolic:
            tried = [program.glyph(SYMBOL, high + code) for high in (0xF000, 0, 0xF100, 0xF200)]
            tried.append(program.glyph(MAC, code))
        else:
            try:
                letter = bytes([code]).decode(CODECS[self.base])
                mac = letter.encode("mac-roman", "ignore")
            except (KeyError, UnicodeDecodeError):
                return None
            tried = [program.glyph(UNICODE, ord(letter))]
            tried.append(program.glyph(MAC, mac[0]) if mac else None)
        known = [glyph for glyph in tried if glyph is not None]
        return next((glyph for glyph in known if glyph), 0) if known else None


def _differ(given: Any, real: float) -> bool:
    try:
        return abs(float(given) - real) > NEAR
    except (TypeError, ValueError):
        return False
