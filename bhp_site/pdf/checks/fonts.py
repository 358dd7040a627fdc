"""Checks fonts: whether text can be read aloud, copied and seen everywhere (7.21)."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pikepdf import Array, Stream

from bhp_site.pdf.checks.character_maps import (
    PREDEFINED_CMAPS,
    get_code_length,
    is_character,
    is_valid_encoding,
    read_to_unicode,
)
from bhp_site.pdf.checks.check_context import CheckContext
from bhp_site.pdf.checks.content import UsedFont
from bhp_site.pdf.checks.truetype import TrueType
from bhp_site.pdf.objects import as_dictionary, as_list, get_name, get_text, is_int, read_stream

CODECS = {"WinAnsiEncoding": "cp1252", "MacRomanEncoding": "mac-roman"}
BASE_ENCODINGS = {*CODECS, "MacExpertEncoding", "StandardEncoding"}
MEANINGLESS_NAME = re.compile(r"(?:g|glyph|cid|index)\.?\d+", re.I)
SYMBOLIC_FLAG = 4  # flag of a font
UNICODE, SYMBOL, MAC = (3, 1), (3, 0), (1, 0)  # platform and encoding of a character map
NOTDEF = ".notdef"  # the glyph of characters that a font lacks
SHARED_GLYPH_CODES = {0xA0, 0xAD}  # spaces and hyphens, which share the glyph of another code
MAX_WIDTH_DIFFERENCE = 2.0  # thousandths of the font size; programs round differently
MAX_WIDTHS = 200_000
PREDEFINED_COLLECTIONS = set(PREDEFINED_CMAPS.values())


def check_fonts(context: CheckContext, fonts: Iterable[UsedFont]) -> None:
    """Check each font that is used, and record findings on all its pages."""
    for font in fonts:
        context.check_deadline()
        for code in set(_find_faults(font)):
            for page in sorted(font.pages):
                context.add_finding(code, page)


def _find_faults(font: UsedFont) -> Iterator[str]:
    """Yield the codes of the findings of one font, some of them repeatedly."""
    node = font.node
    subtype = get_name(node.get("/Subtype"))
    cid_font = node
    if subtype == "Type0":
        cid_font = as_dictionary(next(iter(as_list(node.get("/DescendantFonts"))), None))
    descriptor = as_dictionary(cid_font.get("/FontDescriptor"))
    embedded = any(f"/FontFile{which}" in descriptor for which in ("", "2", "3"))
    if font.visible and subtype != "Type3" and not embedded:
        yield "font_missing"
    program = TrueType(read_stream(descriptor.get("/FontFile2")))
    if subtype == "Type0":
        yield from CompositeFont(font, cid_font, program).find_faults(embedded)
    else:
        flags = descriptor.get("/Flags")
        symbolic = bool(flags & SYMBOLIC_FLAG) if is_int(flags) else None
        yield from SimpleFont(font, subtype, symbolic, program).find_faults()


class CompositeFont:
    """A composite font (ISO 32000-1, 9.7): codes of two bytes, and a descendant CIDFont."""

    def __init__(self, font: UsedFont, cid_font: Any, program: TrueType) -> None:
        self.font, self.cid_font, self.program = font, cid_font, program
        self.encoding = font.node.get("/Encoding")
        self.length = get_code_length(self.encoding)
        self.collection = as_dictionary(cid_font.get("/CIDSystemInfo"))

    def find_faults(self, embedded: bool) -> Iterator[str]:
        """Yield the codes of the findings of the font, which is `embedded` in the file or not."""
        glyphs = self.cid_font.get("/CIDToGIDMap")
        if not is_valid_encoding(self.encoding, self.collection):
            yield "font_codes"
        has_glyph_map = isinstance(glyphs, Stream) or get_name(glyphs) == "Identity"
        is_truetype = get_name(self.cid_font.get("/Subtype")) == "CIDFontType2"
        if embedded and is_truetype and not has_glyph_map:
            yield "font_codes"
        if self._is_unreadable():
            yield "font_unicode"
        # What a stream maps the first glyph to is not known to be empty.
        if embedded and not isinstance(glyphs, Stream) and 0 in self.get_cids():
            yield "font_glyphs"
        if self.program.is_valid and get_name(self.encoding).startswith("Identity"):
            yield from self._find_program_faults(glyphs)

    def get_cids(self) -> set[int]:
        """Return the CIDs that are used, if codes are CIDs; no CIDs otherwise."""
        return (
            self.split_codes(self.font.used)
            if get_name(self.encoding).startswith("Identity")
            else set()
        )

    def split_codes(self, strings: Iterable[bytes]) -> set[int]:
        """Return the codes in strings; none if codes have several lengths."""
        step = self.length
        return {
            int.from_bytes(string[at : at + step], "big")
            for string in strings
            for at in range(0, len(string) - step + 1, step or 1)
        }

    def _is_unreadable(self) -> bool:
        has_known_collection = get_text(self.collection.get("/Ordering")) in PREDEFINED_COLLECTIONS
        mapped = self.font.node.get("/ToUnicode")
        if not isinstance(mapped, Stream):
            is_identity = get_name(mapped).startswith("Identity")  # Unicode by itself
            return bool(self.font.readable) and not (
                has_known_collection or is_identity or get_name(self.encoding) in PREDEFINED_CMAPS
            )
        if not self.length:
            return False
        mapping = read_to_unicode(mapped)
        used = self.split_codes(self.font.readable)
        return any(
            not is_character(mapping[code])
            if code in mapping
            else bool(mapping) and not has_known_collection
            for code in used
        )

    def _find_program_faults(self, glyphs: Any) -> Iterator[str]:
        table = read_stream(glyphs) if isinstance(glyphs, Stream) else None
        widths = self._read_widths()
        default_width = self.cid_font.get("/DW", 1000)
        for code in self.split_codes(self.font.visible):
            glyph = code if table is None else int.from_bytes(table[2 * code : 2 * code + 2], "big")
            actual = self.program.get_width(glyph)
            if glyph == 0 or actual is None:
                yield "font_glyphs"
            elif _is_different(widths.get(code, default_width), actual):
                yield "font_widths"

    def _read_widths(self) -> dict[int, Any]:
        """Return widths by CID: `first [width …]` or `first last width` (ISO 32000-1, 9.7.4.3)."""
        widths: dict[int, Any] = {}
        read = 0
        entries = iter(as_list(self.cid_font.get("/W")))
        for first in entries:
            second = next(entries, None)
            if not is_int(first) or read > MAX_WIDTHS:
                break
            if isinstance(second, Array):
                part: dict[int, Any] = dict(enumerate(second, first))
            else:
                last = min(second, first + 65_535) if is_int(second) else first - 1
                part = dict.fromkeys(range(first, last + 1), next(entries, None))
            read += len(part)
            widths.update(part)
        return widths


class SimpleFont:
    """A simple font (ISO 32000-1, 9.6) with codes of one byte; `symbolic` is None if unknown."""

    def __init__(
        self, font: UsedFont, subtype: str, symbolic: bool | None, program: TrueType
    ) -> None:
        self.font, self.subtype, self.symbolic, self.program = font, subtype, symbolic, program
        self.encoding = font.node.get("/Encoding")
        own = as_dictionary(self.encoding)
        self.base = get_name(self.encoding) or get_name(own.get("/BaseEncoding"))
        self.differences: dict[int, str] = {}
        code = 0
        for difference in as_list(own.get("/Differences")):
            if is_int(difference):
                code = difference
            else:
                self.differences[code] = get_name(difference)
                code += 1

    def find_faults(self) -> Iterator[str]:
        """Yield the codes of the findings of the font."""
        if self.subtype == "TrueType" and self.symbolic is not None and self.font.visible:
            if self._is_ill_encoded():
                yield "font_codes"
            if self.program.is_valid:
                yield from self._find_program_faults()
        used = set(b"".join(self.font.used))
        if any(self.differences.get(code) == NOTDEF for code in used):
            yield "font_glyphs"
        if self._is_unreadable():
            yield "font_unicode"

    def _is_ill_encoded(self) -> bool:
        """Return True if a TrueType font breaks 7.21.6; False if its tables cannot be read."""
        maps = self.program.cmaps
        if self.symbolic:
            return self.encoding is not None or (len(maps) > 1 and SYMBOL not in maps)
        if self.base not in CODECS or (self.program.is_valid and maps.keys() <= {SYMBOL}):
            return True
        if not self.differences:
            return False
        names = self.differences.values()
        return any(map(MEANINGLESS_NAME.fullmatch, names)) or (
            self.program.is_valid and UNICODE not in maps
        )

    def _is_unreadable(self) -> bool:
        mapped = self.font.node.get("/ToUnicode")
        mapping = read_to_unicode(mapped) if isinstance(mapped, Stream) else {}
        if isinstance(mapped, Stream) and not mapping:
            return False
        used = set(b"".join(self.font.readable))
        return any(
            not is_character(mapping[code]) if code in mapping else self._is_unnamed(code)
            for code in used
        )

    def _is_unnamed(self, code: int) -> bool:
        """Return True if only the shape of the glyph tells which character a code is."""
        if listed_value := self.differences.get(code):
            return bool(MEANINGLESS_NAME.fullmatch(listed_value))
        return (
            self.subtype == "TrueType" and self.symbolic is True and self.base not in BASE_ENCODINGS
        )

    def _find_program_faults(self) -> Iterator[str]:
        listed = as_list(self.font.node.get("/Widths"))
        first = self.font.node.get("/FirstChar")
        first = first if is_int(first) else 256
        for code in set(b"".join(self.font.visible)) - SHARED_GLYPH_CODES - self.differences.keys():
            glyph = self._find_glyph(code)
            if glyph is None:
                continue
            actual = self.program.get_width(glyph)
            if glyph == 0:
                # Other fonts have more ways to find a glyph.
                if self.symbolic and UNICODE not in self.program.cmaps:
                    yield "font_glyphs"
            elif actual is None:
                yield "font_glyphs"
            elif first <= code < first + len(listed) and _is_different(
                listed[code - first], actual
            ):
                yield "font_widths"

    def _find_glyph(self, code: int) -> int | None:
        """Return the glyph of a code, 0 for none; None if uncertain (ISO 32000-1, 9.6.6.4)."""
        program = self.program
        if self.symbolic:
            tried = [program.get_glyph(SYMBOL, high + code) for high in (0xF000, 0, 0xF100, 0xF200)]
            tried.append(program.get_glyph(MAC, code))
        else:
            try:
                letter = bytes([code]).decode(CODECS[self.base])
                mac = letter.encode("mac-roman", "ignore")
            except (KeyError, UnicodeDecodeError):
                return None
            tried = [program.get_glyph(UNICODE, ord(letter))]
            tried.append(program.get_glyph(MAC, mac[0]) if mac else None)
        has_known_collection = [glyph for glyph in tried if glyph is not None]
        return (
            next((glyph for glyph in has_known_collection if glyph), 0)
            if has_known_collection
            else None
        )


def _is_different(listed_value: Any, actual: float) -> bool:
    try:
        return abs(float(listed_value) - actual) > MAX_WIDTH_DIFFERENCE
    except (TypeError, ValueError):
        return False
