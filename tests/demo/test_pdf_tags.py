"""What the tags of Chromium's PDFs lack is added."""

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from bhp_site.demo.pdf_tags import add_list_body, describe_links, mark_artifacts


@pytest.mark.parametrize(
    "content, marked",
    [
        (b"0 0 9 9 re f", b"/Artifact BMC 0 0 9 9 re f EMC"),
        (b"0 0 m 9 9 l S", b"/Artifact BMC 0 0 m 9 9 l S EMC"),
        (b"0 0 9 9 re W n /I Do", b"0 0 9 9 re W n /Artifact BMC /I Do EMC"),
        (b"/P <</MCID 0>> BDC 0 0 9 9 re f EMC", b"/P <</MCID 0>> BDC 0 0 9 9 re f EMC"),
        (b"BT /F 9 Tf (a) Tj ET", b"BT /F 9 Tf /Artifact BMC (a) Tj EMC ET"),
        (
            b"/P <</MCID 0>> BDC /I Do EMC 0 0 9 9 re f",
            b"/P <</MCID 0>> BDC /I Do EMC /Artifact BMC 0 0 9 9 re f EMC",
        ),
    ],
)
def test_what_is_not_tagged_becomes_an_artifact(content: bytes, marked: bytes) -> None:
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    page.Contents = pdf.make_stream(content)
    mark_artifacts(pdf, page)
    expected = pikepdf.parse_content_stream(pdf.make_stream(marked))
    assert page.Contents.read_bytes() == pikepdf.unparse_content_stream(expected)


def test_the_text_of_a_list_item_becomes_its_body() -> None:
    pdf = pikepdf.new()
    page = pdf.add_blank_page().obj
    item = pdf.make_indirect(Dictionary(S=Name.LI, Pg=page))
    label, link = (pdf.make_indirect(Dictionary(S=kind, P=item)) for kind in (Name.Lbl, Name.Link))
    item.K = Array([label, 0, link])
    page.StructParents = 0
    parents = pikepdf.NumberTree.new(pdf)
    parents[0] = Array([item])
    pdf.Root.StructTreeRoot = Dictionary(ParentTree=parents.obj)
    add_list_body(pdf, item)
    body = item.K[1]
    assert [str(kid.S) for kid in item.K] == ["/Lbl", "/LBody"]
    assert list(body.K) == [0, link]
    assert link.P.objgen == parents[0][0].objgen == body.objgen
    assert label.P.objgen == item.objgen


def test_a_list_item_with_a_body_stays_as_it_is() -> None:
    pdf = pikepdf.new()
    body = pdf.make_indirect(Dictionary(S=Name.LBody))
    item = pdf.make_indirect(Dictionary(S=Name.LI, K=body))
    add_list_body(pdf, item)
    assert item.K.objgen == body.objgen


def test_links_within_the_document_are_described() -> None:
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    inner = Dictionary(Subtype=Name.Link, Dest=Name("/who"))
    outer = Dictionary(Subtype=Name.Link, A=Dictionary(S=Name.URI))
    page.obj.Annots = Array([inner, outer])
    describe_links(page, {"who": "Who we are 5"})
    assert str(page.obj.Annots[0].Contents) == "Who we are 5"
    assert "/Contents" not in page.obj.Annots[1]
