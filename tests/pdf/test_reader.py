"""Uploaded PDFs are read in a confined process: their facts, or a sentence an editor can act on."""

import json
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, Stream
from PIL import Image, ImageDraw

from bhp_site.pdf import preflight, sandbox
from bhp_site.pdf.errors import Unreadable
from bhp_site.pdf.facts import Finding, OutlineEntry, PdfFacts
from bhp_site.pdf.messages import REFUSAL_MESSAGES
from bhp_site.pdf.reader import read_pdf
from bhp_site.pdf.text.cleaning import clean_line

from .pdfs import make_blank, make_zip_bomb, report, with_attachment, write


def get_refusal(path: Path, **limits: Any) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_pdf(path, **limits)
    return caught.value


def test_a_report_gives_its_facts_and_its_cover(save: Callable[..., Path], tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    facts = read_pdf(save(report()), scratch=scratch)
    picture = Image.open(BytesIO(facts.cover_png or b""))
    assert picture.format == "PNG"
    assert picture.size == (1280, 1811)
    assert facts == PdfFacts(
        pages=3,
        title="Report of activity 2020",
        language="en-GB",
        is_tagged=True,
        has_text=True,
        encrypted=False,
        outline=(
            OutlineEntry("Beginning", 1, 1),
            OutlineEntry("Middle", 2, 2),
            OutlineEntry("Nowhere", None, 1),
        ),
        findings=facts.findings,
        cover_png=facts.cover_png,
    )
    assert Finding("title_hidden", ()) in facts.findings
    assert Finding("font_missing", (1, 2, 3)) in facts.findings
    assert not list(scratch.iterdir())


def test_a_blank_file_has_no_facts_and_no_cover(
    read_facts: Callable[..., Any], tmp_path: Path
) -> None:
    facts = read_facts(make_blank())
    assert facts == {
        "pages": 1,
        "title": "",
        "language": "",
        "is_tagged": False,
        "has_text": False,
        "encrypted": False,
        "outline": [],
        "findings": facts["findings"],
    }
    assert {"code": "not_tagged", "pages": []} in facts["findings"]
    assert not (tmp_path / "cover.png").exists()


def test_the_title_is_found_where_older_files_keep_it(read_facts: Callable[..., Any]) -> None:
    pdf = make_blank()
    pdf.docinfo["/Title"] = "A \x00title " + "x" * 300
    pdf.Root.Metadata = Stream(pdf, b"<not xml", Type=Name.Metadata, Subtype=Name.XML)
    title = read_facts(pdf)["title"]
    assert title.startswith("A title xxx")
    assert len(title) == 255


def test_bookmarks_lead_to_pages_and_the_better_title_wins(read_facts: Callable[..., Any]) -> None:
    facts = read_facts(report())
    assert facts["title"] == "Report of activity 2020"
    assert facts["outline"] == [("Beginning", 1, 1), ("Middle", 2, 2), ("Nowhere", None, 1)]


def test_a_mark_without_a_structure_is_not_tagged(read_facts: Callable[..., Any]) -> None:
    pdf = make_blank()
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.StructTreeRoot = Dictionary(K=Array([]))
    assert read_facts(pdf)["is_tagged"] is False


def test_text_is_found_behind_a_picture_on_the_first_page(read_facts: Callable[..., Any]) -> None:
    pdf = make_blank(4)
    write(pdf, 3, "Words")
    assert read_facts(pdf)["has_text"] is True


def test_a_file_that_only_restricts_editing_is_read(save: Callable[..., Path]) -> None:
    path = save(report(), encryption=pikepdf.Encryption(owner="secret", user=""))
    facts = read_pdf(path)
    assert facts.encrypted
    assert facts.title == "Report of activity 2020"


def test_a_damaged_file_that_can_be_repaired_is_read(save: Callable[..., Path]) -> None:
    path = save(report())
    path.write_bytes(b"\n" * 500 + path.read_bytes().replace(b"startxref", b"startnone"))
    assert read_pdf(path).pages == 3


@pytest.mark.parametrize(
    ("value", "tag"),
    [
        ("EN", "en"),
        ("en_us", "en-US"),
        ("pa-arab-pk", "pa-Arab-PK"),
        ("x-klingon", ""),
        ("English", ""),
        ("", ""),
        (None, ""),
        ("de-" + "a" * 30, ""),
    ],
)
def test_a_language_is_a_tag_or_nothing(value: str | None, tag: str) -> None:
    assert preflight.normalise_language(value) == tag


def test_titles_keep_their_spelling_and_lose_what_hides() -> None:
    assert clean_line(" a\r\n\u202eb\x00 \ud800می\u200cخواهم ", 50) == "a b می\u200cخواهم"


def test_a_page_number_alone_makes_no_cover() -> None:
    page = Image.new("RGB", (1280, 1811), "#fdfdfd")
    ImageDraw.Draw(page).rectangle((640, 1700, 650, 1715), "black")
    assert preflight.is_blank(page)
    ImageDraw.Draw(page).rectangle((200, 400, 900, 430), "black")
    assert not preflight.is_blank(page)


def test_a_page_that_takes_too_long_to_draw_makes_no_cover(save: Callable[..., Path]) -> None:
    pdf = make_blank()
    pdf.pages[0].Contents = Stream(pdf, b"9 w 0 0 m 595 842 l S\n" * 5000)
    with pypdfium2.PdfDocument(save(pdf)) as document:
        assert preflight.render_cover(document, float("inf")) is not None
        assert preflight.render_cover(document, 0) is None


def test_a_strip_of_a_page_makes_no_cover(save: Callable[..., Path]) -> None:
    pdf = Pdf.new()
    pdf.add_blank_page(page_size=(20, 14000))
    with pypdfium2.PdfDocument(save(pdf)) as document:
        assert preflight.render_cover(document, float("inf")) is None


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "upload.pdf"
    path.touch()
    assert get_refusal(path).reason == "empty"


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "upload.pdf"
    path.write_bytes(b"MZ" + b" " * 1024 + b"%PDF-1.7")
    assert get_refusal(path).reason == "not_pdf"


@pytest.mark.parametrize(
    ("before", "is_refused"),
    [
        (b"MZ\x90\x00", True),
        (b"\x7fELF", True),
        (b"#!/bin/sh\nexit\n", True),
        (b"PK\x03\x04", True),
        (b"<!DOCTYPE html><p>", True),
        (b"\n<ScRiPt>alert(1)</script>\n", True),
        (b"\xef\xbb\xbf", False),
        (b"\r\n\r\n", False),
        (b"\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n", False),
        (b"Content-Type: application/pdf\n\n", False),
    ],
)
def test_bytes_before_the_pdf_are_refused_if_they_form_another_format(
    save: Callable[..., Path], before: bytes, is_refused: bool
) -> None:
    path = save(make_blank())
    path.write_bytes(before + path.read_bytes())
    if is_refused:
        assert get_refusal(path).reason == "disguised"
    else:
        assert read_pdf(path).pages == 1


def test_too_large_a_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "upload.pdf"
    path.write_bytes(bytes(512 * 1024 + 1))
    assert "larger than 0.5 MB" in get_refusal(path, max_bytes=500_000).message


def test_too_many_pages_are_refused_with_their_number(save: Callable[..., Path]) -> None:
    assert "more than 1,000 pages" in get_refusal(save(make_blank(1001)), max_pages=1000).message


def test_an_attached_program_is_named(save: Callable[..., Path]) -> None:
    error = get_refusal(save(with_attachment("Setup.exe", b"")()))
    assert error.message.startswith("This PDF has a program attached, “Setup.exe”. Remove")


def test_a_bomb_is_refused(save: Callable[..., Path]) -> None:
    assert get_refusal(save(make_zip_bomb(270), compress_streams=False)).reason == "bomb"


def test_too_much_memory_is_refused(save: Callable[..., Path]) -> None:
    path = save(make_zip_bomb(200), compress_streams=False)
    assert get_refusal(path, memory_bytes=150 * 1024 * 1024).reason == "memory"


def test_too_much_time_is_refused(save: Callable[..., Path], tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    error = get_refusal(save(make_blank()), seconds=0.01, scratch=scratch)
    assert "took longer than 0.01 seconds" in error.message
    assert not list(scratch.iterdir())


def run_in_child(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let the child process run this instead of the reader."""
    monkeypatch.setattr(sandbox, "CHILD_PROGRAM", code)


GOOD = {
    "pages": 1,
    "title": "",
    "language": "",
    "is_tagged": False,
    "has_text": False,
    "encrypted": False,
    "outline": [],
    "findings": [],
}


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.abort()",
        "import os; os.kill(os.getpid(), 11)",
        "raise RuntimeError",
        "print('[' * 100_000)",
        "print('[1]')",
        "pass",
        "print('{}')",
        'print(\'{"refused": ["time"]}\')',
        f"print({json.dumps(GOOD | {'pages': 0})!r})",
        f"print({json.dumps(GOOD | {'title': 7})!r})",
        f"print({json.dumps(GOOD | {'outline': [['a']]})!r})",
        f"print({json.dumps(GOOD | {'findings': None})!r})",
        f"print({json.dumps(GOOD | {'findings': [{'code': 'figure'}]})!r})",
        f"print({json.dumps(GOOD | {'findings': [{'code': '<b>', 'pages': []}]})!r})",
        f"print({json.dumps(GOOD | {'findings': [{'code': 'figure', 'pages': ['x']}]})!r})",
        f"print({json.dumps(GOOD | {'findings': [{'code': [], 'pages': []}]})!r})",
        f"print({json.dumps(GOOD)!r}); raise SystemExit(3)",
    ],
)
def test_whatever_becomes_of_the_reader_the_editor_gets_a_sentence(
    save: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    path = save(make_blank())
    run_in_child(monkeypatch, code)
    assert get_refusal(path).reason == "crash"


def count_runs(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_reader_that_hangs_is_ended_with_what_it_started(
    save: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    note = tmp_path / "pids"
    run_in_child(
        monkeypatch,
        "import os, pathlib, subprocess, time; other = subprocess.Popen(['sleep', '60']); "
        f"pathlib.Path({str(note)!r}).write_text(f'{{os.getpid()}} {{other.pid}}'); time.sleep(60)",
    )
    assert get_refusal(save(make_blank()), seconds=3).reason == "time"
    # A killed process is gone once it has been given the processor for the last time.
    deadline = time.monotonic() + 10
    while any(map(count_runs, note.read_text().split())):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_reader_out_of_processor_time_is_told_so(
    save: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_in_child(monkeypatch, "import os; os.kill(os.getpid(), 9)")
    assert get_refusal(save(make_blank())).reason == "time"


def test_the_reader_learns_nothing_of_the_sites_secrets(
    save: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "not for a parser")
    run_in_child(
        monkeypatch,
        f"import json, os; print(json.dumps({GOOD!r} | {{'title': ' '.join(os.environ)}}))",
    )
    assert set(read_pdf(save(make_blank())).title.split()) <= {"LC_ALL", "LD_LIBRARY_PATH"}


def test_a_cover_that_is_no_picture_is_dropped(
    save: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_in_child(
        monkeypatch, f"open('cover.png', 'w').write('<html>'); print({json.dumps(GOOD)!r})"
    )
    assert read_pdf(save(make_blank())).cover_png is None


def test_the_reader_is_confined_before_it_opens_a_file(
    save: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    look = (
        "import json, resource, sys; sys.path.append(sys.argv[1]); "
        "from bhp_site.pdf.worker import limit_process; limit_process(2.5, 2**29); "
        "limits = [resource.getrlimit(getattr(resource, 'RLIMIT_' + name))[1] "
        "for name in ('AS', 'CPU', 'CORE', 'NPROC')]; "
        f"print(json.dumps({GOOD!r} | {{'title': str(limits)}}))"
    )
    run_in_child(monkeypatch, look)
    assert read_pdf(save(make_blank())).title == str([2**29, 3, 0, 0])


@pytest.mark.parametrize("reason", REFUSAL_MESSAGES)
def test_every_sentence_says_what_is_wrong_and_the_way_out(reason: str) -> None:
    values = {"max_mb": "100", "max_pages": 2000, "seconds": 10.0}
    sentence = Unreadable(reason, **values).message
    assert "{" not in sentence
    assert sentence.endswith(".")
    assert any(way in sentence for way in ("xport", "Remove", "Divide"))


@pytest.mark.parametrize("sign", ["\r", "\n", "\r\n", "\x0b", "\x0c", "\x85", "\x8d", "\u2028"])
def test_a_line_break_in_a_bookmark_or_title_parts_words(
    read_facts: Callable[..., dict[str, Any]], sign: str
) -> None:
    pdf = make_blank()
    pdf.docinfo["/Title"] = f"Report{sign}of"
    with pdf.open_outline() as outline:
        outline.root.append(OutlineItem(f"Report{sign}of", 0))
    facts = read_facts(pdf)
    assert facts["outline"] == [("Report of", 1, 1)]
    assert facts["title"] == "Report of"
