"""The text of files: page by page, in words that can be looked for; never in a file's way."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client
from pikepdf import Pdf

from bhp_site.files import page_text, reading
from bhp_site.files.models import SiteDocument
from bhp_site.files.page_text import (
    Extraction,
    enqueue_unread_versions,
    extract_page_text,
    extract_text,
    get_unread_versions,
)
from bhp_site.files.reading import Texts, Unreadable, read_pdf, read_texts
from bhp_site.pdf import text_reader
from bhp_site.tasks import heartbeat

from ..factories import SiteDocumentFactory
from ..running_tasks import run_tasks
from .packages import package
from .pdfs import as_bytes, blank, report, write

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
T = 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'


def paged(*pages: str) -> Pdf:
    pdf = blank(len(pages))
    for number, words in enumerate(pages):
        if words:
            write(pdf, number, words)
    return pdf


def document(pdf: Pdf, **values: Any) -> SiteDocument:
    made: SiteDocument = SiteDocumentFactory(
        file=ContentFile(as_bytes(pdf), name="upload.pdf"), **values
    )
    return made


def of(document: SiteDocument) -> dict[int, str]:
    return dict(document.versions.first().texts.values_list("number", "text"))  # type: ignore[union-attr]


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
    assert text_reader.tidy(read) == words


def test_each_page_has_its_own_text(db: None) -> None:
    assert of(document(paged("First page", "", "Third page"))) == {1: "First page", 3: "Third page"}


@pytest.mark.parametrize(
    "name, data, words",
    [
        (
            "a.docx",
            package(
                **{
                    "word/document.xml": f"<w:d {W}><w:p><w:t>Health</w:t><w:t>care</w:t></w:p>"
                    "<w:p><w:t>for all</w:t></w:p></w:d>".encode()
                }
            ),
            "Healthcare for all",
        ),
        (
            "a.odt",
            package(
                **{
                    "content.xml": f"<d {T}><text:h>Care</text:h><text:p>for "
                    "<text:span>all</text:span></text:p></d>".encode()
                }
            ),
            "Care for all",
        ),
        (
            "a.xlsx",
            package(
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
    assert read_texts(path, path.suffix) == Texts({1: words}, True)


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
    path.write_bytes(package(**{part: xml.encode()}))
    assert read_texts(path, path.suffix).pages == {1: "Seen too"}


def test_deep_nesting_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.odt"
    deep = "<p>" * 3000 + "Deep" + "</p>" * 3000
    path.write_bytes(package(**{"content.xml": f"<d>{deep}</d>".encode()}))
    assert read_texts(path, ".odt").pages == {1: "Deep"}


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".ods"])
def test_what_is_no_such_file_is_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"%PDF nothing")
    with pytest.raises(Unreadable) as caught:
        read_texts(path, suffix)
    assert caught.value.reason == "damaged"


def test_entities_that_unfold_without_end_are_refused(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 20 if n else "ha"}">' for n in range(12))
    bomb = f"<!DOCTYPE d [{entities}]><d>&e11;</d>"
    path = tmp_path / "a.odt"
    path.write_bytes(package(**{"content.xml": bomb.encode()}))
    with pytest.raises(Unreadable):
        read_texts(path, ".odt", seconds=5)


def test_a_file_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(as_bytes(report()))
    with pytest.raises(Unreadable) as caught:
        read_texts(path, ".pdf", seconds=0.01)
    assert caught.value.reason == "time"


def test_what_is_read_in_time_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(as_bytes(report()))
    read = text_reader.texts(str(path), ".pdf", time.monotonic() - 1)
    assert (read["texts"], read["whole"]) == ({}, False)


@pytest.mark.parametrize(
    "said",
    [
        {"texts": {"1": "a\0b"}, "whole": True},
        {"texts": {"1": "\ud800"}, "whole": True},
        {"texts": {"0": "a"}, "whole": True},
        {"texts": {"99999999999": "a"}, "whole": True},
        {"texts": {"one": "a"}, "whole": True},
        {"texts": {"1": 7}, "whole": True},
        {"texts": ["a"], "whole": True},
        {"whole": True},
    ],
)
def test_an_answer_that_no_database_keeps_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: Any
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a")
    monkeypatch.setattr(reading, "START", f"print({json.dumps(said)!r})")
    with pytest.raises(Unreadable) as caught:
        read_texts(path, ".csv")
    assert caught.value.reason == "crash"


def test_a_file_whose_text_takes_too_long_is_taken_without(
    db: None, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def read(path: Path, with_texts: bool = False, **limits: Any) -> Any:
        if with_texts:
            raise Unreadable("time", seconds=10)
        return read_pdf(path, **limits)

    monkeypatch.setattr("bhp_site.files.models.read_pdf", read)
    with django_capture_on_commit_callbacks(execute=True):
        made = document(paged("Words"))
    assert of(made) == {1: "Words"}


@pytest.mark.parametrize("reason", reading.SENTENCES)
def test_every_sentence_can_be_kept(reason: str) -> None:
    values = {"max_mb": "100", "max_pages": 2000, "seconds": 60.0, "named": ""}
    longest = Extraction._meta.get_field("reason").max_length
    assert len(Unreadable(reason, **values).sentence) <= longest
    assert len(page_text.UNREADABLE) <= longest


def test_what_is_withdrawn_while_it_is_read_is_not_kept(
    db: None, admin: Any, worker_alive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = document(paged("Secret words"))

    def read(*args: Any, **kwargs: Any) -> Texts:
        made.versions.get().withdraw("A name.", admin)
        return Texts({1: "Secret words"}, True)

    monkeypatch.setattr(page_text, "read_texts", read)
    assert run_tasks(extract_page_text) == 1
    assert of(made) == {}


def test_one_that_fails_does_not_keep_the_others_waiting(
    db: None, worker_alive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, last = document(paged("First")), document(paged("Last"))
    keep = page_text.store_texts

    def fail(version: Any, read: Texts) -> Extraction:
        if version.document_id == last.pk:
            raise ValueError
        return keep(version, read)

    monkeypatch.setattr(page_text, "store_texts", fail)
    assert run_tasks(extract_page_text) == 2
    assert of(first) == {1: "First"}
    assert last.versions.get().extraction.reason == page_text.UNEXPECTED


def test_a_damaged_table_is_not_called_a_pdf(
    db: None, worker_alive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = SiteDocumentFactory(file=ContentFile(b"Trust,Beds\n", name="beds.csv"))

    def fail(*args: Any, **kwargs: Any) -> Texts:
        raise Unreadable("memory")

    monkeypatch.setattr(page_text, "read_texts", fail)
    assert extract_text(made.versions.get()).reason == page_text.UNREADABLE


def test_a_long_file_is_cut_and_its_editor_told(
    db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(as_bytes(paged("Some words", "More words", "Last words")))
    monkeypatch.setattr(text_reader, "MOST_OF_FILE", 14)
    read = text_reader.texts(str(path), ".pdf", time.monotonic() + 5)
    assert (read["texts"], read["whole"]) == ({1: "Some words", 2: "More"}, False)
    version = document(report()).versions.get()
    extraction = page_text.store_texts(version, Texts(read["texts"], False))
    assert extraction.reason == "It is so long that only a part of its text is searched."
    monkeypatch.undo()
    assert text_reader.texts(str(path), ".pdf", time.monotonic() + 5)["whole"]
    monkeypatch.setattr(text_reader, "MOST_OF_PAGE", 9)
    pages = {1: "Some word", 2: "More word", 3: "Last word"}
    read = text_reader.texts(str(path), ".pdf", time.monotonic() + 5)
    assert (read["texts"], read["whole"]) == (pages, False)


def test_where_a_worker_runs_the_text_comes_later(db: None, worker_alive: None) -> None:
    made = document(paged("Later"))
    assert of(made) == {}
    assert [*get_unread_versions()] == [made.versions.get()]
    assert run_tasks(extract_page_text) == 1
    assert of(made) == {1: "Later"}
    assert not get_unread_versions().exists()


def test_a_worker_that_is_gone_is_not_waited_for(db: None, worker_alive: None) -> None:
    long_ago = time.time() - 2 * heartbeat.STOPPED_AFTER_SECONDS
    os.utime(heartbeat.worker_heartbeat.path, (long_ago, long_ago))
    assert of(document(paged("Now"))) == {1: "Now"}


def test_other_formats_are_read_after_the_upload(
    db: None, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = SiteDocumentFactory(file=ContentFile(b"Trust,Beds\n", name="beds.csv"))
    assert of(made) == {1: "Trust,Beds"}


def test_a_new_version_has_its_own_text(db: None) -> None:
    made = document(paged("Old words"))
    made.file = ContentFile(as_bytes(paged("New words")), name="new.pdf")
    made.save()
    assert of(made) == {1: "New words"}


def test_a_withdrawn_version_has_none(db: None, admin: Any) -> None:
    made = document(paged("Secret words"))
    made.versions.get().withdraw("A name.", admin)
    assert of(made) == {}
    assert not get_unread_versions().exists()


def test_files_from_before_get_their_bookmarks(db: None) -> None:
    made = document(report())
    SiteDocument.objects.update(outline=[])
    Extraction.objects.all().delete()
    enqueue_unread_versions()
    enqueue_unread_versions()
    assert run_tasks(extract_page_text) == 1
    made.refresh_from_db()
    assert [title for title, *_ in made.outline] == ["Beginning", "Middle", "Nowhere"]


def test_a_scan_is_done_without_words(db: None) -> None:
    made = document(blank())
    assert made.versions.get().extraction.state == Extraction.State.DONE
    assert of(made) == {}


def test_the_command_reads_what_waits_and_retries_what_failed(
    db: None, worker_alive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = document(paged("Words"))

    def fail(*args: Any, **kwargs: Any) -> Texts:
        raise Unreadable("damaged")

    with monkeypatch.context() as broken:
        broken.setattr(page_text, "read_texts", fail)
        call_command("extract_texts")
    extraction = made.versions.get().extraction
    assert extraction.state == Extraction.State.FAILED
    assert extraction.reason.startswith("This PDF is damaged")
    call_command("extract_texts")
    assert of(made) == {}
    call_command("extract_texts", retry_failed=True)
    assert of(made) == {1: "Words"}


def test_bytes_that_are_gone_are_told(db: None) -> None:
    made = document(paged("Words"))
    Path(made.file.path).unlink()
    assert extract_text(made.versions.get()).reason == "The file is not there."


def test_the_files_screen_tells_and_tries_again(publisher_client: Client, db: None) -> None:
    made = document(paged("Words", "More"))
    url = f"/admin/documents/edit/{made.pk}/"
    again = f"/admin/files/{made.pk}/read-again/"
    assert "find words on 2 pages of this file" in publisher_client.get(url).text
    Extraction.objects.update(state=Extraction.State.FAILED, reason="It is damaged.")
    text = publisher_client.get(url).text
    assert "Text not yet searchable." in text
    assert "It is damaged." in text
    assert f'formaction="{again}"' in text
    assert Client().post(again).status_code == 302
    assert publisher_client.get(again).status_code == 405
    response = publisher_client.post(again, follow=True)
    assert "has been read." in response.text
    assert "find words on 2 pages" in response.text
    Extraction.objects.all().delete()
    assert "It will be read within minutes." in publisher_client.get(url).text


def test_who_may_not_change_a_file_cannot_have_it_read(guest_client: Client) -> None:
    made = document(paged("Words"))
    Extraction.objects.all().delete()
    assert guest_client.post(f"/admin/files/{made.pk}/read-again/").status_code == 302
    assert not Extraction.objects.exists()
