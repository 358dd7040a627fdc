"""Findings about the content of pages, annotations, links, form fields and fonts."""

from collections.abc import Callable
from typing import Any

import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from .pdfs import (
    Cases,
    draw_on_page,
    find_pages,
    list_cases,
    make_part,
    make_tagged,
    make_truetype,
    with_composite_font,
    with_font,
)


def make_annotated(
    kind: str, tag: str | None = "Annot", element: Any = None, around: str = "", **entries: Any
) -> Pdf:
    """A sound page with one annotation, within an element of the kind `tag`.

    `around` describes the whole document.
    """
    pdf = make_tagged(*([make_part(tag, **(element or {}))] if tag else []))
    if around:
        pdf.Root.StructTreeRoot.K.Alt = around
    node = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=[9, 9, 99, 99])
    for key, value in entries.items():
        node[f"/{key}"] = value
    node = pdf.make_indirect(node)
    pdf.pages[0].Annots = Array([node])
    if tag:
        holder = pdf.Root.StructTreeRoot.K.K[1]
        holder.K = Dictionary(Type=Name.OBJR, Obj=node)
    return pdf


def make_reference() -> Pdf:
    pdf = draw_on_page(b"/X Do")
    form = Stream(pdf, b" ", Subtype=Name.Form, BBox=[0, 0, 9, 9], Ref=Dictionary())
    pdf.pages[0].Resources.XObject = Dictionary(X=form)
    return pdf


def make_media(**clip: Any) -> Pdf:
    action = Dictionary(S=Name.Rendition, R=Dictionary(C=Dictionary(S=Name.MCD, **clip)))
    return make_annotated("Screen", Contents="A film", A=action)


LONG = b"words that are set aside " * 9


def make_aside(words: bytes, more: bytes = b"", pages: int = 1) -> Pdf:
    """A sound page, the last of several, whose words are all marked as decoration."""
    pdf = make_tagged(make_part("P"), pages=pages)
    page = pdf.pages[-1]
    page.Resources = pdf.pages[0].Resources
    if pages == 1:
        pdf.Root.StructTreeRoot.K.K[0].K = Array([])
        page.StructParents = 1
        pdf.Root.StructTreeRoot.ParentTree.Nums = Array([1, [pdf.Root.StructTreeRoot.K.K[1]]])
    drawing = b"/Artifact BMC BT /F 9 Tf (" + words + b") Tj ET EMC " + more
    page.Contents = Stream(pdf, drawing)
    return pdf


def with_form(drawing: bytes, is_marked: bool = True) -> Pdf:
    """A sound page that draws a form, whose content belongs to the structure tree."""
    pdf = draw_on_page(drawing)
    words = b"BT /F 9 Tf (Words) Tj ET"
    data = b"/P <</MCID 0>> BDC " + words + b" EMC" if is_marked else words
    form = Stream(pdf, data, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    form.Resources = pdf.pages[0].Resources
    if is_marked:
        form.StructParents = 1
        pdf.Root.StructTreeRoot.ParentTree.Nums.extend([1, [pdf.Root.StructTreeRoot.K.K[1]]])
    pdf.pages[0].Resources.XObject = Dictionary(Fm=pdf.make_indirect(form))
    return pdf


def with_undefined(code: int) -> Pdf:
    """A font in which one code has no glyph; 66 is used, 90 is not."""
    encoding = Dictionary(BaseEncoding=Name.WinAnsiEncoding, Differences=[code, Name("/.notdef")])
    return with_font(make_truetype(0, 500, 600), Encoding=encoding)


def with_map(encoding: bytes, **entries: Any) -> Pdf:
    pdf = with_composite_font()
    pdf.pages[0].Resources.Font.F.Encoding = Stream(pdf, encoding, **entries)
    return pdf


def change_tabs(pdf: Pdf) -> Pdf:
    del pdf.pages[0]["/Tabs"]
    return pdf


def link() -> dict[str, Any]:
    """Return the entries of an annotation that leads to an address, for one document only."""
    return {"A": Dictionary(S=Name.URI, URI="https://example.org")}


CASES: Cases = {
    "untagged": (
        [lambda: draw_on_page(b"BT /F 9 Tf (As many words as those that are tagged) Tj ET")],
        [lambda: draw_on_page(b"/Artifact BMC BT /F 9 Tf (As many words as the others) Tj ET EMC")],
    ),
    "font_unicode": (
        [
            lambda: with_composite_font(ToUnicode=None),
            lambda: with_composite_font("<00010009>"),
            lambda: with_composite_font(
                ToUnicode=b"1 beginbfrange <0001> <0002> <FEFF> endbfrange"
            ),
            lambda: with_font(make_truetype(0, 500, 600, maps=((3, 0),)), Flags=4, Encoding=None),
            lambda: with_font(
                make_truetype(0, 500, 600),
                Encoding=Dictionary(BaseEncoding=Name.WinAnsiEncoding, Differences=[66, Name.g37]),
            ),
        ],
        [
            with_composite_font,
            lambda: with_composite_font(
                ToUnicode=b"1 beginbfrange <0001> <0002> [<0041> <0042>] endbfrange"
            ),
            lambda: with_font(make_truetype(0, 500, 600)),
        ],
    ),
    "fields_undescribed": (
        [lambda: make_annotated("Widget", "Form", FT=Name.Tx)],
        [
            lambda: make_annotated("Widget", "Form", Parent=Dictionary(TU="Your name")),
            lambda: make_annotated("Widget", "Form", {"Alt": "Your name"}),
            lambda: make_annotated("Widget", "Form", F=2),
        ],
    ),
    "links_undescribed": (
        [lambda: make_annotated("Link", "Link", **link())],
        [
            lambda: make_annotated("Link", "Link", Contents="The report", **link()),
            lambda: make_annotated("Link", "Link", {"Alt": "The report"}, **link()),
        ],
    ),
    "links_untagged": (
        [
            lambda: make_annotated("Link", "P", **link()),
            lambda: make_annotated("Link", None, **link()),
        ],
        [
            lambda: make_annotated("Link", "Link", Contents="The report", **link()),
            lambda: make_annotated("Link", None, Rect=[9000, 9000, 9900, 9900], **link()),
        ],
    ),
    "fields_untagged": (
        [lambda: make_annotated("Widget", "P", TU="Your name")],
        [lambda: make_annotated("Widget", "Form", TU="Your name")],
    ),
    "annotations_undescribed": (
        [
            lambda: make_annotated("Stamp"),
            lambda: make_annotated("Stamp", Contents=""),
            lambda: make_annotated("Stamp", around="A page of stamps"),
        ],
        [
            lambda: make_annotated("Stamp", Contents="Approved"),
            lambda: make_annotated("Stamp", element={"Alt": "Approved"}),
            lambda: make_annotated("Popup", None),
        ],
    ),
    "annotations_untagged": (
        [lambda: make_annotated("Stamp", None, Contents="Approved")],
        [lambda: make_annotated("Stamp", Contents="Approved")],
    ),
    "tab_order": (
        [lambda: change_tabs(make_annotated("Stamp", Contents="Approved"))],
        [lambda: change_tabs(make_tagged())],
    ),
    "media": (
        [make_media, lambda: make_media(CT="video/mp4"), lambda: make_media(Alt=["en", "A film"])],
        [
            lambda: make_media(CT="video/mp4", Alt=["en", "A film"]),
            lambda: make_media(CT=Name("/video#2Fmp4"), Alt=["", "A film"]),
        ],
    ),
    "all_set_aside": (
        [
            lambda: make_aside(b"The words of a whole report"),
            lambda: make_aside(LONG, pages=2),
        ],
        [
            lambda: make_aside(b"The words of a whole report", pages=2),
            lambda: draw_on_page(b"/Artifact BMC BT /F 9 Tf (" + LONG + b") Tj ET EMC"),
            lambda: make_aside(b"Page 1"),
            lambda: make_aside(LONG, b"/Span <</MCID 0>> BDC 0 0 9 9 re f EMC"),
        ],
    ),
    "forms_repeated": (
        [lambda: with_form(b"/Fm Do /Fm Do")],
        [
            lambda: with_form(b"/Fm Do"),
            lambda: with_form(b"/P <</MCID 0>> BDC /Fm Do /Fm Do EMC", is_marked=False),
        ],
    ),
    "artifact_within": (
        [
            lambda: draw_on_page(b"/P <</MCID 0>> BDC /Artifact BMC EMC EMC"),
            lambda: draw_on_page(b"/Artifact BMC /P <</MCID 0>> BDC EMC EMC"),
        ],
        [lambda: draw_on_page(b"/Artifact BMC /P BMC EMC EMC /Artifact BMC EMC")],
    ),
    "unmarked": (
        [
            lambda: draw_on_page(b"0 0 9 9 re f"),
            lambda: draw_on_page(b"BT /F 9 Tf (12) Tj ET"),
            lambda: draw_on_page(b"/P <</MCID 99>> BDC 0 0 9 9 re f EMC"),
            lambda: draw_on_page(b"BI /W 1 /H 1 /BPC 8 /CS /G ID a EI"),
        ],
        [
            lambda: draw_on_page(b"/Artifact BMC q 0 0 9 9 re f Q EMC 0 0 9 9 re W n"),
            lambda: draw_on_page(b"/P <</MCID 0>> BDC /Span BMC 0 0 9 9 re f EMC EMC"),
        ],
    ),
    "other_file": ([make_reference], []),
    "printers_marks": (
        [lambda: make_annotated("PrinterMark"), lambda: make_annotated("TrapNet", None)],
        [lambda: make_annotated("PrinterMark", None)],
    ),
    "attachments": (
        [lambda: make_annotated("FileAttachment", Contents="a", FS=Dictionary(EF=Dictionary()))],
        [lambda: make_annotated("FileAttachment", Contents="a", FS=Dictionary(F="a"))],
    ),
    "font_missing": (
        [lambda: with_font(None)],
        [lambda: with_font(make_truetype(0, 500, 600))],
    ),
    "font_glyphs": (
        [
            lambda: with_composite_font("<00010000>"),
            lambda: with_composite_font("<00010003>"),
            lambda: with_font(
                make_truetype(0, 500, 600, maps=((3, 0),)), "AZ", Flags=4, Encoding=None
            ),
            lambda: with_composite_font("<0001> Tj 3 Tr <0000>"),
            lambda: with_undefined(66),
        ],
        [with_composite_font, lambda: with_undefined(90)],
    ),
    "font_codes": (
        [
            lambda: with_composite_font(CIDToGIDMap=None),
            lambda: with_composite_font(Encoding=Name("/Own-H")),
            lambda: with_composite_font(Encoding=Name("/UniJIS-UTF16-H")),
            lambda: with_map(b"/WMode 1 def"),
            lambda: with_map(b"/Own-H usecmap"),
            lambda: with_map(b"", CIDSystemInfo=Dictionary(Ordering="Japan1")),
            lambda: with_font(make_truetype(0, 500, 600), Encoding=None),
            lambda: with_font(make_truetype(0, 500, 600, maps=((3, 0),))),
            lambda: with_font(make_truetype(0, 500, 600, maps=((3, 0),)), Flags=4),
        ],
        [
            with_composite_font,
            lambda: with_map(b"/WMode 0 def /Identity-H usecmap"),
            lambda: with_font(make_truetype(0, 500, 600)),
            lambda: with_font(make_truetype(0, 500, 600, maps=((3, 0),)), Flags=4, Encoding=None),
        ],
    ),
    "font_widths": (
        [
            lambda: with_font(make_truetype(0, 500, 650)),
            lambda: with_composite_font(W=[1, 2, 300]),
        ],
        [lambda: with_font(make_truetype(0, 501, 599)), with_composite_font],
    ),
}


@pytest.mark.parametrize(("code", "make"), list_cases(CASES, 0))
def test_a_fault_is_found(code: str, make: Callable[[], Pdf]) -> None:
    assert code in find_pages(make())


@pytest.mark.parametrize(("code", "make"), list_cases(CASES, 1))
def test_what_only_comes_near_is_not_blamed(code: str, make: Callable[[], Pdf]) -> None:
    assert code not in find_pages(make())
