"""Findings about the whole file and the structure it is tagged with."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, Stream

from .pdfs import (
    Cases,
    Part,
    change_pdf,
    draw_on_page,
    find_pages,
    list_cases,
    make_blank,
    make_part,
    make_tagged,
)


def make_cell(kind: str, *kids: Part | str, **attributes: Any) -> Part:
    entries = {"A": Dictionary(O=Name.Table, **attributes)} if attributes else {}
    return make_part(kind, *(kids or ("cell",)), **entries)


def make_table(*rows: str, **attributes: Any) -> Part:
    """A table of rows such as “HDD”: a header and two data cells; headers get the attributes."""
    kinds = {"H": "TH", "D": "TD"}
    return make_part(
        "Table",
        *(
            make_part(
                "TR", *(make_cell(kinds[one], **(attributes if one == "H" else {})) for one in row)
            )
            for row in rows
        ),
    )


def without(key: str) -> Callable[[], Pdf]:
    def make() -> Pdf:
        pdf = make_tagged()
        del pdf.Root[key]
        return pdf

    return make


def make_picture(**entries: Any) -> Pdf:
    """A page that is a picture; `entries` are those of its element."""
    pdf = make_tagged(make_part("Figure", **entries))
    image = Stream(pdf, b"a", Subtype=Name.Image, Width=1, Height=1)
    pdf.pages[0].Resources = Dictionary(XObject=Dictionary(I=image))
    pdf.pages[0].Contents = Stream(pdf, b"/Artifact BMC /I Do EMC")
    return pdf


def make_without_language(
    *parts: Part,
    title: str = "en",
    marks: bool = False,
    drawing: bytes = b"",
) -> Pdf:
    """A file that names no language but that of its heading and, unless told, of its title."""
    pdf = make_tagged(*parts)
    del pdf.Root.Lang
    pdf.Root.StructTreeRoot.K.K[0].Lang = "en"
    page = pdf.pages[0]
    page.Contents = Stream(pdf, page.Contents.read_bytes() + drawing)
    xml = pdf.Root.Metadata.read_bytes().replace(b"x-default", title.encode())
    pdf.Root.Metadata = Stream(pdf, xml, Type=Name.Metadata, Subtype=Name.XML)
    if marks:
        with pdf.open_outline() as outline:
            outline.root.append(OutlineItem("Beginning", 0))
    return pdf


def with_xfa(**root: Any) -> Pdf:
    pdf = make_tagged()
    pdf.Root.AcroForm = Dictionary(XFA=Stream(pdf, b"<config/>"))
    pdf.Root.NeedsRendering = root.get("needed", True)
    return pdf


def with_layers(**config: Any) -> Pdf:
    return change_pdf(
        lambda pdf: pdf.Root.__setitem__(
            "/OCProperties", Dictionary(OCGs=[], D=Dictionary(**config))
        )
    )


def with_file(**names: str) -> Pdf:
    def attach(pdf: Pdf) -> None:
        spec = Dictionary(EF=Dictionary(F=Stream(pdf, b"a")), **names)
        pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=["a", spec]))

    return change_pdf(attach)


def make_long(outline: bool) -> Pdf:
    pdf = make_tagged(pages=21)
    if outline:
        with pdf.open_outline() as marks:
            marks.root.append(OutlineItem("Beginning", 0))
    return pdf


def make_without_header(pages: int) -> Pdf:
    pdf = make_tagged(pages=pages)
    pdf.Root.StructTreeRoot.K.K[0].S = Name.P
    return pdf


def make_roles(of: str = "Standard", **mapped: str) -> Pdf:
    role_map = Dictionary({f"/{key}": Name(f"/{value}") for key, value in mapped.items()})
    return change_pdf(
        lambda pdf: pdf.Root.StructTreeRoot.__setitem__("/RoleMap", role_map), make_part(of, "x")
    )


WIDE = (make_table("HH", "HD"), make_table("HHH", "HDD", "HDD"))
GROUP = make_part("L", make_part("LI", make_part("Lbl", "1"), make_part("LBody", "one")))


def make_claim(claim: bytes, prefix: bytes = b"pdfuaid", more: bytes = b"") -> Pdf:
    """A sound PDF whose metadata says which part of PDF/UA it follows."""
    pdf = make_tagged()
    space = b" xmlns:%s='http://www.aiim.org/pdfua/ns/id/'%s>" % (prefix, more)
    data = pdf.Root.Metadata.read_bytes()
    described = b"<rdf:Description rdf:about=''" + space + claim + b"</rdf:Description>"
    pdf.Root.Metadata = Stream(pdf, data.replace(b"</rdf:RDF>", described + b"</rdf:RDF>"))
    return pdf


def make_captioned(*kids: Part | str) -> Part:
    """A figure without a description of its own, around these."""
    return make_part("Figure", *kids, make_part("Caption", "Where we work"))


CASES: Cases = {
    "not_tagged": ([make_blank, without("/MarkInfo")], []),
    "figure": (
        [
            lambda: make_tagged(make_part("Figure", "x")),
            lambda: make_tagged(make_part("Figure", "x", Alt="")),
            lambda: make_tagged(make_captioned(make_part("Figure", "x"))),
            lambda: make_tagged(
                make_captioned(make_part("Figure", "x", Alt="Two people"), "and more")
            ),
            lambda: make_tagged(make_captioned(make_part("Span", "x"))),
            lambda: make_tagged(make_captioned()),
        ],
        [
            lambda: make_tagged(make_part("Figure", "x", Alt="Two people")),
            lambda: make_tagged(make_part("Figure", "x", ActualText="")),
            lambda: make_tagged(make_part("Figure", make_part("Figure", "x"), Alt="Two people")),
            lambda: make_tagged(make_captioned(make_part("Figure", "x", Alt="Two people"))),
            lambda: make_tagged(
                make_captioned(make_part("Div", make_part("Figure", "x", Alt="Two people")))
            ),
            lambda: make_tagged(make_captioned(make_part("Span", "x", ActualText="Two people"))),
            lambda: make_tagged(make_captioned(make_table("HH", "HD"))),
        ],
    ),
    "identification": (
        [
            lambda: make_claim(b"<pdfuaid:part>3</pdfuaid:part>"),
            lambda: make_claim(b"<pdfuaid:amd>2005</pdfuaid:amd>"),
            lambda: make_claim(b"<ua:part>1</ua:part>", b"ua"),
        ],
        [
            make_tagged,
            lambda: make_claim(b"<pdfuaid:part>1</pdfuaid:part>"),
            lambda: make_claim(b"", more=b" pdfuaid:part='1'"),
        ],
    ),
    "formula": (
        [lambda: make_tagged(make_part("Formula", "x"))],
        [lambda: make_tagged(make_part("Formula", "x", Alt="x squared"))],
    ),
    "headings_skipped": (
        [lambda: make_tagged(make_part("H3", "x"))],
        [lambda: make_tagged(make_part("H2", "x"), make_part("H3", "x"), make_part("H1", "x"))],
    ),
    "headings_mixed": (
        [lambda: make_tagged(make_part("Sect", make_part("H", "x")))],
        [],
    ),
    "tables": (
        [
            lambda: make_tagged(make_part("Table", make_part("P", "x"))),
            lambda: make_tagged(make_part("TR", make_cell("TD"))),
            lambda: make_tagged(
                make_part(
                    "Table",
                    make_part("TR", make_cell("TD")),
                    make_part("Caption", "x"),
                    make_part("TR", make_cell("TD")),
                )
            ),
            lambda: make_tagged(
                make_part("Table", make_part("THead", make_part("TR", make_cell("TH"))))
            ),
        ],
        [
            lambda: make_tagged(
                make_part("Table", make_part("Caption", "x"), make_part("TR", make_cell("TD")))
            ),
            lambda: make_tagged(
                make_part("Table", make_part("NonStruct", make_part("TR", make_cell("TD"))))
            ),
            lambda: make_tagged(*WIDE),
        ],
    ),
    "table_irregular": (
        [
            lambda: make_tagged(make_table("HH", "HDD")),
            lambda: make_tagged(make_table("HH", "HD", RowSpan=2)),
        ],
        [
            lambda: make_tagged(*WIDE),
            lambda: make_tagged(
                make_part(
                    "Table",
                    make_part("TR", make_cell("TH", ColSpan=2)),
                    make_part("TR", make_cell("TD"), make_cell("TD")),
                )
            ),
        ],
    ),
    "table_headers": (
        [lambda: make_tagged(make_table("DDD", "DDH", "DDD"))],
        [
            lambda: make_tagged(*WIDE),
            lambda: make_tagged(make_table("DDD", "DHD", Scope=Name.Both)),
        ],
    ),
    "lists": (
        [
            lambda: make_tagged(make_part("L", make_part("P", "x"))),
            lambda: make_tagged(make_part("LI", make_part("LBody", "x"))),
        ],
        [
            lambda: make_tagged(
                make_part("L", make_part("Caption", "x"), make_part("LI", "one")), GROUP
            )
        ],
    ),
    "contents": (
        [
            lambda: make_tagged(make_part("TOC", make_part("P", "x"))),
            lambda: make_tagged(make_part("TOCI", "x")),
        ],
        [lambda: make_tagged(make_part("TOC", make_part("Caption", "x"), make_part("TOCI", "x")))],
    ),
    "notes": (
        [
            lambda: make_tagged(make_part("Note", "x")),
            lambda: make_tagged(make_part("Note", "x", ID="1"), make_part("Note", "x", ID="1")),
        ],
        [lambda: make_tagged(make_part("Note", "x", ID="1"), make_part("Note", "x", ID="2"))],
    ),
    "roles": (
        [
            lambda: make_tagged(make_part("Chart", "x")),
            lambda: make_roles(Standard="Body", Body="Standard"),
            lambda: make_roles("P", P="Span"),
        ],
        [lambda: make_roles(Standard="Body", Body="P")],
    ),
    "tree": (
        [
            lambda: change_pdf(
                lambda pdf: pdf.Root.StructTreeRoot.K.K[1].__delitem__("/P"), make_part("P", "x")
            )
        ],
        [],
    ),
    "suspects": (
        [lambda: change_pdf(lambda pdf: pdf.Root.MarkInfo.__setitem__("/Suspects", True))],
        [],
    ),
    "no_table_headers": (
        [lambda: make_tagged(make_table("DD", "DD"))],
        [lambda: make_tagged(*WIDE)],
    ),
    "no_headings": (
        [lambda: make_without_header(2)],
        [lambda: make_without_header(1), lambda: make_tagged(pages=2)],
    ),
    "title_missing": ([without("/Metadata")], []),
    "title_hidden": ([without("/ViewerPreferences")], []),
    "language_missing": (
        [
            without("/Lang"),
            lambda: change_pdf(lambda pdf: pdf.Root.__setitem__("/Lang", "")),
            lambda: make_without_language(marks=True),
            lambda: make_without_language(title="x-default"),
            lambda: make_without_language(make_part("Figure", Alt="A tree")),
            lambda: make_without_language(drawing=b"/Span <</ActualText (a)>> BDC EMC"),
        ],
        [
            make_without_language,
            lambda: make_without_language(title="cy"),
            lambda: make_without_language(make_part("Figure", Alt="A tree", Lang="en")),
            lambda: make_without_language(make_part("Figure", Alt="\x1ben\x1bÁ Δ tree")),
            lambda: make_without_language(drawing=b"/Span <</ActualText (a) /Lang (en)>> BDC EMC"),
            lambda: make_without_language(drawing=b"/Artifact BMC BT /F 9 Tf (12) Tj ET EMC"),
        ],
    ),
    "language_invalid": (
        [
            lambda: change_pdf(lambda pdf: pdf.Root.__setitem__("/Lang", "en_GB")),
            lambda: make_tagged(make_part("P", "x", Lang="English (British)")),
            lambda: draw_on_page(b"/Span <</Lang (1-en)>> BDC EMC"),
        ],
        [
            lambda: make_tagged(make_part("P", "x", Lang="pa-Arab-PK")),
            lambda: make_tagged(make_part("P", "x", Lang="")),
        ],
    ),
    "layers": (
        [with_layers, lambda: with_layers(Name="Plan", AS=Array())],
        [lambda: with_layers(Name="Plan")],
    ),
    "dynamic_form": ([with_xfa], [lambda: with_xfa(needed=False)]),
    "attachments": (
        [lambda: with_file(UF="a.csv"), lambda: with_file(F="a.csv", UF="")],
        [lambda: with_file(F="a.csv", UF="a.csv")],
    ),
    "no_bookmarks": ([lambda: make_long(outline=False)], [lambda: make_long(outline=True)]),
}


def test_a_sound_file_has_no_findings() -> None:
    assert find_pages(make_tagged(make_part("P", "x"), GROUP, *WIDE)) == {}


@pytest.mark.parametrize(("code", "make"), list_cases(CASES, 0))
def test_a_fault_is_found(code: str, make: Callable[[], Pdf]) -> None:
    assert code in find_pages(make())


@pytest.mark.parametrize(("code", "make"), list_cases(CASES, 1))
def test_what_only_comes_near_is_not_blamed(code: str, make: Callable[[], Pdf]) -> None:
    assert code not in find_pages(make())


def test_pages_that_are_pictures_of_words_are_found() -> None:
    assert "no_text" in find_pages(make_picture(), has_text=False)
    assert "no_text" not in find_pages(make_picture(), has_text=True)
    assert "no_text" not in find_pages(make_picture(Alt="A plan of the ward"), has_text=False)
    assert "no_text" not in find_pages(make_blank(), has_text=False)


@pytest.mark.parametrize("allowed", [True, False])
def test_a_file_that_keeps_screen_readers_out_is_found(
    save: Callable[..., Path], allowed: bool
) -> None:
    allow = pikepdf.Permissions(accessibility=allowed)
    lock = pikepdf.Encryption(owner="secret", R=3, aes=False, metadata=False, allow=allow)
    assert ("locked" in find_pages(Pdf.open(save(make_tagged(), encryption=lock)))) is not allowed


def test_pages_are_counted_from_one() -> None:
    pdf = make_tagged(make_part("Figure"), pages=3)
    pdf.Root.StructTreeRoot.K.K[1].Pg = pdf.pages[2].obj
    assert find_pages(pdf)["figure"] == [3]


def test_table_attributes_may_come_with_a_class() -> None:
    rows = (
        make_part("TR", make_part("TH", "x", C=Name.Wide)),
        make_part("TR", make_cell("TD"), make_cell("TD")),
    )
    pdf = make_tagged(make_part("Table", *rows))
    assert "table_irregular" in find_pages(pdf)
    pdf.Root.StructTreeRoot.ClassMap = Dictionary(Wide=Dictionary(O=Name.Table, ColSpan=2))
    assert "table_irregular" not in find_pages(pdf)


@pytest.mark.parametrize(("named", "lost"), [("h", False), ("unknown", True)])
def test_cells_may_name_their_headers(named: str, lost: bool) -> None:
    rows = [
        make_part("TR", make_cell("TD"), make_cell("TD")),
        make_part("TR", make_cell("TD"), make_cell("TD", Headers=[named])),
        make_part(
            "TR",
            make_part("TH", "x", ID="h", A=Dictionary(O=Name.Table, Scope=Name.Row)),
            make_cell("TD"),
        ),
    ]
    assert ("table_headers" in find_pages(make_tagged(make_part("Table", *rows)))) is lost
