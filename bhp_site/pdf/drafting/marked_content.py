"""Finds the marked content that the objects of a page belong to (ISO 32000-1, 14.6).

PDFium tells the number of an object's mark, and pikepdf of which page or form the number is: both
list the forms of a page in the order in which they are drawn.
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
from bhp_site.pdf.rendering import FORM_OBJECT, MAX_FORM_DEPTH, iterate_objects
from bhp_site.pdf.structure import MarkedContentId

# In the place of a mark, for content that is neither tagged nor an artifact, and for artifacts.
OUTSIDE, ARTIFACT = MarkedContentId((0, 0), -1), MarkedContentId((0, 0), -2)


class PageMarks:
    """The marks of the objects of one page; `tagged` are those of the structure tree."""

    def __init__(
        self, page: pypdfium2.PdfPage, node: Any, tagged: Collection[tuple[Any, int]]
    ) -> None:
        self.page, self.tagged = node.objgen, tagged
        # For objects within forms: the object number of the form, None if it is not known, and the
        # mark that the form itself is drawn in.
        self.within_forms: dict[int, tuple[Any, MarkedContentId]] = {}
        stack: list[tuple[Any, Any, Any, int]] = [
            (page, node, get_inherited(node, "/Resources"), 0)
        ]
        while stack:
            drawn, holder, resources, depth = stack.pop()
            page_objects = list(iterate_objects(drawn, depth))
            forms = [
                page_object
                for page_object in page_objects
                if pdfium.FPDFPageObj_GetType(page_object) == FORM_OBJECT
            ]
            if depth:
                mark = self.find_mark(drawn)
                number = None if holder is None else holder.objgen
                self.within_forms |= {
                    get_pointer(page_object): (number, mark) for page_object in page_objects
                }
            if not forms or depth == MAX_FORM_DEPTH:
                continue
            streams = list(_iterate_forms(holder, resources)) if holder is not None else []
            if len(streams) != len(forms):
                streams = [None] * len(forms)
            for form, stream in zip(forms, streams, strict=True):
                own = resources if stream is None else stream.get("/Resources", resources)
                stack.append((form, stream, own, depth + 1))

    def find_mark(self, page_object: Any) -> MarkedContentId:
        """Return the mark of an object, or of the form that it is drawn in.

        OUTSIDE or ARTIFACT if it has none.
        """
        number = pdfium.FPDFPageObj_GetMarkedContentID(page_object)
        form, mark = self.within_forms.get(get_pointer(page_object), (None, OUTSIDE))
        if number >= 0:
            is_of_form = form is not None and (form, number) in self.tagged
            return MarkedContentId(form if is_of_form else self.page, number)
        return ARTIFACT if is_artifact(page_object) else mark


def get_pointer(handle: Any) -> int:
    """Return the address of an object of PDFium, which identifies it."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def is_artifact(page_object: Any) -> bool:
    """Return True if a page object is marked as an artifact (ISO 32000-1, 14.8.2.2)."""
    for index in range(max(pdfium.FPDFPageObj_CountMarks(page_object), 0)):
        buffer, length = ctypes.create_string_buffer(64), ctypes.c_ulong()
        mark = pdfium.FPDFPageObj_GetMark(page_object, index)
        pointer = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
        pdfium.FPDFPageObjMark_GetName(mark, pointer, len(buffer), length)
        name = buffer.raw[: length.value].decode("utf-16-le", "replace")
        if name.rstrip("\0") == "Artifact":
            return True
    return False


def _iterate_forms(holder: Any, resources: Any) -> Iterator[Any]:
    """Yield the forms that a page or form draws, in its order."""
    if not 0 < get_content_size(holder) <= MAX_CONTENT_BYTES:
        return
    try:
        instructions = pikepdf.parse_content_stream(holder, "Do")
    except pikepdf.PdfError:
        return
    listed = as_dictionary(as_dictionary(resources).get("/XObject"))
    for instruction in instructions:
        operands = instruction.operands
        form = listed.get(operands[0]) if len(operands) and isinstance(operands[0], Name) else None
        if isinstance(form, Stream) and get_name(form.get("/Subtype")) == "Form":
            yield form
