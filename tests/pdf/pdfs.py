"""Small PDFs, good and bad, for the tests of reading them."""

import io
import random
import struct
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, Stream

from bhp_site.pdf.checks.runner import run_checks
from bhp_site.pdf.structure import is_tagged

A4 = (595, 842)

# By code of a finding: makers of PDFs that have the fault, and of some that come near only.
Cases = dict[str, tuple[list[Callable[[], Pdf]], list[Callable[[], Pdf]]]]


def as_bytes(pdf: Pdf, **options: Any) -> bytes:
    file = io.BytesIO()
    pdf.save(file, **options)
    return file.getvalue()


def make_blank(pages: int = 1) -> Pdf:
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
    pdf = make_blank(3)
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
        pdf = make_blank()
        for key, value in entries.items():
            pdf.Root[f"/{key}"] = value
        return pdf

    return make


def with_annotation(**entries: Any) -> Callable[[], Pdf]:
    """Makes a PDF with one annotation on its page."""

    def make() -> Pdf:
        pdf = make_blank()
        annotation = Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], **entries)
        pdf.pages[0].Annots = Array([pdf.make_indirect(annotation)])
        return pdf

    return make


def with_hidden_name() -> Pdf:
    pdf = make_blank()
    pdf.Root.OpenAction = Dictionary(S=pdf.make_indirect(Name.Launch), F="a")
    return pdf


def with_attachment(name: str, data: bytes, annotated: bool = False) -> Callable[[], Pdf]:
    """Makes a PDF with one attached file."""

    def make() -> Pdf:
        pdf = make_blank()
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
        pdf = make_blank()
        packets = [pdf.make_indirect(Stream(pdf, part)) for part in (xml[:9], xml[9:])]
        pdf.Root.AcroForm = Dictionary(XFA=["one", packets[0], "two", packets[1]])
        return pdf

    return make


def make_zip_bomb(megabytes: int) -> Pdf:
    """A PDF of a few hundred kilobytes whose page unfolds to so many megabytes."""
    engine = zlib.compressobj(9)
    data = engine.compress(random.Random(1).randbytes(100_000))
    data += b"".join(engine.compress(bytes(1024 * 1024)) for _ in range(megabytes))
    pdf = make_blank()
    pdf.pages[0].Contents = Stream(pdf, data + engine.flush(), Filter=Name.FlateDecode)
    return pdf


@dataclass
class Part:
    """A structure element to be; words among its kids are set on page 1 and tagged with it."""

    kind: str
    kids: tuple["Part | str", ...]
    entries: dict[str, Any]


def make_part(kind: str, *kids: "Part | str", **entries: Any) -> Part:
    return Part(kind, kids, entries)


def make_tagged(*parts: Part, pages: int = 1) -> Pdf:
    """A sound tagged PDF: a heading, and these parts after it."""
    pdf = make_blank(pages)
    page = pdf.pages[0]
    marks: list[Any] = []
    drawing: list[str] = []

    def build(one: Part, parent: Any) -> Any:
        made = Dictionary(S=Name("/" + one.kind), P=parent, Pg=page.obj, **one.entries)
        node = pdf.make_indirect(made)
        kids: list[Any] = []
        for kid in one.kids:
            if isinstance(kid, Part):
                kids.append(build(kid, node))
                continue
            words = f"BT /F 9 Tf 50 {700 - 9 * len(marks)} Td ({kid}) Tj ET"
            drawing.append(f"/{one.kind} <</MCID {len(marks)}>> BDC {words} EMC")
            kids.append(len(marks))
            marks.append(node)
        node.K = Array(kids)
        return node

    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    root.K = build(make_part("Document", make_part("H1", "A title"), *parts), root)
    root.ParentTree = Dictionary(Nums=[0, Array(marks)])
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.Lang = pikepdf.String("en-GB")
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    page.StructParents = 0
    page.Resources = Dictionary(Font=Dictionary(F=pdf.make_indirect(make_drawn_font())))
    page.Contents = Stream(pdf, "\n".join(drawing).encode())
    for one in pdf.pages:
        one.Tabs = Name.S
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = "A title"
    return pdf


def make_drawn_font() -> Dictionary:
    """A font whose letters are drawings in the PDF itself, so that it needs no program."""
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type3,
        FontBBox=[0, 0, 1, 1],
        FontMatrix=[0.001, 0, 0, 0.001, 0, 0],
        FirstChar=32,
        LastChar=33,
        Widths=[500, 500],
        CharProcs=Dictionary(),
        Encoding=Dictionary(Differences=[32, Name.space]),
    )


def make_truetype(*widths: int, maps: tuple[tuple[int, int], ...] = ((3, 1),)) -> bytes:
    """A font program of glyphs with these widths; from the second on they are A, B and so on."""
    last = 64 + len(widths) - 1
    segments = [(65, last, 1 - 65), (0xFFFF, 0xFFFF, 1)]
    ends, starts, deltas = zip(
        *((end, start, delta) for start, end, delta in segments), strict=True
    )
    found = struct.pack(">HHHHHHH", 4, 32, 0, 4, 4, 1, 0)
    found += struct.pack(">HHHHH", *ends, 0, *starts) + struct.pack(">hhHH", *deltas, 0, 0)
    start = 4 + 8 * len(maps)
    cmap = struct.pack(">HH", 0, len(maps))
    cmap += b"".join(struct.pack(">HHL", *one, start) for one in maps) + found
    tables = {
        b"cmap": cmap,
        b"head": bytes(18) + struct.pack(">H", 1000) + bytes(34),
        b"hhea": bytes(34) + struct.pack(">H", len(widths)),
        b"hmtx": b"".join(struct.pack(">HH", width, 0) for width in widths),
        b"maxp": struct.pack(">LH", 0x10000, len(widths)),
    }
    directory = struct.pack(">LHHHH", 0x10000, len(tables), 0, 0, 0)
    body = b""
    for tag, data in tables.items():
        at = 12 + 16 * len(tables) + len(body)
        directory += struct.pack(">4sLLL", tag, 0, at, len(data))
        body += data
    return directory + body


def with_font(program: bytes | None, words: str = "AB", **entries: Any) -> Pdf:
    """A tagged PDF whose only words are set in a TrueType font with these entries."""
    pdf = make_tagged(make_part("P", words))
    page = pdf.pages[0]
    descriptor = Dictionary(Type=Name.FontDescriptor, Flags=entries.pop("Flags", 32))
    if program is not None:
        descriptor.FontFile2 = Stream(pdf, program)
    given = {"Encoding": Name.WinAnsiEncoding, "FirstChar": 65, "Widths": [500, 600]} | entries
    page.Resources.Font.F = Dictionary(
        Type=Name.Font, Subtype=Name.TrueType, FontDescriptor=descriptor, **given
    )
    page.Contents = Stream(pdf, page.Contents.read_bytes().replace(b"(A title)", b"(A)"))
    return pdf


def with_composite_font(codes: str = "<00010002>", **entries: Any) -> Pdf:
    """The same set in a composite font; `codes` as they stand in the content."""
    pdf = make_tagged(make_part("P", "AB"))
    page = pdf.pages[0]
    text = b"2 beginbfchar <0001> <0041> <0002> <0042> endbfchar"
    program = Stream(pdf, make_truetype(0, 500, 600))
    descriptor = Dictionary(Type=Name.FontDescriptor, Flags=4, FontFile2=program)
    given = {
        "Encoding": Name("/Identity-H"),
        "ToUnicode": text,
        "CIDSystemInfo": Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        "CIDToGIDMap": Name.Identity,
        "W": [0, [0, 500, 600]],
        "FontDescriptor": descriptor,
    } | entries
    kept = {key: value for key, value in given.items() if value is not None}
    if isinstance(kept.get("ToUnicode"), bytes):
        kept["ToUnicode"] = Stream(pdf, kept["ToUnicode"])
    outer = {key: kept.pop(key) for key in ("Encoding", "ToUnicode") if key in kept}
    inner = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType2, **kept)
    page.Resources.Font.F = Dictionary(
        Type=Name.Font, Subtype=Name.Type0, DescendantFonts=[inner], **outer
    )
    drawing = page.Contents.read_bytes().replace(b"(A title)", b"<0001>")
    page.Contents = Stream(pdf, drawing.replace(b"(AB)", codes.encode()))
    return pdf


def change_pdf(change: Callable[[Pdf], Any], *parts: Part) -> Pdf:
    pdf = make_tagged(*parts)
    change(pdf)
    return pdf


def draw_on_page(drawing: bytes, **resources: Any) -> Pdf:
    """A sound page on which something more is drawn."""
    pdf = make_tagged(make_part("P", "Some words that are tagged"))
    page = pdf.pages[0]
    for key, value in resources.items():
        page.Resources[f"/{key}"] = value
    page.Contents = Stream(pdf, page.Contents.read_bytes() + b"\n" + drawing)
    return pdf


def find_pages(pdf: Pdf, has_text: bool = True, seconds: float = 20) -> dict[str, list[int]]:
    """The pages of each finding, by its code."""
    rows = run_checks(
        pdf,
        time.monotonic() + seconds,
        is_tagged=is_tagged(pdf.Root),
        has_text=has_text,
        has_outline="/Outlines" in pdf.Root,
    )
    return {row["code"]: row["pages"] for row in rows}


def list_cases(cases: Cases, which: int) -> list[Any]:
    """The cases as parameters: those with the fault, 0, or those without, 1."""
    return [
        pytest.param(code, make, id=f"{code} {number}")
        for code, makers in cases.items()
        for number, make in enumerate(makers[which], 1)
    ]
