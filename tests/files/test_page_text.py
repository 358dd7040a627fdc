"""The text of files: page by page, in words that can be looked for; never in a file's way."""

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pikepdf import Pdf

from bhp_site.files import page_text
from bhp_site.files.models import SiteDocument
from bhp_site.files.page_text import (
    Extraction,
    enqueue_unread_versions,
    extract_page_text,
    extract_text,
    get_unread_versions,
)
from bhp_site.pdf.errors import Unreadable
from bhp_site.pdf.facts import DocumentText
from bhp_site.pdf.messages import REFUSAL_MESSAGES
from bhp_site.pdf.reader import read_pdf
from bhp_site.pdf.text import extraction
from bhp_site.pdf.text.extraction import extract_pages
from bhp_site.tasks import heartbeat
from bhp_site.tasks.models import QueuedTask

from ..factories import SiteDocumentFactory
from ..pdf.pdfs import as_bytes, make_blank, report, write
from ..running_tasks import run_tasks


def make_paged_pdf(*pages: str) -> Pdf:
    pdf = make_blank(len(pages))
    for number, words in enumerate(pages):
        if words:
            write(pdf, number, words)
    return pdf


def make_document(pdf: Pdf, **values: Any) -> SiteDocument:
    made: SiteDocument = SiteDocumentFactory(
        file=ContentFile(as_bytes(pdf), name="upload.pdf"), **values
    )
    return made


def get_extraction(document: SiteDocument) -> dict[int, str]:
    return dict(document.versions.first().texts.values_list("number", "text"))  # type: ignore[union-attr]


def test_each_page_has_its_own_text(db: None) -> None:
    assert get_extraction(make_document(make_paged_pdf("First page", "", "Third page"))) == {
        1: "First page",
        3: "Third page",
    }


def test_a_file_whose_text_takes_too_long_is_taken_without(
    db: None, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def read(path: Path, with_text: bool = False, **limits: Any) -> Any:
        if with_text:
            raise Unreadable("time", seconds=10)
        return read_pdf(path, **limits)

    monkeypatch.setattr("bhp_site.files.models.read_pdf", read)
    with django_capture_on_commit_callbacks(execute=True):
        made = make_document(make_paged_pdf("Words"))
    assert get_extraction(made) == {1: "Words"}


@pytest.mark.parametrize("reason", REFUSAL_MESSAGES)
def test_every_sentence_can_be_kept(reason: str) -> None:
    values = {"max_mb": "100", "max_pages": 2000, "seconds": 60.0}
    longest = Extraction._meta.get_field("reason").max_length
    assert len(Unreadable(reason, **values).message) <= longest
    assert len(page_text.UNREADABLE) <= longest


def test_what_is_withdrawn_while_it_is_read_is_not_kept(
    db: None, admin: Any, worker_alive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_document(make_paged_pdf("Secret words"))

    def read(*args: Any, **kwargs: Any) -> DocumentText:
        made.versions.get().withdraw("A name.", admin)
        return DocumentText({1: "Secret words"}, True)

    monkeypatch.setattr(page_text, "read_text", read)
    assert run_tasks(extract_page_text) == 1

    assert get_extraction(made) == {}


def test_one_that_fails_does_not_keep_the_others_waiting(
    db: None, worker_alive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, last = make_document(make_paged_pdf("First")), make_document(make_paged_pdf("Last"))
    keep = page_text.store_texts

    def fail(version: Any, read: DocumentText) -> Extraction:
        if version.document_id == last.pk:
            raise ValueError
        return keep(version, read)

    monkeypatch.setattr(page_text, "store_texts", fail)
    assert run_tasks(extract_page_text) == 2
    assert get_extraction(first) == {1: "First"}
    assert last.versions.get().extraction.reason == page_text.UNEXPECTED


def test_a_damaged_table_is_not_called_a_pdf(
    db: None, worker_alive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = SiteDocumentFactory(file=ContentFile(b"Trust,Beds\n", name="beds.csv"))

    def fail(*args: Any, **kwargs: Any) -> DocumentText:
        raise Unreadable("memory")

    monkeypatch.setattr(page_text, "read_text", fail)
    assert extract_text(made.versions.get()).reason == page_text.UNREADABLE


def test_a_long_file_is_cut_and_its_editor_told(
    db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(as_bytes(make_paged_pdf("Some words", "More words", "Last words")))
    monkeypatch.setattr(extraction, "MAX_DOCUMENT_CHARACTERS", 14)
    read = extract_pages(str(path), ".pdf", time.monotonic() + 60)
    assert (read["pages"], read["is_complete"]) == ({1: "Some words", 2: "More"}, False)
    version = make_document(report()).versions.get()
    record = page_text.store_texts(version, DocumentText(read["pages"], False))
    assert record.reason == (
        "The document is very long, so visitors can search only part of its text."
    )
    monkeypatch.undo()
    assert extract_pages(str(path), ".pdf", time.monotonic() + 60)["is_complete"]
    monkeypatch.setattr(extraction, "MAX_PAGE_CHARACTERS", 9)
    pages = {1: "Some word", 2: "More word", 3: "Last word"}
    read = extract_pages(str(path), ".pdf", time.monotonic() + 60)
    assert (read["pages"], read["is_complete"]) == (pages, False)


def test_where_a_worker_runs_the_text_comes_later(db: None, worker_alive: None) -> None:
    made = make_document(make_paged_pdf("Later"))
    assert get_extraction(made) == {}
    assert [*get_unread_versions()] == [made.versions.get()]
    assert run_tasks(extract_page_text) == 1
    assert get_extraction(made) == {1: "Later"}
    assert not get_unread_versions().exists()


def test_a_worker_that_is_gone_is_not_waited_for(db: None, worker_alive: None) -> None:
    long_ago = time.time() - 2 * heartbeat.STOPPED_AFTER_SECONDS
    os.utime(heartbeat.get_heartbeat_path(), (long_ago, long_ago))
    assert get_extraction(make_document(make_paged_pdf("Now"))) == {1: "Now"}


def test_other_formats_are_read_after_the_upload(
    db: None, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = SiteDocumentFactory(file=ContentFile(b"Trust,Beds\n", name="beds.csv"))
    assert get_extraction(made) == {1: "Trust,Beds"}


def test_a_new_version_has_its_own_text(db: None) -> None:
    made = make_document(make_paged_pdf("Old words"))
    made.file = ContentFile(as_bytes(make_paged_pdf("New words")), name="new.pdf")
    made.save()
    assert get_extraction(made) == {1: "New words"}


def test_a_withdrawn_version_has_none(db: None, admin: Any) -> None:
    made = make_document(make_paged_pdf("Secret words"))
    made.versions.get().withdraw("A name.", admin)
    assert get_extraction(made) == {}
    assert not get_unread_versions().exists()


def test_files_from_before_get_their_bookmarks(db: None) -> None:
    made = make_document(report())
    SiteDocument.objects.update(outline=[])
    Extraction.objects.all().delete()
    enqueue_unread_versions()
    enqueue_unread_versions()
    assert run_tasks(extract_page_text) == 1
    made.refresh_from_db()
    assert [title for title, *_ in made.outline] == ["Beginning", "Middle", "Nowhere"]


def test_a_scan_is_done_without_words(db: None) -> None:
    made = make_document(make_blank())
    assert made.versions.get().extraction.state == Extraction.State.DONE
    assert get_extraction(made) == {}


def test_the_command_reads_what_waits_and_retries_what_failed(
    db: None, worker_alive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_document(make_paged_pdf("Words"))

    def fail(*args: Any, **kwargs: Any) -> DocumentText:
        raise Unreadable("damaged")

    with monkeypatch.context() as broken:
        broken.setattr(page_text, "read_text", fail)
        call_command("extract_texts")
    extraction = made.versions.get().extraction
    assert extraction.state == Extraction.State.FAILED
    assert extraction.reason.startswith("This PDF is damaged")
    call_command("extract_texts")
    assert get_extraction(made) == {}
    call_command("extract_texts", retry_failed=True)
    assert get_extraction(made) == {1: "Words"}


def test_a_file_that_is_missing_is_read_when_it_is_back(db: None, worker_alive: None) -> None:
    """Perhaps a shared folder is not mounted on the machine of this worker."""
    made = make_document(make_paged_pdf("Words"))
    path = Path(made.file.path)
    aside = path.with_suffix(".aside")
    path.rename(aside)
    for _ in range(5):
        QueuedTask.objects.update(run_after=timezone.now())
        run_tasks(extract_page_text)
    queued = QueuedTask.objects.get(path=extract_page_text.module_path)
    assert (queued.status, queued.attempts) == (QueuedTask.Status.READY, 0)
    assert "is missing" in queued.error
    assert 9 <= (queued.run_after - timezone.now()).total_seconds() <= 11
    assert not Extraction.objects.exists()
    aside.rename(path)
    QueuedTask.objects.update(run_after=timezone.now())
    run_tasks(extract_page_text)
    assert get_extraction(made) == {1: "Words"}


def test_a_task_that_waits_for_a_file_long_is_tried_every_ten_minutes(
    db: None, worker_alive: None
) -> None:
    made = make_document(make_paged_pdf("Words"))
    Path(made.file.path).unlink()
    QueuedTask.objects.update(enqueued_at=timezone.now() - timedelta(days=9))
    run_tasks(extract_page_text)
    queued = QueuedTask.objects.get(path=extract_page_text.module_path)
    pause = (queued.run_after - timezone.now()).total_seconds()
    assert 590 <= pause <= 600


def test_a_file_that_an_earlier_version_missed_is_read_again(db: None) -> None:
    version = make_document(make_paged_pdf("Words")).versions.get()
    assert not get_unread_versions()
    Extraction.objects.update(state=Extraction.State.FAILED, reason=page_text.FILE_MISSING)
    assert [*get_unread_versions()] == [version]


def test_an_editor_who_reads_a_missing_file_again_is_told(
    publisher_client: Client, db: None
) -> None:
    made = make_document(make_paged_pdf("Words"))
    Path(made.file.path).unlink()
    response = publisher_client.post(f"/admin/files/{made.pk}/read-again/", follow=True)
    assert "cannot be reached at the moment" in response.text


def test_the_files_screen_tells_and_tries_again(publisher_client: Client, db: None) -> None:
    made = make_document(make_paged_pdf("Words", "More"))
    url = f"/admin/documents/edit/{made.pk}/"
    again = f"/admin/files/{made.pk}/read-again/"
    assert "search the text of 2 pages" in publisher_client.get(url).text
    Extraction.objects.update(state=Extraction.State.FAILED, reason="It is damaged.")
    text = publisher_client.get(url).text
    assert "Visitors cannot search the text." in text
    assert "It is damaged." in text
    assert f'formaction="{again}"' in text
    assert Client().post(again).status_code == 302
    assert publisher_client.get(again).status_code == 405
    response = publisher_client.post(again, follow=True)
    assert "has been read." in response.text
    assert "search the text of 2 pages" in response.text
    Extraction.objects.all().delete()
    assert "This usually takes a few minutes." in publisher_client.get(url).text


def test_who_may_not_change_a_file_cannot_have_it_read(guest_client: Client) -> None:
    made = make_document(make_paged_pdf("Words"))
    Extraction.objects.all().delete()
    assert guest_client.post(f"/admin/files/{made.pk}/read-again/").status_code == 302
    assert not Extraction.objects.exists()
