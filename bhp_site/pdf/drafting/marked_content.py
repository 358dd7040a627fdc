"""Which marked content the objects of a page belong to.

PDFium tells the number of an object's mark, and pikepdf of which page or form it is one: both list
the forms of a page in the order in which they are drawn.
"""

import ctypes
from collections.abc import Collection, Iterator
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from pikepdf import Name, Stream

from bhp_site.pdf.objects import (
    MAX_CONTENT_BYTES,
    as_dictionary,
    get_content_size,
    get_inherited,
    get_name,
)
from bhp_site.pdf.rendering import FORM, MAX_FORM_DEPTH, iterate_objects
from bhp_site.pdf.structure import MarkedContentId

# In the place of a mark: neither tagged nor set aside; set aside as decoration.
OUTSIDE, ARTIFACT = MarkedContentId((0, 0), -1), MarkedContentId((0, 0), -2)


class PageMarks:
    """The marks of one page; `known` are those of the structure tree."""

    def __init__(
        self, page: pypdfium2.PdfPage, node: Any, known: Collection[tuple[Any, int]]
    ) -> None:
        self.page, self.vocabulary = node.objgen, known
        # For objects within forms: the form, where it is known, and what its place belongs to.
        self.within: dict[int, tuple[Any, MarkedContentId]] = {}
        stack: list[tuple[Any, Any, Any, int]] = [
            (page, node, get_inherited(node, "/Resources"), 0)
        ]
        while stack:
            drawn, holder, resources, depth = stack.pop()
            inner = list(iterate_objects(drawn, depth))
            forms = [one for one in inner if pdfium.FPDFPageObj_GetType(one) == FORM]
            if depth:
                place = self.find_mark(drawn)
                held = None if holder is None else holder.objgen
                self.within |= {address(one): (held, place) for one in inner}
            if not forms or depth == MAX_FORM_DEPTH:
                continue
            streams = list(_forms(holder, resources)) if holder is not None else []
            if len(streams) != len(forms):
                streams = [None] * len(forms)
            for form, stream in zip(forms, streams, strict=True):
                own = resources if stream is None else stream.get("/Resources", resources)
                stack.append((form, stream, own, depth + 1))

    def find_mark(self, page_object: Any) -> MarkedContentId:
        """The mark of an object, or of the form that it is drawn in."""
        number = pdfium.FPDFPageObj_GetMarkedContentID(page_object)
        holder, place = self.within.get(address(page_object), (None, OUTSIDE))
        if number >= 0:
            inner = holder is not None and (holder, number) in self.vocabulary
            return MarkedContentId(holder if inner else self.page, number)
        return ARTIFACT if is_artifact(page_object) else place


def address(page_object: Any) -> int:
    """Where PDFium keeps an object, which tells it from others."""
    return ctypes.cast(page_object, ctypes.c_void_p).value or 0


def is_artifact(page_object: Any) -> bool:
    """Whether a page object is set aside as decoration (ISO 32000-1, 14.8.2.2)."""
    for at in range(max(pdfium.FPDFPageObj_CountMarks(page_object), 0)):
        buffer, length = ctypes.create_string_buffer(64), ctypes.c_ulong()
        mark = pdfium.FPDFPageObj_GetMark(page_object, at)
        short = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
        pdfium.FPDFPageObjMark_GetName(mark, short, 64, length)
        if buffer.raw[: length.value].decode("utf-16-le", "replace").rstrip("\0") == "Artifact":
            return True
    return False


def _forms(holder: Any, resources: Any) -> Iterator[Any]:
    """The forms that a page or form draws, in its order."""
    if not 0 < get_content_size(holder) <= MAX_CONTENT_BYTES:
        return
    try:
        instructions = pikepdf.parse_content_stream(holder, "Do")
    except pikepdf.PdfError:
        return
    listed = as_dictionary(as_dictionary(resources).get("/XObject"))
    for instruction in instructions:
        operands = instruction.operands
        found = listed.get(operands[0]) if len(operands) and isinstance(operands[0], Name) else None
        if isinstance(found, Stream) and get_name(found.get("/Subtype")) == "Form":
            yield found
