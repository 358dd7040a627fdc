"""Whatever a file is made of, looking at it ends well; and every finding has its words."""

from typing import Any

import pytest
from django.template.loader import render_to_string
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from bhp_site.pdf import structure
from bhp_site.pdf.checks import content, runner
from bhp_site.pdf.checks.truetype import TrueType
from bhp_site.pdf.findings import explain_findings
from bhp_site.pdf.messages import ADVICE, FAULT, FINDING_MESSAGES, SERIOUS
from bhp_site.pdf.reader import read_pdf

from ..run import ROOT
from . import test_checks, test_page_checks
from .pdfs import (
    find_pages,
    make_blank,
    make_part,
    make_tagged,
    make_truetype,
    with_composite_font,
    with_font,
)

DEMO = ROOT / "bhp_site/demo/files"


def chain(depth: int) -> Pdf:
    """A tree of elements one within the other; the innermost is a figure."""
    pdf = make_tagged()
    node = pdf.make_indirect(Dictionary(S=Name.Figure, P=Dictionary()))
    for _ in range(depth):
        node = pdf.make_indirect(Dictionary(S=Name.Sect, P=Dictionary(), K=node))
    pdf.Root.StructTreeRoot.K = node
    return pdf


def make_crowd(count: int) -> Pdf:
    pdf = make_tagged()
    kids = [pdf.make_indirect(Dictionary(S=Name.P, P=Dictionary())) for _ in range(count)]
    pdf.Root.StructTreeRoot.K = Array(kids)
    return pdf


def make_circle() -> Pdf:
    """Elements, fields, outlines, trees and forms that lead back to themselves."""
    pdf = make_tagged(make_part("Sect"))
    page = pdf.pages[0]
    section = pdf.Root.StructTreeRoot.K.K[1]
    section.K = Array([section, pdf.Root.StructTreeRoot.K])
    names = pdf.make_indirect(Dictionary(Names=[]))
    names.Kids = Array([names])
    pdf.Root.Names = Dictionary(EmbeddedFiles=names)
    pdf.Root.StructTreeRoot.ParentTree = names
    field = pdf.make_indirect(Dictionary(Subtype=Name.Widget, Rect=[0, 0, 9, 9]))
    field.Parent = field
    page.Annots = Array([field])
    form = Stream(pdf, b"/X Do", Subtype=Name.Form)
    form.Resources = Dictionary(XObject=Dictionary(X=form))
    page.Resources.XObject = Dictionary(X=form)
    page.Contents = Stream(pdf, b"/X Do")
    return pdf


def make_odd_pdf(value: Any) -> Pdf:
    """A PDF that has one value wherever another type is wanted."""
    pdf = make_tagged(make_part("Table", make_part("TR", make_part("TD", "x"))), make_part("Note"))
    page, root = pdf.pages[0], pdf.Root
    for key in ("/S", "/P", "/Pg", "/A", "/C", "/ID", "/Lang", "/Alt"):
        root.StructTreeRoot.K.K[1].K[0].K[0][key] = value
    root.StructTreeRoot.RoleMap = Dictionary(X=value)
    root.StructTreeRoot.ClassMap = Dictionary(X=value)
    root.StructTreeRoot.ParentTree = Dictionary(Nums=[0, value, value, value], Kids=value)
    root.Outlines = Dictionary(First=value)
    root.OCProperties = Dictionary(D=value, Configs=value)
    root.AcroForm = Dictionary(XFA=value)
    root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=[value, value]))
    annotation = Dictionary(Subtype=value, Rect=value, F=value, A=value, Contents=value, FS=value)
    page.Annots = Array([annotation, value])
    font = Dictionary(Subtype=Name.TrueType, Encoding=value, ToUnicode=value, Widths=value)
    font.FontDescriptor = Dictionary(Flags=value, FontFile2=value)
    inner = Dictionary(Subtype=Name.CIDFontType2, W=value, CIDToGIDMap=value, CIDSystemInfo=value)
    wide = Dictionary(Subtype=Name.Type0, Encoding=value, ToUnicode=value, DescendantFonts=[inner])
    page.Resources = Dictionary(
        Font=Dictionary(F=font, G=wide, H=value), XObject=Dictionary(X=value), ExtGState=value
    )
    page.Contents = Stream(
        pdf,
        b"/F 9 Tf (a) Tj /G 9 Tf (ab) Tj /H 9 Tf [(a)] TJ Tj Tf 1 Tr Tr /X Do Do /Y gs gs BDC BMC "
        b"/P /Q BDC /P 7 BDC EMC EMC EMC EMC EMC Q Q q",
    )
    return pdf


@pytest.mark.parametrize(
    "value",
    [None, True, 7, 1.5, Name.X, "words", Array(), Array([1]), Dictionary(), Dictionary(K=1)],
)
def test_wrong_types_everywhere_end_well(value: Any) -> None:
    if value is not None:
        assert "notes" in find_pages(make_odd_pdf(value))


def test_circles_end_well() -> None:
    assert "fields_undescribed" in find_pages(make_circle())


def test_a_deep_tree_ends_well() -> None:
    assert "figure" in find_pages(chain(10_000))


def test_a_tree_is_read_up_to_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structure, "MAX_ELEMENTS", 50)
    pdf = make_crowd(60)
    # What the rest of the tree would say of the content is not known.
    assert "unmarked" not in find_pages(pdf)
    assert "untagged" not in find_pages(pdf)


def test_more_elements_than_there_is_time_for_end_well() -> None:
    assert find_pages(make_crowd(100_000), seconds=0.2) == {}


def test_what_is_found_before_the_time_is_over_is_kept() -> None:
    pdf = make_tagged(make_part("Figure", "x"))
    del pdf.Root.ViewerPreferences
    assert find_pages(pdf, seconds=-1).keys() == {"title_hidden"}


def test_a_look_that_fails_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(runner, "check_elements", fail)
    monkeypatch.setattr(runner, "check_tables", fail)
    assert "headings_skipped" in find_pages(
        make_tagged(make_part("H3", "x"), make_part("Figure", "x"))
    )


def test_a_page_too_large_to_be_read_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "MAX_CONTENT_BYTES", 10)
    pdf = make_tagged()
    pdf.pages[0].Contents = Stream(pdf, b"0 0 9 9 re f")
    assert "unmarked" not in find_pages(pdf)


def test_a_damaged_font_program_says_nothing() -> None:
    program = make_truetype(0, 500, 600)
    for end in range(0, len(program), 7):
        assert TrueType(program[:end]).get_width(1) in (None, 500.0)
        assert "font_missing" not in find_pages(with_font(program[:end]))


@pytest.mark.parametrize(
    "mapping",
    [
        b"beginbfchar <> <> endbfchar",
        b"beginbfchar <0001> endbfchar",
        b"beginbfrange <0000> <FFFFFFFFFFFFFFFF> <0041> endbfrange",
        b"beginbfrange <0001> <0002> [ endbfrange",
        b"beginbfrange <0001> endbfrange",
        b"/Other usecmap beginbfchar <0009> <0041> endbfchar",
    ],
)
def test_a_damaged_character_map_ends_well(mapping: bytes) -> None:
    find_pages(with_composite_font(ToUnicode=mapping))


def test_every_kind_of_finding_is_tried_and_explained() -> None:
    tried = test_checks.CASES.keys() | test_page_checks.CASES.keys() | {"locked", "no_text"}
    assert tried == FINDING_MESSAGES.keys()


@pytest.mark.parametrize("code", FINDING_MESSAGES)
def test_every_explanation_is_a_sentence_an_editor_can_act_on(code: str) -> None:
    kind = FINDING_MESSAGES[code]
    assert kind.level in (SERIOUS, FAULT, ADVICE)
    assert kind.clause.startswith(("PDF/UA-1 5", "PDF/UA-1 7", "WCAG 2.2 "))
    assert kind.title[0].isupper()
    assert not kind.title.endswith(".")
    assert kind.meaning.endswith(".")
    assert kind.what_to_do.endswith(".")


def test_findings_are_explained_what_matters_most_first() -> None:
    found = explain_findings(
        [
            {"code": "no_headings", "pages": []},
            {"code": "font_widths", "pages": [4]},
            {"code": "gone since", "pages": []},
            {"code": "figure", "pages": [3, 7, 12]},
            {"code": "tables", "pages": list(range(1, 12))},
        ]
    )
    assert [(one.title, one.pages, one.serious, one.advice) for one in found] == [
        ("Images have no description", "on pages 3, 7 and 12", True, False),
        (
            "Tables are not built correctly",
            "on pages 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and others",
            False,
            False,
        ),
        ("The letters of a font are not as wide as the file says", "on page 4", False, False),
        ("There are no headings", "", False, True),
    ]


def test_an_editor_reads_the_findings() -> None:
    template = "wagtaildocs/documents/findings.html"
    html = render_to_string(
        template, {"findings": explain_findings([{"code": "figure", "pages": [3]}])}
    )
    assert "Serious: Images have no description, on page 3" in html
    assert "PDF/UA-1 7.3" in html
    assert "The automatic check found no problems" in render_to_string(template, {"findings": []})


def test_nothing_is_found_in_the_documents_of_the_demonstration() -> None:
    findings = {path.stem: [*read_pdf(path).findings] for path in DEMO.glob("*.pdf")}
    assert len(findings) == 4
    assert not any(findings.values()), findings


def test_a_blank_file_is_told_to_be_untagged() -> None:
    assert find_pages(make_blank()).keys() == {"title_hidden", "title_missing", "not_tagged"}
