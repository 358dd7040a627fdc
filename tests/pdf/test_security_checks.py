"""What a PDF must not contain to be offered, asked of the reader in this process."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from pikepdf import Dictionary, Name, Pdf

from bhp_site.pdf import preflight
from bhp_site.pdf.checks import security_checks
from bhp_site.pdf.checks.security_checks import get_error_reason
from bhp_site.pdf.drafting import process
from bhp_site.pdf.errors import Unreadable
from bhp_site.pdf.messages import REFUSAL_MESSAGES
from bhp_site.pdf.worker import build_answer

from .pdfs import (
    make_blank,
    report,
    with_annotation,
    with_attachment,
    with_hidden_name,
    with_root,
    with_xfa,
)


def with_external_stream(target: str) -> Callable[[], Pdf]:
    """Return a function that makes a PDF with a stream whose data is in another file."""

    def make() -> Pdf:
        pdf = make_blank()
        pdf.Root.Extra = pdf.make_stream(b"", F=pikepdf.String(target))
        return pdf

    return make


SCRIPT = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (with_root(OpenAction=SCRIPT), "javascript"),
        (with_root(AA=Dictionary(WC=SCRIPT)), "javascript"),
        (with_root(Names=Dictionary(JavaScript=Dictionary(Names=["a", SCRIPT]))), "javascript"),
        (with_root(OpenAction=Dictionary(S=Name.GoTo, Next=[SCRIPT])), "javascript"),
        (
            with_root(AcroForm=Dictionary(Fields=[Dictionary(AA=Dictionary(K=SCRIPT))])),
            "javascript",
        ),
        (with_annotation(A=Dictionary(S=Name.Rendition, JS="1")), "javascript"),
        (with_annotation(A=Dictionary(S=Name.URI, URI="JavaScript:alert(1)")), "javascript"),
        (with_xfa(b'<form><script contentType="application/x-javascript"/></form>'), "javascript"),
        (with_annotation(A=Dictionary(S=Name.Launch, F="a.exe")), "launch"),
        (with_hidden_name, "launch"),
        (with_annotation(A=Dictionary(S=Name.SubmitForm, F="https://example.org")), "submit"),
        (with_xfa(b'<form><submit target="https://example.org"/></form>'), "submit"),
        (with_annotation(A=Dictionary(S=Name.ImportData, F="a.fdf")), "import"),
        *(
            (with_annotation(A=Dictionary(S=kind, F=target)), "remote")
            for kind, target in (
                (Name.GoToR, "\\\\server\\share\\annex.pdf"),
                (Name.GoToR, "//server/share/annex.pdf"),
                (Name.GoToR, "/server/share/annex.pdf"),
                (Name.GoToR, "https://example.org/annex.pdf"),
                (Name.GoToR, Dictionary(Type=Name.Filespec, UF="file://server/a.pdf")),
                (Name.GoToR, Dictionary(FS=Name.URL, F="example.org/annex.pdf")),
                (Name.GoToE, "\\\\server\\share\\annex.pdf"),
                (Name.Thread, "//server/share/annex.pdf"),
            )
        ),
        (with_root(OpenAction=Dictionary(S=Name.GoToR, F="//server/a.pdf")), "remote"),
        (with_external_stream("//server/share/data"), "remote"),
        (with_attachment("Setup.EXE ", b"anything"), "program"),
        (with_attachment("notes.txt", b"MZ\x90\x00"), "program"),
        (with_attachment("notes.txt", b"#!/bin/sh\n", annotated=True), "program"),
        (lambda: make_blank(11), "pages"),
    ],
)
def test_what_must_not_be_offered_is_refused(
    read_facts: Callable[..., Any], make: Callable[[], Pdf], reason: str
) -> None:
    assert read_facts(make())["refused"] == reason


@pytest.mark.parametrize(
    "make",
    [
        with_attachment("figures.csv", b"year,count\n2020,7\n"),
        with_annotation(A=Dictionary(S=Name.URI, URI="https://example.org/javascript:")),
        with_annotation(Contents="About /JavaScript and /Launch"),
        with_annotation(A=Dictionary(S=Name.GoToR, F="annex.pdf")),
        with_annotation(A=Dictionary(S=Name.GoToR, F="../annex/a.pdf")),
        with_annotation(A=Dictionary(S=Name.GoToR, F=Dictionary(F="/C/reports/annex.pdf"))),
        with_annotation(A=Dictionary(S=Name.GoToE, T=Dictionary(R=Name.C, N="annex.pdf"))),
        with_root(StructTreeRoot=Dictionary(K=Dictionary(Type=Name.StructElem, S=Name.Launch))),
        with_xfa(b'<form><script contentType="application/x-formcalc"/></form>'),
    ],
)
def test_what_only_looks_like_it_is_accepted(
    read_facts: Callable[..., Any], make: Callable[[], Pdf]
) -> None:
    assert read_facts(make())["pages"] == 1


def test_pages_are_counted_whatever_the_file_claims(read_facts: Callable[..., Any]) -> None:
    pdf = make_blank(11)
    pdf.Root.Pages.Count = 1
    assert read_facts(pdf)["refused"] == "pages"


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7\nnothing that follows is one",
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>endobj\ntrailer<</Root 1 0 R>>",
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>",
    ],
)
def test_a_file_damaged_beyond_repair_is_refused(
    read_facts: Callable[..., Any], body: bytes
) -> None:
    assert read_facts(body)["refused"] == "damaged"


def test_a_file_cut_off_before_its_pages_is_refused(
    read_facts: Callable[..., Any], save: Callable[..., Path]
) -> None:
    assert read_facts(save(report()).read_bytes()[:300])["refused"] == "damaged"


def test_a_number_of_its_own_in_a_file_is_no_matter(read_facts: Callable[..., Any]) -> None:
    body = (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/X 4 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n4 0 obj\n7\nendobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\ntrailer<</Root 1 0 R>>"
    )
    assert read_facts(body)["pages"] == 1


def test_a_password_is_refused(read_facts: Callable[..., Any], save: Callable[..., Path]) -> None:
    path = save(make_blank(), encryption=pikepdf.Encryption(owner="secret", user="secret"))
    assert read_facts(path.read_bytes())["refused"] == "password"


def test_a_file_locked_for_a_certificate_is_refused(read_facts: Callable[..., Any]) -> None:
    body = (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\n"
        b"trailer<</Root 1 0 R/ID[(a)(a)]/Encrypt<</Filter/Adobe.PubSec/V 4>>>>"
    )
    assert read_facts(body)["refused"] == "password"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("object 3 0: PL_Flate memory limit exceeded", "bomb"),
        ("object 3 0: std::bad_alloc", "memory"),
        ("anything else", "damaged"),
    ],
)
def test_errors_of_the_parser_have_a_reason(words: str, reason: str) -> None:
    assert get_error_reason(pikepdf.PdfError(words)) == reason


def test_more_objects_than_memory_holds_are_refused(
    read_facts: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(security_checks, "MAX_OBJECTS", 3)
    assert read_facts(report())["refused"] == "memory"


@pytest.mark.parametrize(
    ("code", "reason"), [(pdfium.FPDF_ERR_PASSWORD, "password"), (None, "damaged")]
)
def test_a_file_that_cannot_be_drawn_is_refused(
    read_facts: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, code: int | None, reason: str
) -> None:
    def fail(path: Path) -> None:
        raise pypdfium2.PdfiumError("no", err_code=code)

    monkeypatch.setattr(pypdfium2, "PdfDocument", fail)
    assert read_facts(report())["refused"] == reason


def test_pages_that_cannot_be_loaded_cost_text_and_cover_only(
    read_facts: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(document: Any, index: int) -> None:
        raise pypdfium2.PdfiumError("no")

    monkeypatch.setattr(pypdfium2.PdfDocument, "__getitem__", fail)
    facts = read_facts(report())
    assert facts["pages"] == 3
    assert facts["has_text"] is False
    assert not (tmp_path / "cover.png").exists()


@pytest.mark.parametrize(
    ("error", "reason"), [(MemoryError(), "memory"), (RecursionError(), "damaged")]
)
def test_no_error_escapes_the_reader(
    read_facts: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str
) -> None:
    def fail(pdf: Pdf) -> str:
        raise error

    monkeypatch.setattr(preflight, "read_title", fail)
    assert read_facts(report())["refused"] == reason


def make_sparse(number: int) -> bytes:
    """A sound PDF of one page whose objects have numbers that are far apart."""
    objects = {
        1: f"<</Type/Catalog/Pages {number} 0 R>>",
        number: f"<</Type/Pages/Kids[{number + 5} 0 R]/Count 1>>",
        number + 5: f"<</Type/Page/Parent {number} 0 R/MediaBox[0 0 200 200]>>",
    }
    made, table = "%PDF-1.4\n", "xref\n0 1\n0000000000 65535 f \n"
    for key, value in objects.items():
        table += f"{key} 1\n{len(made):010d} 00000 n \n"
        made += f"{key} 0 obj\n{value}\nendobj\n"
    trailer = f"trailer<</Size {number + 6}/Root 1 0 R>>\nstartxref\n{len(made)}\n%%EOF"
    return (made + table + trailer).encode()


def test_a_file_that_others_can_show_is_not_called_damaged(
    read_facts: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "upload.pdf"
    assert read_facts(make_sparse(700_000)) == {"refused": "unusual", "detail": ""}
    drafted = build_answer(process.draft, path=str(path), folder="", max_pages=9, seconds=20)
    assert drafted == {"refused": "unusual", "detail": ""}
    assert "damaged" not in REFUSAL_MESSAGES["unusual"]


def test_a_file_without_pages_says_so(read_facts: Callable[..., Any]) -> None:
    assert read_facts(make_blank(0))["refused"] == "no_pages"
    with pytest.raises(Unreadable, match="This PDF has no pages"):
        raise Unreadable("no_pages")
