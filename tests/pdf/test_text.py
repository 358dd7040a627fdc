"""The text of a document is extracted page by page, whatever format or state it is in."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from bhp_site.pdf import sandbox
from bhp_site.pdf.errors import Unreadable
from bhp_site.pdf.facts import DocumentText
from bhp_site.pdf.reader import read_text
from bhp_site.pdf.text.cleaning import normalise_text
from bhp_site.pdf.text.extraction import extract_pages

from ..files.packages import build_package
from .pdfs import as_bytes, report

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
T = 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'


@pytest.mark.parametrize(
    "read, words",
    [
        ("re\ufffe\nsearch", "research"),
        ("re\x02\r\nsearch", "research"),
        ("re\xadsearch", "research"),
        ("re-\r\nsearch", "research"),
        ("re-\n  search goes on", "research goes on"),
        ("NHS-\nEngland", "NHS-England"),
        ("NHS\ufffeEngland", "NHS-England"),
        ("ffer\u00adm Łó-\ndź ac ôl-\nŵyl", "fferm Łódź ac ôlŵyl"),
        ("2020-\n2022", "2020- 2022"),
        ("this -\nand that", "this - and that"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("ＮＨＳ", "ＮＨＳ"),
        ("well-known", "well-known"),
        ("ﬁnancial oﬃce", "financial office"),
        ("cafe\u0301", "café"),
        ("don’t", "don’t"),
        ("a\x00b\x07\ud800\ue000c\ufeff", "abc"),
        (" many \t\n words ", "many words"),
    ],
)
def test_what_breaks_words_is_mended(read: str, words: str) -> None:
    assert normalise_text(read) == words


@pytest.mark.parametrize(
    "name, data, words",
    [
        (
            "a.docx",
            build_package(
                **{
                    "word/document.xml": f"<w:d {W}><w:p><w:t>Health</w:t><w:t>care</w:t></w:p>"
                    "<w:p><w:t>for all</w:t></w:p></w:d>".encode()
                }
            ),
            "Healthcare for all",
        ),
        (
            "a.odt",
            build_package(
                **{
                    "content.xml": f"<d {T}><text:h>Care</text:h><text:p>for "
                    "<text:span>all</text:span></text:p></d>".encode()
                }
            ),
            "Care for all",
        ),
        (
            "a.xlsx",
            build_package(
                **{
                    "xl/workbook.xml": b"<w/>",
                    "xl/sharedStrings.xml": b"<s xmlns='x'><si>One</si><si>Two</si></s>",
                }
            ),
            "One Two",
        ),
        ("a.csv", "Trust,Beds\nQueen’s,12\n".encode(), "Trust,Beds Queen’s,12"),
    ],
)
def test_other_formats_are_one_page(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert read_text(path, path.suffix) == DocumentText({1: words}, True)


@pytest.mark.parametrize(
    "name, part, xml",
    [
        (
            "a.docx",
            "word/document.xml",
            f"<w:d {W}><w:p><w:r><w:t>Seen</w:t></w:r><w:del><w:r><w:delText>struck out</w:delText>"
            "</w:r></w:del><w:instrText>PAGE</w:instrText><w:r><w:t> too</w:t></w:r></w:p></w:d>",
        ),
        (
            "a.odt",
            "content.xml",
            f"<d {T} xmlns:o='o'><text:tracked-changes><text:p>struck out</text:p>"
            "</text:tracked-changes><text:p>Seen<o:annotation><text:p>a remark</text:p>"
            "</o:annotation> too</text:p></d>",
        ),
    ],
)
def test_what_readers_do_not_see_is_not_read(
    tmp_path: Path, name: str, part: str, xml: str
) -> None:
    path = tmp_path / name
    path.write_bytes(build_package(**{part: xml.encode()}))
    assert read_text(path, path.suffix).pages == {1: "Seen too"}


def test_deep_nesting_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.odt"
    deep = "<p>" * 3000 + "Deep" + "</p>" * 3000
    path.write_bytes(build_package(**{"content.xml": f"<d>{deep}</d>".encode()}))
    assert read_text(path, ".odt").pages == {1: "Deep"}


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".ods"])
def test_what_is_no_such_file_is_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"%PDF nothing")
    with pytest.raises(Unreadable) as caught:
        read_text(path, suffix)
    assert caught.value.reason == "damaged"


def test_entities_that_unfold_without_end_are_refused(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 20 if n else "ha"}">' for n in range(12))
    bomb = f"<!DOCTYPE d [{entities}]><d>&e11;</d>"
    path = tmp_path / "a.odt"
    path.write_bytes(build_package(**{"content.xml": bomb.encode()}))
    with pytest.raises(Unreadable):
        read_text(path, ".odt", seconds=5)


def test_a_file_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(as_bytes(report()))
    with pytest.raises(Unreadable) as caught:
        read_text(path, ".pdf", seconds=0.01)
    assert caught.value.reason == "time"


def test_what_is_read_in_time_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(as_bytes(report()))
    read = extract_pages(str(path), ".pdf", time.monotonic() - 1)
    assert (read["pages"], read["is_complete"]) == ({}, False)


@pytest.mark.parametrize(
    "said",
    [
        {"pages": {"1": "a\0b"}, "is_complete": True, "outline": []},
        {"pages": {"1": "\ud800"}, "is_complete": True, "outline": []},
        {"pages": {"0": "a"}, "is_complete": True, "outline": []},
        {"pages": {"99999999999": "a"}, "is_complete": True, "outline": []},
        {"pages": {"one": "a"}, "is_complete": True, "outline": []},
        {"pages": {"1": 7}, "is_complete": True, "outline": []},
        {"pages": ["a"], "is_complete": True, "outline": []},
        {"is_complete": True, "outline": []},
    ],
)
def test_an_answer_that_no_database_keeps_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: Any
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a")
    monkeypatch.setattr(sandbox, "CHILD_PROGRAM", f"print({json.dumps(said)!r})")
    with pytest.raises(Unreadable) as caught:
        read_text(path, ".csv")
    assert caught.value.reason == "crash"
