"""Reads the tables of a TrueType font that its use in a PDF depends on (OpenType 1.9)."""

import struct
from bisect import bisect_left

MAX_TABLES = 100
NEEDED_TABLES = {b"head", b"hhea", b"hmtx", b"maxp"}


class TrueType:
    """A font program, given as bytes; `is_valid` says whether its tables could be read.

    `cmaps` are the positions of its character maps by (platform, encoding).
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.is_valid = False
        self.cmaps: dict[tuple[int, int], int] = {}
        self.glyph_count = 0
        try:
            self._read()
        except (struct.error, ValueError):
            return
        self.is_valid = self.glyph_count > 0 and self.units_per_em > 0 and self.metric_count > 0

    def _read(self) -> None:
        tables = {}
        (count,) = struct.unpack_from(">H", self.data, 4)
        for offset in range(12, 12 + 16 * min(count, MAX_TABLES), 16):
            tag, _, start, _ = struct.unpack_from(">4sLLL", self.data, offset)
            tables[tag] = start
        if self.data[:4] == b"OTTO" or not tables.keys() >= NEEDED_TABLES:
            return
        (self.units_per_em,) = struct.unpack_from(">H", self.data, tables[b"head"] + 18)
        (self.glyph_count,) = struct.unpack_from(">H", self.data, tables[b"maxp"] + 4)
        (self.metric_count,) = struct.unpack_from(">H", self.data, tables[b"hhea"] + 34)
        self.metrics_start = tables[b"hmtx"]
        if start := tables.get(b"cmap"):
            (count,) = struct.unpack_from(">H", self.data, start + 2)
            for offset in range(start + 4, start + 4 + 8 * min(count, MAX_TABLES), 8):
                platform, encoding, position = struct.unpack_from(">HHL", self.data, offset)
                self.cmaps[platform, encoding] = start + position

    def get_width(self, glyph: int) -> float | None:
        """Return the advance width of a glyph in thousandths of the font size.

        None if there is no such glyph.
        """
        if not 0 <= glyph < self.glyph_count:
            return None
        offset = self.metrics_start + 4 * min(glyph, self.metric_count - 1)
        try:
            return float(self._read_uint16(offset) * 1000 / self.units_per_em)
        except struct.error:
            return None

    def get_glyph(self, cmap: tuple[int, int], code: int) -> int | None:
        """Return the glyph of a code in the character map of (platform, encoding); 0 for none.

        None if the map is missing or cannot be read.
        """
        start = self.cmaps.get(cmap)
        if start is None:
            return None
        try:
            cmap_format = self._read_uint16(start)
            if cmap_format == 0:
                return self.data[start + 6 + code] if code < 256 else 0
            if cmap_format == 6:
                first, count = struct.unpack_from(">HH", self.data, start + 6)
                is_inside = first <= code < first + count
                return self._read_uint16(start + 10 + 2 * (code - first)) if is_inside else 0
            return self._find_in_segments(start, code) if cmap_format == 4 else None
        except (struct.error, IndexError):
            return None

    def _find_in_segments(self, start: int, code: int) -> int:
        """Return a glyph from a character map of format 4, whose segments are in order."""
        size = self._read_uint16(start + 6)  # of each array of segments, in bytes
        end_codes = range(start + 14, start + 14 + size, 2)
        index = bisect_left(end_codes, code, key=self._read_uint16)
        if index == len(end_codes):
            return 0
        offset = end_codes[index]
        first, delta, range_offset = (
            self._read_uint16(offset + 2 + step * size) for step in (1, 2, 3)
        )
        if code < first:
            return 0
        if not range_offset:
            return (code + delta) & 0xFFFF
        glyph = self._read_uint16(offset + 2 + 3 * size + range_offset + 2 * (code - first))
        return (glyph + delta) & 0xFFFF if glyph else 0

    def _read_uint16(self, offset: int) -> int:
        return int(struct.unpack_from(">H", self.data, offset)[0])
