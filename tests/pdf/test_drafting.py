"""A PDF becomes chapters of draft blocks, which an editor checks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image

from bhp_site.pdf.drafting import process
from bhp_site.pdf.worker import build_answer

from .pdfs import Part, make_blank, make_part, make_tagged, write

PAGE_HEIGHT_POINTS = 842
Blocks = list[dict[str, Any]]


def helvetica() -> Dictionary:
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type1,
        BaseFont=Name.Helvetica,
        Encoding=Name.WinAnsiEncoding,
    )


def make_worded(*parts: Part) -> Pdf:
    """A tagged PDF in a font that can be read; each string is a line of its own."""
    pdf = make_tagged(*parts)
    pdf.pages[0].Resources.Font.F = helvetica()
    return pdf


def make_laid_out(*pages: list[tuple[str, str, int]]) -> Pdf:
    """A tagged PDF of lines as (type, words, height); lines without a type are not tagged."""
    pdf = make_blank(len(pages))
    top = pdf.make_indirect(Dictionary(S=Name.Document, K=Array([])))
    for page, lines in zip(pdf.pages, pages, strict=True):
        drawing = ""
        for number, (kind, words, height) in enumerate(lines):
            shown = f"BT /F 9 Tf 50 {height} Td ({words}) Tj ET"
            drawing += f"/X <</MCID {number}>> BDC {shown} EMC\n" if kind else f"{shown}\n"
            if kind:
                element = Dictionary(S=Name("/" + kind), P=top, Pg=page.obj, K=number)
                top.K.append(pdf.make_indirect(element))
        page.Resources = Dictionary(Font=Dictionary(F=helvetica()))
        page.Contents = Stream(pdf, drawing.encode("cp1252"))
    pdf.Root.StructTreeRoot = Dictionary(K=top)
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    return pdf


@pytest.fixture
def read(save: Callable[..., Path], tmp_path: Path) -> Callable[[Pdf], dict[str, Any]]:
    """What the child would say about a file, asked in this process."""

    def ask(pdf: Pdf) -> dict[str, Any]:
        return build_answer(
            process.draft, path=str(save(pdf)), folder=str(tmp_path), max_pages=9, seconds=20
        )

    return ask


@pytest.fixture
def blocks(read: Callable[[Pdf], dict[str, Any]]) -> Callable[[Pdf], Blocks]:
    def ask(pdf: Pdf) -> Blocks:
        return [one for chapter in read(pdf)["chapters"] for one in chapter["blocks"]]

    return ask


def test_chapters_begin_at_the_highest_heading_that_occurs_again(
    read: Callable[[Pdf], dict[str, Any]],
) -> None:
    pdf = make_worded(
        make_part("P", "Before"),
        make_part("Sect", make_part("H2", "One"), make_part("P", "Words")),
        make_part(
            "Sect", make_part("H2", "Two"), make_part("H3", "Below"), make_part("H5", "Far below")
        ),
    )
    found = read(pdf)["chapters"]
    assert [one["title"] for one in found] == ["A title", "One", "Two"]
    below, far = found[2]["blocks"]
    assert (below["level"], below["note"]) == (2, "")
    assert far["level"] == 3
    assert far["note"].startswith("The PDF skips a heading level")


def test_words_broken_across_lines_are_joined(blocks: Callable[[Pdf], Blocks]) -> None:
    words = ("The recommen-", "dation is well-", "known in 2020-", "2021, a well-known one")
    assert blocks(make_worded(make_part("P", *words)))[0]["html"] == (
        "<p>The recommendation is well-known in 2020-2021, a well-known one</p>"
    )


def test_a_paragraph_goes_on_over_running_heads_and_page_numbers(
    blocks: Callable[[Pdf], Blocks],
) -> None:
    """Whether they are tagged or not."""
    ends = ["A beginning that", "goes on and", "on here.", "A new one."]
    pdf = make_laid_out(
        *[
            [
                ("P", f"Report of activity {number}", PAGE_HEIGHT_POINTS - 30),
                ("P", said, 400),
                ("", f"{number}", 30),
            ]
            for number, said in enumerate(ends, 1)
        ]
    )
    assert [one["html"] for one in blocks(pdf)] == [
        "<p>A beginning that goes on and on here.</p>",
        "<p>A new one.</p>",
    ]


def test_words_outside_of_the_tree_are_kept_with_a_doubt(blocks: Callable[[Pdf], Blocks]) -> None:
    pdf = make_laid_out([("P", "Tagged", 700), ("", "Left out", 500)], [("P", "Later", 700)])
    tagged_words, loose, later = blocks(pdf)
    assert (tagged_words["html"], later["html"]) == ("<p>Tagged</p>", "<p>Later</p>")
    assert (loose["html"], loose["page"]) == ("<p>Left out</p>", 1)
    assert loose["note"].startswith("This text is not in the reading order")


def test_lists_within_lists_keep_their_kind_and_lose_their_labels(
    blocks: Callable[[Pdf], Blocks],
) -> None:
    inner = make_part("L", make_part("LI", make_part("Lbl", "a."), make_part("LBody", "Inner")))
    items = (
        make_part("LI", make_part("Lbl", "3."), make_part("LBody", make_part("P", "Three"), inner)),
        make_part("LI", make_part("Lbl", "4."), make_part("LBody", "Four <b>")),
    )
    dots = make_part("L", make_part("LI", "\\225 Dot"), make_part("LI", "\\225 Other"))
    numbered, dotted = blocks(make_worded(make_part("L", *items), dots))
    assert numbered["html"] == (
        "<ol><li>Three<ol><li>Inner</li></ol></li><li>Four &lt;b&gt;</li></ol>"
    )
    assert numbered["note"] == (
        "In the PDF the item of this list is labelled “a.”. Here it is numbered. Check text that "
        "refers to it. In the PDF this list begins with 3."
    )
    assert dotted["html"] == "<ul><li>Dot</li><li>Other</li></ul>"


@pytest.mark.parametrize(
    ("address", "html", "note"),
    [
        ("https://e.org/?a&b", '<p><a href="https://e.org/?a&amp;b">there</a></p>', ""),
        ("https://e.org/\"onload='x'", "<p>there</p>", ""),
        ("data:text/html,x", "<p>there</p>", ""),
        (None, "<p>there</p>", ""),
        ("", "<p>there</p>", "The PDF does not say where a link here leads. Add its address."),
    ],
)
def test_links_lead_to_other_sites_only(
    blocks: Callable[[Pdf], Blocks], address: str | None, html: str, note: str
) -> None:
    pdf = make_worded(make_part("P", make_part("Link", "there")))
    if address != "":
        leads = {"S": Name.URI, "URI": address} if address else {"S": Name.GoTo, "D": "chapter"}
        node = Dictionary(Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(**leads))
        link = pdf.Root.StructTreeRoot.K.K[1].K[0]
        link.K.append(Dictionary(Type=Name.OBJR, Obj=pdf.make_indirect(node)))
    found = blocks(pdf)[0]
    assert (found["html"], found["note"]) == (html, note)


def test_a_list_of_contents_is_left_out(read: Callable[[Pdf], dict[str, Any]]) -> None:
    entries = [
        make_part("TOCI", make_part("P", "A chapter 7")),
        make_part("TOCI", make_part("P", "Another 9")),
    ]
    pdf = make_worded(
        make_part("H1", "Contents"), make_part("TOC", *entries), make_part("H1", "A chapter")
    )
    assert [one["title"] for one in read(pdf)["chapters"]] == ["A title", "A chapter"]


def test_doubtful_tables_say_why(blocks: Callable[[Pdf], Blocks]) -> None:
    wide = make_part("TH", "Wide", A=Dictionary(O=Name.Table, ColSpan=2))
    spans = make_part(
        "Table", make_part("TR", wide), make_part("TR", make_part("TD", "a"), make_part("TD", "b"))
    )
    uneven = make_part(
        "Table",
        make_part("TR", make_part("TH", "x")),
        make_part("TR", make_part("TD", "y"), make_part("TD", "z")),
    )
    first, second = blocks(make_worded(spans, make_part("Caption", "Two kinds"), uneven))
    assert (first["rows"], first["has_header"]) == ([["Wide", ""], ["a", "b"]], True)
    assert first["caption"] == "Two kinds"
    assert first["note"].startswith("Some cells of this table span several rows or columns")
    assert second["rows"] == [["x", ""], ["y", "z"]]
    assert second["note"].startswith("The rows of this table have different numbers of cells")


def test_a_figure_is_cut_out_of_its_page(blocks: Callable[[Pdf], Blocks], tmp_path: Path) -> None:
    box = Dictionary(O=Name.Layout, BBox=[40, 650, 240, 750])
    pdf = make_worded(
        make_part("Figure", "Label", A=box), make_part("Figure", "Small", Alt="A dot")
    )
    first, second = blocks(pdf)
    assert first["note"].startswith("This figure has no description")
    assert Image.open(tmp_path / first["image"]).size == (800, 400)
    assert second["alt"] == "A dot"
    assert second["image"]


def test_what_is_spelled_out_is_said_so(blocks: Callable[[Pdf], Blocks]) -> None:
    pdf = make_worded(
        make_part(
            "P", "Is", make_part("Span", "C02", ActualText="CO2"), make_part("Reference", "1")
        ),
        make_part("Note", make_part("Lbl", "1"), make_part("P", "Our register")),
    )
    paragraph, note = blocks(pdf)
    assert paragraph["html"] == "<p>Is CO2 [1]</p>"
    assert (note["kind"], note["text"]) == ("footnote", "[1] Our register")


def test_words_in_a_layer_of_the_page_are_read_with_its_tags(
    blocks: Callable[[Pdf], Blocks],
) -> None:
    """A form has numbers of its own for what it marks."""
    pdf = make_worded(make_part("P", "On the page"), make_part("P"))
    page, layered = pdf.pages[0], pdf.Root.StructTreeRoot.K.K[2]
    drawing = b"/P <</MCID 0>> BDC BT /F 9 Tf 50 300 Td (In a layer) Tj ET EMC"
    form = Stream(pdf, drawing, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 600, 850])
    form.Resources = Dictionary(Font=Dictionary(F=helvetica()))
    page.Resources.XObject = Dictionary(Fm=pdf.make_indirect(form))
    page.Contents = Stream(pdf, page.Contents.read_bytes() + b" /Fm Do")
    mark = Dictionary(Type=Name.MCR, MCID=0, Stm=page.Resources.XObject.Fm, Pg=page.obj)
    layered.K = Array([mark])
    assert [one["html"] for one in blocks(pdf)] == ["<p>On the page</p>", "<p>In a layer</p>"]


def test_an_untagged_pdf_gives_its_text_by_page(read: Callable[[Pdf], dict[str, Any]]) -> None:
    pdf = make_blank(2)
    write(pdf, 0, "First page")
    write(pdf, 1, "Second page")
    found = read(pdf)
    assert found["is_tagged"] is False
    (chapter,) = found["chapters"]
    assert chapter["title"] == "Text of the PDF"
    assert [(one["page"], one["html"]) for one in chapter["blocks"]] == [
        (1, "<p>First page</p>"),
        (2, "<p>Second page</p>"),
    ]


def test_a_long_heading_is_doubtful(blocks: Callable[[Pdf], Blocks]) -> None:
    long = "A heading of many words " * 9
    found = blocks(
        make_worded(make_part("H2", "One"), make_part("H3", long), make_part("H2", "Two"))
    )
    assert found[0]["note"].startswith("This is very long for a heading")


def test_a_tree_without_sense_is_no_failure(read: Callable[[Pdf], dict[str, Any]]) -> None:
    pdf = make_worded(
        make_part("L", make_part("L")),
        make_part("Table", make_part("TR")),
        make_part("Figure"),
        make_part("TR", "row"),
    )
    nested = make_part("Sect", "deep")
    for _ in range(200):
        nested = make_part("Sect", nested)
    assert "refused" not in read(pdf)
    assert "refused" not in read(make_worded(nested))
    looped = make_worded(make_part("Sect", make_part("P", "around")))
    looped.Root.StructTreeRoot.K.K[1].K.append(looped.Root.StructTreeRoot.K)
    assert "refused" not in read(looped)


@pytest.mark.parametrize("reason", ["password", "pages", "damaged"])
def test_what_cannot_be_read_is_refused(
    read: Callable[[Pdf], dict[str, Any]], save: Callable[..., Path], reason: str
) -> None:
    if reason == "pages":
        assert read(make_blank(10)) == {"refused": "pages", "detail": ""}
        return
    path = save(make_blank())
    if reason == "password":
        with Pdf.open(path, allow_overwriting_input=True) as pdf:
            pdf.save(path, encryption=pikepdf.Encryption(user="a", owner="b"))
    else:
        path.write_bytes(b"%PDF-1.7 nothing")
    answer = build_answer(process.draft, path=str(path), folder="", max_pages=9, seconds=20)
    assert answer == {"refused": reason, "detail": ""}
