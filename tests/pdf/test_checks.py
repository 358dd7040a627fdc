"""Findings about the whole file and the structure it is tagged with."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, Stream

from .pdfs import Cases, Part, blank, changed, drawn, each, found_in, part, tagged


def cell(kind: str, *kids: Part | str, **attributes: Any) -> Part:
    entries = {"A": Dictionary(O=Name.Table, **attributes)} if attributes else {}
    return part(kind, *(kids or ("cell",)), **entries)


def table(*rows: str, **attributes: Any) -> Part:
    """A table of rows such as “HDD”: a header and two data cells; headers get the attributes."""
    kinds = {"H": "TH", "D": "TD"}
    return part(
        "Table",
        *(
            part("TR", *(cell(kinds[one], **(attributes if one == "H" else {})) for one in row))
            for row in rows
        ),
    )


def without(key: str) -> Callable[[], Pdf]:
    def make() -> Pdf:
        pdf = tagged()
        del pdf.Root[key]
        return pdf

    return make


def picture(**entries: Any) -> Pdf:
    """A page that is a picture; `entries` are those of its element."""
    pdf = tagged(part("Figure", **entries))
    image = Stream(pdf, b"a", Subtype=Name.Image, Width=1, Height=1)
    pdf.pages[0].Resources = Dictionary(XObject=Dictionary(I=image))
    pdf.pages[0].Contents = Stream(pdf, b"/Artifact BMC /I Do EMC")
    return pdf


def speechless(
    *parts: Part,
    title: str = "en",
    marks: bool = False,
    drawing: bytes = b"",
) -> Pdf:
    """A file that names no language but that of its heading and, unless told, of its title."""
    pdf = tagged(*parts)
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
    pdf = tagged()
    pdf.Root.AcroForm = Dictionary(XFA=Stream(pdf, b"<config/>"))
    pdf.Root.NeedsRendering = root.get("needed", True)
    return pdf


def with_layers(**config: Any) -> Pdf:
    return changed(
        lambda pdf: pdf.Root.__setitem__(
            "/OCProperties", Dictionary(OCGs=[], D=Dictionary(**config))
        )
    )


def with_file(**names: str) -> Pdf:
    def attach(pdf: Pdf) -> None:
        spec = Dictionary(EF=Dictionary(F=Stream(pdf, b"a")), **names)
        pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=["a", spec]))

    return changed(attach)


def long(outline: bool) -> Pdf:
    pdf = tagged(pages=21)
    if outline:
        with pdf.open_outline() as marks:
            marks.root.append(OutlineItem("Beginning", 0))
    return pdf


def headless(pages: int) -> Pdf:
    pdf = tagged(pages=pages)
    pdf.Root.StructTreeRoot.K.K[0].S = Name.P
    return pdf


def roles(of: str = "Standard", **mapped: str) -> Pdf:
    role_map = Dictionary({f"/{key}": Name(f"/{value}") for key, value in mapped.items()})
    return changed(
        lambda pdf: pdf.Root.StructTreeRoot.__setitem__("/RoleMap", role_map), part(of, "x")
    )


WIDE = (table("HH", "HD"), table("HHH", "HDD", "HDD"))
GROUP = part("L", part("LI", part("Lbl", "1"), part("LBody", "one")))


def claiming(claim: bytes, prefix: bytes = b"pdfuaid", more: bytes = b"") -> Pdf:
    """A sound PDF whose metadata says which part of PDF/UA it follows."""
    pdf = tagged()
    space = b" xmlns:%s='http://www.aiim.org/pdfua/ns/id/'%s>" % (prefix, more)
    data = pdf.Root.Metadata.read_bytes()
    described = b"<rdf:Description rdf:about=''" + space + claim + b"</rdf:Description>"
    pdf.Root.Metadata = Stream(pdf, data.replace(b"</rdf:RDF>", described + b"</rdf:RDF>"))
    return pdf


def captioned(*kids: Part | str) -> Part:
    """A figure without a description of its own, around these."""
    return part("Figure", *kids, part("Caption", "Where we work"))


CASES: Cases = {
    "not_tagged": ([blank, without("/MarkInfo")], []),
    "figure": (
        [
            lambda: tagged(part("Figure", "x")),
            lambda: tagged(part("Figure", "x", Alt="")),
            lambda: tagged(captioned(part("Figure", "x"))),
            lambda: tagged(captioned(part("Figure", "x", Alt="Two people"), "and more")),
            lambda: tagged(captioned(part("Span", "x"))),
            lambda: tagged(captioned()),
        ],
        [
            lambda: tagged(part("Figure", "x", Alt="Two people")),
            lambda: tagged(part("Figure", "x", ActualText="")),
            lambda: tagged(part("Figure", part("Figure", "x"), Alt="Two people")),
            lambda: tagged(captioned(part("Figure", "x", Alt="Two people"))),
            lambda: tagged(captioned(part("Div", part("Figure", "x", Alt="Two people")))),
            lambda: tagged(captioned(part("Span", "x", ActualText="Two people"))),
            lambda: tagged(captioned(table("HH", "HD"))),
        ],
    ),
    "identification": (
        [
            lambda: claiming(b"<pdfuaid:part>3</pdfuaid:part>"),
            lambda: claiming(b"<pdfuaid:amd>2005</pdfuaid:amd>"),
            lambda: claiming(b"<ua:part>1</ua:part>", b"ua"),
        ],
        [
            tagged,
            lambda: claiming(b"<pdfuaid:part>1</pdfuaid:part>"),
            lambda: claiming(b"", more=b" pdfuaid:part='1'"),
        ],
    ),
    "formula": (
        [lambda: tagged(part("Formula", "x"))],
        [lambda: tagged(part("Formula", "x", Alt="x squared"))],
    ),
    "headings_skipped": (
        [lambda: tagged(part("H3", "x"))],
        [lambda: tagged(part("H2", "x"), part("H3", "x"), part("H1", "x"))],
    ),
    "headings_mixed": (
        [lambda: tagged(part("Sect", part("H", "x")))],
        [],
    ),
    "tables": (
        [
            lambda: tagged(part("Table", part("P", "x"))),
            lambda: tagged(part("TR", cell("TD"))),
            lambda: tagged(
                part("Table", part("TR", cell("TD")), part("Caption", "x"), part("TR", cell("TD")))
            ),
            lambda: tagged(part("Table", part("THead", part("TR", cell("TH"))))),
        ],
        [
            lambda: tagged(part("Table", part("Caption", "x"), part("TR", cell("TD")))),
            lambda: tagged(part("Table", part("NonStruct", part("TR", cell("TD"))))),
            lambda: tagged(*WIDE),
        ],
    ),
    "table_irregular": (
        [
            lambda: tagged(table("HH", "HDD")),
            lambda: tagged(table("HH", "HD", RowSpan=2)),
        ],
        [
            lambda: tagged(*WIDE),
            lambda: tagged(
                part("Table", part("TR", cell("TH", ColSpan=2)), part("TR", cell("TD"), cell("TD")))
            ),
        ],
    ),
    "table_headers": (
        [lambda: tagged(table("DDD", "DDH", "DDD"))],
        [
            lambda: tagged(*WIDE),
            lambda: tagged(table("DDD", "DHD", Scope=Name.Both)),
        ],
    ),
    "lists": (
        [lambda: tagged(part("L", part("P", "x"))), lambda: tagged(part("LI", part("LBody", "x")))],
        [lambda: tagged(part("L", part("Caption", "x"), part("LI", "one")), GROUP)],
    ),
    "contents": (
        [lambda: tagged(part("TOC", part("P", "x"))), lambda: tagged(part("TOCI", "x"))],
        [lambda: tagged(part("TOC", part("Caption", "x"), part("TOCI", "x")))],
    ),
    "notes": (
        [
            lambda: tagged(part("Note", "x")),
            lambda: tagged(part("Note", "x", ID="1"), part("Note", "x", ID="1")),
        ],
        [lambda: tagged(part("Note", "x", ID="1"), part("Note", "x", ID="2"))],
    ),
    "roles": (
        [
            lambda: tagged(part("Chart", "x")),
            lambda: roles(Standard="Body", Body="Standard"),
            lambda: roles("P", P="Span"),
        ],
        [lambda: roles(Standard="Body", Body="P")],
    ),
    "tree": (
        [
            lambda: changed(
                lambda pdf: pdf.Root.StructTreeRoot.K.K[1].__delitem__("/P"), part("P", "x")
            )
        ],
        [],
    ),
    "suspects": (
        [lambda: changed(lambda pdf: pdf.Root.MarkInfo.__setitem__("/Suspects", True))],
        [],
    ),
    "no_table_headers": ([lambda: tagged(table("DD", "DD"))], [lambda: tagged(*WIDE)]),
    "no_headings": ([lambda: headless(2)], [lambda: headless(1), lambda: tagged(pages=2)]),
    "title_missing": ([without("/Metadata")], []),
    "title_hidden": ([without("/ViewerPreferences")], []),
    "language_missing": (
        [
            without("/Lang"),
            lambda: changed(lambda pdf: pdf.Root.__setitem__("/Lang", "")),
            lambda: speechless(marks=True),
            lambda: speechless(title="x-default"),
            lambda: speechless(part("Figure", Alt="A tree")),
            lambda: speechless(drawing=b"/Span <</ActualText (a)>> BDC EMC"),
        ],
        [
            speechless,
            lambda: speechless(title="cy"),
            lambda: speechless(part("Figure", Alt="A tree", Lang="en")),
            lambda: speechless(part("Figure", Alt="\x1ben\x1bÁ Δ tree")),
            lambda: speechless(drawing=b"/Span <</ActualText (a) /Lang (en)>> BDC EMC"),
            lambda: speechless(drawing=b"/Artifact BMC BT /F 9 Tf (12) Tj ET EMC"),
        ],
    ),
    "language_invalid": (
        [
            lambda: changed(lambda pdf: pdf.Root.__setitem__("/Lang", "en_GB")),
            lambda: tagged(part("P", "x", Lang="English (British)")),
            lambda: drawn(b"/Span <</Lang (1-en)>> BDC EMC"),
        ],
        [
            lambda: tagged(part("P", "x", Lang="pa-Arab-PK")),
            lambda: tagged(part("P", "x", Lang="")),
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
    "no_bookmarks": ([lambda: long(outline=False)], [lambda: long(outline=True)]),
}


def test_a_sound_file_has_no_findings() -> None:
    assert found_in(tagged(part("P", "x"), GROUP, *WIDE)) == {}


@pytest.mark.parametrize(("code", "make"), each(CASES, 0))
def test_a_fault_is_found(code: str, make: Callable[[], Pdf]) -> None:
    assert code in found_in(make())


@pytest.mark.parametrize(("code", "make"), each(CASES, 1))
def test_what_only_comes_near_is_not_blamed(code: str, make: Callable[[], Pdf]) -> None:
    assert code not in found_in(make())


def test_pages_that_are_pictures_of_words_are_found() -> None:
    assert "no_text" in found_in(picture(), has_text=False)
    assert "no_text" not in found_in(picture(), has_text=True)
    assert "no_text" not in found_in(picture(Alt="A plan of the ward"), has_text=False)
    assert "no_text" not in found_in(blank(), has_text=False)


@pytest.mark.parametrize("allowed", [True, False])
def test_a_file_that_keeps_screen_readers_out_is_found(
    save: Callable[..., Path], allowed: bool
) -> None:
    allow = pikepdf.Permissions(accessibility=allowed)
    lock = pikepdf.Encryption(owner="secret", R=3, aes=False, metadata=False, allow=allow)
    assert ("locked" in found_in(Pdf.open(save(tagged(), encryption=lock)))) is not allowed


def test_pages_are_counted_from_one() -> None:
    pdf = tagged(part("Figure"), pages=3)
    pdf.Root.StructTreeRoot.K.K[1].Pg = pdf.pages[2].obj
    assert found_in(pdf)["figure"] == [3]


def test_table_attributes_may_come_with_a_class() -> None:
    rows = part("TR", part("TH", "x", C=Name.Wide)), part("TR", cell("TD"), cell("TD"))
    pdf = tagged(part("Table", *rows))
    assert "table_irregular" in found_in(pdf)
    pdf.Root.StructTreeRoot.ClassMap = Dictionary(Wide=Dictionary(O=Name.Table, ColSpan=2))
    assert "table_irregular" not in found_in(pdf)


@pytest.mark.parametrize(("named", "lost"), [("h", False), ("unknown", True)])
def test_cells_may_name_their_headers(named: str, lost: bool) -> None:
    rows = [
        part("TR", cell("TD"), cell("TD")),
        part("TR", cell("TD"), cell("TD", Headers=[named])),
        part("TR", part("TH", "x", ID="h", A=Dictionary(O=Name.Table, Scope=Name.Row)), cell("TD")),
    ]
    assert ("table_headers" in found_in(tagged(part("Table", *rows)))) is lost
