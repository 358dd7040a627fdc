"""Pages of a PDF, and parts of them, drawn on white; in the process of a reader only."""

import time
from collections.abc import Callable, Iterator
from ctypes import byref, c_float, c_int
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

Box = tuple[float, float, float, float]  # points
FORM = pdfium.FPDF_PAGEOBJ_FORM
MAX_DEPTH = 5  # forms within forms


def draw(
    page: pypdfium2.PdfPage, zoom: float, deadline: float, box: Box | None = None
) -> Image.Image | None:
    """A page, or a `box` of it, without annotations; None where it fails or takes too long.

    The box counts from the upper left corner: left, top, right, bottom.
    `zoom` is pixels a point; `deadline` is of the monotonic clock.
    """
    wide, high = page.get_size()
    left, top, right, bottom = box or (0.0, 0.0, wide, high)
    width, height = round((right - left) * zoom), round((bottom - top) * zoom)
    if min(width, height) < 1:
        return None
    bitmap = pypdfium2.PdfBitmap.new_native(width, height, pdfium.FPDFBitmap_BGRx)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
    late = type(pdfium.IFSDK_PAUSE().NeedToPauseNow)(lambda _: time.monotonic() > deadline)
    pause = pdfium.IFSDK_PAUSE(version=1, NeedToPauseNow=late)
    whole = round(-left * zoom), round(-top * zoom), round(wide * zoom), round(high * zoom)
    state = pdfium.FPDF_RenderPageBitmap_Start(bitmap, page, *whole, 0, 0, byref(pause))
    pdfium.FPDF_RenderPage_Close(page)
    if state != pdfium.FPDF_RENDER_DONE:
        return None
    return bitmap.to_pil().convert("RGB")


def from_above(page: pypdfium2.PdfPage, box: Box) -> Box:
    """A box in the page's own coordinates, from below, as one that `draw` takes."""
    wide, high = page.get_size()
    fine = 100  # steps a point, as PDFium counts in whole ones
    x, y = c_int(), c_int()
    corners = []
    for across, up in ((box[0], box[1]), (box[2], box[3])):
        size = round(wide * fine), round(high * fine)
        pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, across, up, byref(x), byref(y))
        corners.append((x.value / fine, y.value / fine))
    (x1, y1), (x2, y2) = corners
    left, right = max(min(x1, x2), 0.0), min(max(x1, x2), wide)
    top, bottom = max(min(y1, y2), 0.0), min(max(y1, y2), high)
    return left, top, right, bottom


def extent(page: pypdfium2.PdfPage, is_wanted: Callable[[Any], bool]) -> Box | None:
    """The box around all objects that are wanted, in the page's own coordinates."""
    found: list[Box] = []
    whole = pypdfium2.PdfMatrix()
    stack = [(page, whole, 0)]
    while stack:
        holder, matrix, depth = stack.pop()
        for thing in objects(holder, depth):
            if is_wanted(thing):
                found += _bounds(thing, matrix)
            elif depth < MAX_DEPTH and pdfium.FPDFPageObj_GetType(thing) == FORM:
                stack.append((thing, _matrix(thing).multiply(matrix), depth + 1))
    if not found:
        return None
    lefts, lows, rights, highs = zip(*found, strict=True)
    return min(lefts), min(lows), max(rights), max(highs)


def objects(holder: Any, depth: int) -> Iterator[Any]:
    """The objects of a page, or, deeper down, of a form."""
    if depth:
        for at in range(pdfium.FPDFFormObj_CountObjects(holder)):
            yield pdfium.FPDFFormObj_GetObject(holder, at)
    else:
        for at in range(pdfium.FPDFPage_CountObjects(holder)):
            yield pdfium.FPDFPage_GetObject(holder, at)


def _matrix(thing: Any) -> pypdfium2.PdfMatrix:
    raw = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(thing, raw)
    return pypdfium2.PdfMatrix.from_raw(raw)


def _bounds(thing: Any, matrix: pypdfium2.PdfMatrix) -> list[Box]:
    edges = [c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(thing, *edges):
        return []
    return [matrix.on_rect(*(one.value for one in edges))]
