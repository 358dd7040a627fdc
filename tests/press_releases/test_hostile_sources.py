"""What cannot be a press release is refused with a sentence, in bounded time."""

import io
import time
import zipfile
from collections.abc import Callable

import pytest

from bhp_site.press_releases.reading.parser import propose
from bhp_site.press_releases.reading.sources import (
    SourceRefused,
    make_source,
    read_docx,
    read_source,
)

from .corpus import RELEASES, get_speeches

DOCX = (RELEASES / "development" / "13-word-document.docx").read_bytes()
MAX_SECONDS = 10
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def replace_parts(parts: dict[str, bytes]) -> bytes:
    """Return the Word document with other bytes in these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(DOCX)) as source, zipfile.ZipFile(out, "w") as target:
        for entry in source.namelist():
            if entry not in parts:
                target.writestr(entry, source.read(entry))
        for name, content in parts.items():
            target.writestr(name, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def replace_part(name: str, content: bytes) -> bytes:
    return replace_parts({name: content})


def wrap(body: str) -> bytes:
    return f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'.encode()


def nest(depth: int) -> bytes:
    table = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    return wrap(table[0] * depth + "<w:p/>" + table[1] * depth)


ENTITIES = (
    b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">'
    b'<!ENTITY x SYSTEM "file:///etc/hostname">]>'
)
PARAGRAPH = "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>"
DOCUMENT = "word/document.xml"
REFUSED: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "no archive": lambda: b"PK\x03\x04 but no more",
    "an archive of something else": lambda: replace_part("mimetype", b"x")[:200],
    "half an archive": lambda: DOCX[: len(DOCX) // 2],
    "entities": lambda: replace_part(DOCUMENT, ENTITIES + wrap(PARAGRAPH)),
    "UTF-16": lambda: replace_part(DOCUMENT, wrap("<w:p/>").decode().encode("utf-16")),
    "no XML": lambda: replace_part(DOCUMENT, b"\xff\xfe<<<"),
    "another root": lambda: replace_part(DOCUMENT, b"<a/>"),
    "a large part": lambda: replace_part(DOCUMENT, wrap(" " * 20_000_000)),
    "many tags": lambda: replace_part(DOCUMENT, wrap("<w:p/>" * 200_000)),
    "deep nesting": lambda: replace_part(DOCUMENT, nest(5_000)),
    "a macro": lambda: replace_part("word/vbaProject.bin", b"x"),
    "a program": lambda: replace_part("word/embeddings/a.exe", b"MZ" + bytes(100)),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_document_that_cannot_be_read_is_refused(name: str) -> None:
    data = REFUSED[name]()
    started = time.process_time()
    with pytest.raises(SourceRefused) as refusal:
        read_docx(data)
    assert str(refusal.value).endswith(".")
    assert time.process_time() - started < MAX_SECONDS


def test_a_document_reads_nothing_that_it_refers_to(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("mammoth.docx.files.urlopen", opened.append)
    drawing = (
        '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/'
        '2006/wordprocessingDrawing"><a:graphic xmlns:a="http://schemas.openxmlformats.org/'
        'drawingml/2006/main"><a:graphicData><pic:pic xmlns:pic="http://schemas.openxmlformats.org'
        '/drawingml/2006/picture"><pic:blipFill><a:blip xmlns:r="http://schemas.openxmlformats.org'
        '/officeDocument/2006/relationships" r:link="rId9"/></pic:blipFill></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    text = "<w:p><w:r><w:t>A title</w:t></w:r></w:p>"
    relation = (
        b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/'
        b'2006/relationships"><Relationship Id="rId9" TargetMode="External" Type="http://schemas.'
        b'openxmlformats.org/officeDocument/2006/relationships/image" '
        b'Target="http://192.0.2.1/a.png"/></Relationships>'
    )
    parts = {DOCUMENT: wrap(text + drawing), "word/_rels/document.xml.rels": relation}
    assert "A title" in read_docx(replace_parts(parts)).content
    assert opened == []


LONG: dict[str, str] = {
    "text": "word " * 50_000,
    "lines": "a line\n\n" * 5_000,
    "tags": "<p>" * 120_000,
    "characters of HTML": "<p>" + "a" * 3_000_000,
}


@pytest.mark.parametrize("name", LONG)
def test_a_text_that_is_too_long_is_refused(name: str) -> None:
    with pytest.raises(SourceRefused, match="too long"):
        read_source(make_source(LONG[name]))


def test_html_that_no_parser_reads_is_refused() -> None:
    with pytest.raises(SourceRefused, match="plain text"):
        read_source(make_source("", "<p>A title</p><![foo[ x"))


SLOW = {
    "marks": "“‘" * 4_000,
    "apostrophes": "s' " * 9_000,
    "one line of names": "Dr Ada Example, " * 6_000,
    "capitals": "A" * 90_000,
    "names without end": "Ada " * 20_000,
    "verbs": "said " * 18_000,
    "colons": "said: “" * 11_000,
    "dates": "1 January 2020 to " * 5_000,
    "spaces": "Download" + " " * 80_000 + "x",
    "brackets": "(" * 90_000,
    "dashes": "-" * 90_000 + "x",
    "many quotations": 'Ada Example, chair, said: "We begin."\n\n' * 1_200,
    "many names": "Ada Example, chair\n\n“We begin here today.”\n\n" * 600,
    "sizes": "1" * 80_000 + " MB",
    "contact": "For " + "more " * 19_000,
    "almost a heading": "About " + "A " * 40_000,
}


@pytest.mark.parametrize("name", SLOW)
def test_no_text_takes_long(name: str) -> None:
    started = time.process_time()
    text = f"A title\n\nIt has happened.\n\n{SLOW[name]}"
    propose(read_source(make_source(text)))
    propose(read_source(make_source(SLOW[name][:300] + "\n\n" + SLOW[name][:350])))
    assert time.process_time() - started < MAX_SECONDS


def test_deep_html_is_read_as_text() -> None:
    html = "<p>A title</p>" + "<div>" * 3_000 + "It has happened." + "</div>" * 3_000
    assert propose(read_source(make_source("", html))).title == "A title"


@pytest.mark.parametrize("text", ["", "\0", " \n ", "​", "“", "”", "'", "ENDS", "<p>", "1.", "•"])
def test_nearly_nothing_is_read_as_nearly_nothing(text: str) -> None:
    proposal = propose(read_source(make_source(text)))
    assert proposal.summary == ""
    assert get_speeches(proposal) == []
