"""Positions of letters on a line, which distinguish superscripts and subscripts."""

import math
from ctypes import c_double
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

# How much smaller a raised or lowered letter is than those around it.
MIN_RATIO, MAX_RATIO = 0.35, 0.92
# How far its baseline is from theirs, in sizes of their letters.
MIN_RISE, MAX_RISE = 0.08, 0.9
MIN_DROP, MAX_DROP = 0.04, 0.5
# The same for letters of equal size, whose baselines may vary a little.
MIN_EQUAL_SHIFT, MAX_EQUAL_SHIFT = 0.25, 0.6
MAX_SLOPE = 0.1


class Position(NamedTuple):
    """The size of a letter and the height of its baseline, in points from below."""

    size: float
    baseline: float


def read_position(text: Any, index: int) -> Position | None:
    """Return the position of a letter of PDFium's text page; None if it is rotated."""
    matrix, across, up = pdfium.FS_MATRIX(), c_double(), c_double()
    if not pdfium.FPDFText_GetMatrix(text, index, matrix):
        return None
    if not pdfium.FPDFText_GetCharOrigin(text, index, across, up):
        return None
    size = pdfium.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
    if size <= 0 or matrix.a <= 0 or abs(matrix.b) > MAX_SLOPE * matrix.a:
        return None
    return Position(size, up.value)


def find_shift(base: Position | None, other: Position | None) -> int:
    """Return 1 if `other` is raised against `base`, -1 if it is lowered, else 0."""
    if base is None or other is None:
        return 0
    ratio, rise = other.size / base.size, (other.baseline - base.baseline) / base.size
    if MIN_RATIO < ratio < MAX_RATIO:
        return (MIN_RISE < rise < MAX_RISE) - (MIN_DROP < -rise < MAX_DROP)
    if MAX_RATIO <= ratio <= 1 / MAX_RATIO:
        is_shifted = MIN_EQUAL_SHIFT < abs(rise) < MAX_EQUAL_SHIFT
        return (1 if rise > 0 else -1) if is_shifted else 0
    return 0
