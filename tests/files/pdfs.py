"""Small PDFs, good and bad, for the tests of reading them."""

import io
import random
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, Stream

A4 = (595, 842)


def as_bytes(pdf: Pdf, **options: Any) -> bytes:
    file = io.BytesIO()
    pdf.save(file, **options)
    return file.getvalue()


def blank(pages: int = 1) -> Pdf:
    pdf = Pdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=A4)
    return pdf


def write(pdf: Pdf, page: int, words: str) -> None:
    """Set large words on one page, over a bar that fills its head."""
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.pages[page].Resources = Dictionary(Font=Dictionary(F=font))
    drawing = f"0 .4 .4 rg 0 700 595 142 re f 0 g BT /F 36 Tf 50 600 Td ({words}) Tj ET"
    pdf.pages[page].Contents = Stream(pdf, drawing.encode())


def report() -> Pdf:
    """A small report with everything a good one has."""
    pdf = blank(3)
    for page in range(3):
        write(pdf, page, "Report of activity")
    pdf.Root.Lang = pikepdf.String("en-gb")
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.StructTreeRoot = Dictionary(K=Array([Dictionary(S=Name.Document)]))
    pdf.docinfo["/Title"] = "draft-7-final.docx"
    with pdf.open_metadata(update_docinfo=False) as metadata:
        metadata["dc:title"] = "Report of\tactivity\u200b 2020"
    with pdf.open_outline() as outline:
        first = OutlineItem("Beginning", 0)
        first.children.append(OutlineItem("Middle", 1))
        outline.root.extend([first, OutlineItem("Nowhere")])
    return pdf


def with_root(**entries: Any) -> Callable[[], Pdf]:
    """Makes a PDF with these entries in its catalogue."""

    def make() -> Pdf:
        pdf = blank()
        for key, value in entries.items():
            pdf.Root[f"/{key}"] = value
        return pdf

    return make


def with_annotation(**entries: Any) -> Callable[[], Pdf]:
    """Makes a PDF with one annotation on its page."""

    def make() -> Pdf:
        pdf = blank()
        annotation = Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], **entries)
        pdf.pages[0].Annots = Array([pdf.make_indirect(annotation)])
        return pdf

    return make


def with_hidden_name() -> Pdf:
    pdf = blank()
    pdf.Root.OpenAction = Dictionary(S=pdf.make_indirect(Name.Launch), F="a")
    return pdf


def with_attachment(name: str, data: bytes, annotated: bool = False) -> Callable[[], Pdf]:
    """Makes a PDF with one attached file."""

    def make() -> Pdf:
        pdf = blank()
        stored = pdf.make_indirect(Stream(pdf, zlib.compress(data), Filter=Name.FlateDecode))
        file = Dictionary(Type=Name.Filespec, UF=name, EF=Dictionary(F=stored))
        if annotated:
            pdf.pages[0].Annots = [Dictionary(Subtype=Name.FileAttachment, FS=file)]
        else:
            pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=[name, file]))
        return pdf

    return make


def with_xfa(xml: bytes) -> Callable[[], Pdf]:
    """Makes a PDF whose form is described in XML, in two packets."""

    def make() -> Pdf:
        pdf = blank()
        packets = [pdf.make_indirect(Stream(pdf, part)) for part in (xml[:9], xml[9:])]
        pdf.Root.AcroForm = Dictionary(XFA=["one", packets[0], "two", packets[1]])
        return pdf

    return make


def unfolding(megabytes: int) -> Pdf:
    """A PDF of a few hundred kilobytes whose page unfolds to so many megabytes."""
    engine = zlib.compressobj(9)
    data = engine.compress(random.Random(1).randbytes(100_000))
    data += b"".join(engine.compress(bytes(1024 * 1024)) for _ in range(megabytes))
    pdf = blank()
    pdf.pages[0].Contents = Stream(pdf, data + engine.flush(), Filter=Name.FlateDecode)
    return pdf
