"""The few tables of a TrueType font program that its use in a PDF depends on (OpenType 1.9)."""

import struct
from bisect import bisect_left


class TrueType:
    """A font program; `sound` where its tables could be read.

    `maps` are the positions of its character maps by (platform, encoding).
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.sound = False
        self.maps: dict[tuple[int, int], int] = {}
        self.glyphs = 0
        try:
            self._read()
        except (struct.error, ValueError):
            return
        self.sound = self.glyphs > 0 and self.em > 0 and self.measured > 0

    def _read(self) -> None:
        tables = {}
        (count,) = struct.unpack_from(">H", self.data, 4)
        for at in range(12, 12 + 16 * min(count, 100), 16):
            tag, _, start, _ = struct.unpack_from(">4sLLL", self.data, at)
            tables[tag] = start
        if self.data[:4] == b"OTTO" or not tables.keys() >= {b"head", b"hhea", b"hmtx", b"maxp"}:
            return
        (self.em,) = struct.unpack_from(">H", self.data, tables[b"head"] + 18)
        (self.glyphs,) = struct.unpack_from(">H", self.data, tables[b"maxp"] + 4)
        (self.measured,) = struct.unpack_from(">H", self.data, tables[b"hhea"] + 34)
        self.widths = tables[b"hmtx"]
        if start := tables.get(b"cmap"):
            (count,) = struct.unpack_from(">H", self.data, start + 2)
            for at in range(start + 4, start + 4 + 8 * min(count, 100), 8):
                platform, encoding, offset = struct.unpack_from(">HHL", self.data, at)
                self.maps[platform, encoding] = start + offset

    def width(self, glyph: int) -> float | None:
        """The advance of a glyph in thousandths of the size; None where it is not there."""
        if not 0 <= glyph < self.glyphs:
            return None
        at = self.widths + 4 * min(glyph, self.measured - 1)
        try:
            return float(struct.unpack_from(">H", self.data, at)[0] * 1000 / self.em)
        except struct.error:
            return None

    def glyph(self, key: tuple[int, int], code: int) -> int | None:
        """The glyph of a code in one character map, 0 for none; None where it cannot be told."""
        at = self.maps.get(key)
        if at is None:
            return None
        try:
            (form,) = struct.unpack_from(">H", self.data, at)
            if form == 0:
                return self.data[at + 6 + code] if code < 256 else 0
            if form == 6:
                first, count = struct.unpack_from(">HH", self.data, at + 6)
                inside = first <= code < first + count
                place = at + 10 + 2 * (code - first)
                return int(struct.unpack_from(">H", self.data, place)[0]) if inside else 0
            return self._segment(at, code) if form == 4 else None
        except (struct.error, IndexError):
            return None

    def _segment(self, at: int, code: int) -> int:
        """A look-up in format 4, whose segments are sorted by their last code."""
        (doubled,) = struct.unpack_from(">H", self.data, at + 6)
        lasts = range(at + 14, at + 14 + doubled, 2)
        found = bisect_left(lasts, code, key=self._word)
        if found == len(lasts):
            return 0
        place = lasts[found]
        first, delta, offset = (self._word(place + 2 + step * doubled) for step in (1, 2, 3))
        if code < first:
            return 0
        if not offset:
            return (code + delta) & 0xFFFF
        glyph = self._word(place + 2 + 3 * doubled + offset + 2 * (code - first))
        return (glyph + delta) & 0xFFFF if glyph else 0

    def _word(self, at: int) -> int:
        return int(struct.unpack_from(">H", self.data, at)[0])
