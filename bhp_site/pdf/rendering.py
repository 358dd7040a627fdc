"""Renders pages of a PDF, or parts of them, on white; runs in the sandbox only."""

import time
from collections.abc import Callable, Iterator
from ctypes import byref, c_float, c_int
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

Box = tuple[float, float, float, float]  # points
FORM_OBJECT = pdfium.FPDF_PAGEOBJ_FORM
MAX_FORM_DEPTH = 5
STEPS_PER_POINT = 100  # PDFium counts device coordinates in whole numbers.


def render_page(
    page: pypdfium2.PdfPage, zoom: float, deadline: float, box: Box | None = None
) -> Image.Image | None:
    """Return a page, or a `box` of it, as an RGB image without annotations.

    `zoom` is pixels a point; `deadline` is of `time.monotonic`. The box counts from the upper left
    corner: left, top, right, bottom. None if rendering fails or takes too long.
    """
    page_width, page_height = page.get_size()
    left, top, right, bottom = box or (0.0, 0.0, page_width, page_height)
    width, height = round((right - left) * zoom), round((bottom - top) * zoom)
    if min(width, height) < 1:
        return None
    bitmap = pypdfium2.PdfBitmap.new_native(width, height, pdfium.FPDFBitmap_BGRx)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
    is_late = type(pdfium.IFSDK_PAUSE().NeedToPauseNow)(lambda _: time.monotonic() > deadline)
    pause = pdfium.IFSDK_PAUSE(version=1, NeedToPauseNow=is_late)
    placement = (-left * zoom, -top * zoom, page_width * zoom, page_height * zoom)
    state = pdfium.FPDF_RenderPageBitmap_Start(
        bitmap, page, *map(round, placement), 0, 0, byref(pause)
    )
    pdfium.FPDF_RenderPage_Close(page)
    if state != pdfium.FPDF_RENDER_DONE:
        return None
    return bitmap.to_pil().convert("RGB")


def flip_box(page: pypdfium2.PdfPage, box: Box) -> Box:
    """Return a box in PDF page coordinates (from the bottom) as one for `render_page`."""
    width, height = page.get_size()
    size = round(width * STEPS_PER_POINT), round(height * STEPS_PER_POINT)
    x, y = c_int(), c_int()
    corners = []
    for across, up in ((box[0], box[1]), (box[2], box[3])):
        pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, across, up, byref(x), byref(y))
        corners.append((x.value / STEPS_PER_POINT, y.value / STEPS_PER_POINT))
    (x1, y1), (x2, y2) = corners
    left, right = max(min(x1, x2), 0.0), min(max(x1, x2), width)
    top, bottom = max(min(y1, y2), 0.0), min(max(y1, y2), height)
    return left, top, right, bottom


def find_extent(page: pypdfium2.PdfPage, is_wanted: Callable[[Any], bool]) -> Box | None:
    """Return the box around all page objects for which `is_wanted`, in page coordinates.

    None if there are none.
    """
    boxes: list[Box] = []
    stack = [(page, pypdfium2.PdfMatrix(), 0)]
    while stack:
        holder, matrix, depth = stack.pop()
        for page_object in iterate_objects(holder, depth):
            if is_wanted(page_object):
                boxes += _get_bounds(page_object, matrix)
            elif depth < MAX_FORM_DEPTH and pdfium.FPDFPageObj_GetType(page_object) == FORM_OBJECT:
                stack.append((page_object, _get_matrix(page_object).multiply(matrix), depth + 1))
    if not boxes:
        return None
    lefts, lows, rights, highs = zip(*boxes, strict=True)
    return min(lefts), min(lows), max(rights), max(highs)


def iterate_objects(holder: Any, depth: int) -> Iterator[Any]:
    """Yield the objects of a page (depth 0) or of a form (deeper) in the order of drawing."""
    if depth:
        for index in range(pdfium.FPDFFormObj_CountObjects(holder)):
            yield pdfium.FPDFFormObj_GetObject(holder, index)
    else:
        for index in range(pdfium.FPDFPage_CountObjects(holder)):
            yield pdfium.FPDFPage_GetObject(holder, index)


def _get_matrix(page_object: Any) -> pypdfium2.PdfMatrix:
    raw = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(page_object, raw)
    return pypdfium2.PdfMatrix.from_raw(raw)


def _get_bounds(page_object: Any, matrix: pypdfium2.PdfMatrix) -> list[Box]:
    edges = [c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(page_object, *edges):
        return []
    return [matrix.on_rect(*(edge.value for edge in edges))]
