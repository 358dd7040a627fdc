"""Uploads are scanned for viruses, and what was not scanned is not served."""

import datetime
import io
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.confidential.tracking import set_people
from bhp_site.core.models import SiteImage
from bhp_site.files.models import SiteDocument
from bhp_site.files.virus_scan.clamd import CHUNK_BYTES, ScannerUnavailable, scan
from bhp_site.files.virus_scan.records import FileScan
from bhp_site.files.virus_scan.scanning import LONG_WAIT, enqueue_scans, scan_files
from bhp_site.sign_in.models import AccountEmail
from bhp_site.tasks.models import QueuedTask
from news.models import NewsDownload

from ..admin_forms import send
from ..factories import (
    NewsIndexPageFactory,
    NewsPageFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    UserFactory,
    pdf_bytes,
    png_bytes,
)
from ..scanner import MAX_BYTES, NAME, SIGNATURE, run_scanner
from ..stored_bytes import delete_bytes
from .uploading import add_in_row

INFECTED = pdf_bytes("Infected") + b"\n% " + SIGNATURE + b"\n%%EOF\n"


@pytest.fixture
def scanner(settings: Any) -> Iterator[Any]:
    """Run a scanner that the site uses."""
    with run_scanner() as scanner:
        settings.CLAMD_SOCKET = scanner.address
        yield scanner


@pytest.fixture
def scanner_down(settings: Any) -> None:
    """Let the site use a scanner that does not answer."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.CLAMD_SOCKET = f"127.0.0.1:{unused.getsockname()[1]}"


def upload(client: Client, content: bytes) -> Any:
    """Upload a document with the title “Upload”; return the last answer."""
    return add_in_row(client, "upload.pdf", content, title="Upload")


@pytest.mark.parametrize("by_path", [False, True], ids=["port", "socket"])
def test_the_client_speaks_the_protocol(tmp_path: Path, by_path: bool) -> None:
    large = b"x" * (CHUNK_BYTES * 2 + 1)
    with run_scanner(tmp_path / "clamd.ctl" if by_path else None) as scanner:
        assert scan(io.BytesIO(large), scanner.address) == ""
        assert scan(io.BytesIO(large + SIGNATURE), scanner.address) == NAME
        assert scan(io.BytesIO(b""), scanner.address) == ""
        assert scanner.scanned == [large, large + SIGNATURE, b""]


@pytest.mark.parametrize("reply", ["INSTREAM size limit exceeded. ERROR", "", "stream: ERROR"])
def test_other_replies_are_not_clean(reply: str) -> None:
    with run_scanner() as scanner:
        scanner.reply = reply  # type: ignore[union-attr]
        with pytest.raises(ScannerUnavailable):
            scan(io.BytesIO(b"x"), scanner.address)


def test_nobody_at_the_address(tmp_path: Path) -> None:
    for address in (str(tmp_path / "missing"), "127.0.0.1:1"):
        with pytest.raises(ScannerUnavailable):
            scan(io.BytesIO(b"x"), address)


def test_a_clean_upload_is_served_at_once(scanner: Any, home: Any, admin_client: Client) -> None:
    upload(admin_client, pdf_bytes("Clean"))
    document = SiteDocument.objects.get(title="Upload")
    assert scanner.scanned == [pdf_bytes("Clean")]
    assert FileScan.objects.get().state == FileScan.State.CLEAN
    assert admin_client.get(document.url).status_code == 200


def test_an_upload_with_a_virus_is_refused(scanner: Any, home: Any, admin_client: Client) -> None:
    answer = upload(admin_client, INFECTED)
    assert f"A virus was found in this file: {NAME}." in str(answer)
    assert not SiteDocument.objects.exists()


def test_an_image_with_a_virus_is_refused(scanner: Any, home: Any, admin_client: Client) -> None:
    file = SimpleUploadedFile("upload.png", png_bytes() + SIGNATURE, "image/png")
    form = {"title": "Image", "file": file, "collection": 1}
    assert "A virus was found" in admin_client.post("/admin/images/add/", form).text
    assert not SiteImage.objects.exists()


def test_an_upload_waits_while_the_scanner_is_down(
    scanner_down: None, site: SimpleNamespace, admin_client: Client, settings: Any
) -> None:
    """Nobody gets it, it is not published, and the dashboard says so, until it was scanned."""
    upload(admin_client, pdf_bytes("Waiting"))
    document = SiteDocument.objects.get(title="Upload")
    assert admin_client.get(document.url).status_code == 404
    assert "waits for the virus scanner" in admin_client.get("/admin/").text
    SiteDocument.objects.filter(pk=document.pk).update(accessibility_reason="A test")
    page = NewsPageFactory(parent=site.news_index, live=False)
    page.downloads.add(NewsDownload(document=document))
    page.save_revision()
    send(admin_client, page, "action-publish")
    page.refresh_from_db()
    assert not page.live
    assert scan_files.func() == 0
    with run_scanner() as scanner:
        settings.CLAMD_SOCKET = scanner.address
        scan_files.func()
    assert admin_client.get(document.url).status_code == 200
    assert "waits for the virus scanner" not in admin_client.get("/admin/").text
    send(admin_client, page, "action-publish")
    page.refresh_from_db()
    assert page.live
    assert Client().get(document.url).status_code == 200


def test_a_file_that_is_too_large_for_the_scanner_is_refused(
    scanner: Any, home: Any, admin_client: Client
) -> None:
    content = pdf_bytes("Large") + b"\n%" + b"x" * MAX_BYTES + b"\n%%EOF\n"
    assert "larger than the virus scanner accepts" in str(upload(admin_client, content))
    assert not SiteDocument.objects.exists()


def test_a_replacement_is_refused_while_the_scanner_is_down(
    scanner_down: None, site: SimpleNamespace, admin_client: Client
) -> None:
    """It would take a public document off, or be public without a scan."""
    form = {
        "title": site.document.title,
        "file": SimpleUploadedFile("new.pdf", pdf_bytes("New")),
        "note": "Corrected",
        "collection": site.document.collection_id,
        "version_seen": 1,
    }
    response = admin_client.post(f"/admin/documents/edit/{site.document.pk}/", form)
    assert "The virus scanner does not answer" in response.text
    assert site.document.versions.count() == 1


def test_a_virus_that_is_found_later_takes_the_file_off(
    scanner_down: None, home: Any, admin_client: Client, settings: Any
) -> None:
    document = SiteDocumentFactory(title="Trojan", file=ContentFile(INFECTED, name="trojan.pdf"))
    image = SiteImageFactory(
        title="Horse", file=ContentFile(png_bytes() + SIGNATURE, name="horse.png")
    )
    clean = SiteImageFactory(title="Harmless")
    with run_scanner() as scanner:
        settings.CLAMD_SOCKET = scanner.address
        assert scan_files.func() == 3
    text = admin_client.get("/admin/").text
    for title in ("Trojan", "Horse"):
        assert f'">{title}</a>.</strong> Nobody can open it' in text
    assert admin_client.get(document.url).status_code == 404
    assert admin_client.get(image.file.url).status_code == 404
    assert admin_client.get(image.renditions.first().url).status_code == 404
    assert admin_client.get(clean.renditions.first().url).status_code == 200


def test_the_page_cache_withholds_every_upload_with_a_virus(
    scanner_down: None, home: Any, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    content = png_bytes() + SIGNATURE
    with django_capture_on_commit_callbacks(execute=True):
        images = [SiteImageFactory(file=ContentFile(content, name=f"{n}.png")) for n in range(2)]
    before = cache_version.current
    with run_scanner() as scanner:
        settings.CLAMD_SOCKET = scanner.address
        with django_capture_on_commit_callbacks(execute=True):
            assert scan_files.func() == 1
    for image in images:
        rendition = image.renditions.first().file.name
        assert cache_version.get_minimum_for_file(rendition) > before


def test_uploaders_are_told_of_a_virus(scanner_down: None, home: Any, settings: Any) -> None:
    """One e-mail for each person and file; nobody else is told."""
    infected = ContentFile(INFECTED, name="trojan.pdf")
    owner, gone = UserFactory(), UserFactory(is_active=False)
    document = SiteDocumentFactory(title="Trojan", file=infected, uploaded_by_user=owner)
    for user in (gone, None):
        SiteDocumentFactory(title="Copy", file=infected, uploaded_by_user=user)
    with run_scanner() as scanner:
        settings.CLAMD_SOCKET = scanner.address
        scan_files.func()
        scan_files.func()
    email = AccountEmail.objects.get()
    assert (email.to, email.subject) == (owner.email, "A virus was found in “Trojan”")
    assert NAME in email.text
    assert f"/admin/documents/edit/{document.pk}/" not in email.text
    assert "Copy" not in email.text


def test_uploaders_are_not_told_of_a_file_that_is_confidential_now(
    scanner_down: None, home: Any, worker_alive: None
) -> None:
    owner, colleague = UserFactory(), UserFactory()
    document = SiteDocumentFactory(title="Terms", uploaded_by_user=owner)
    page = NewsPageFactory(parent=NewsIndexPageFactory(parent=home), live=False)
    page.downloads.add(NewsDownload(document=document))
    page.save_revision()
    set_people(page, [colleague], colleague)
    FileScan.objects.update(created_at=timezone.now() - LONG_WAIT - datetime.timedelta(minutes=1))
    enqueue_scans()
    assert not AccountEmail.objects.exists()


def test_uploaders_are_told_once_if_a_file_waits_long(
    scanner_down: None, home: Any, worker_alive: None
) -> None:
    owner = UserFactory(is_superuser=True)
    document = SiteDocumentFactory(title="Report", uploaded_by_user=owner)
    SiteImageFactory(title="Cover", uploaded_by_user=owner)
    enqueue_scans()
    assert not AccountEmail.objects.exists()
    FileScan.objects.update(created_at=timezone.now() - LONG_WAIT - datetime.timedelta(minutes=1))
    enqueue_scans()
    enqueue_scans()
    email = AccountEmail.objects.get()
    assert (email.to, email.subject) == (owner.email, "Your upload waits for the virus scanner")
    assert "- Report: http" in email.text
    assert f"/admin/documents/edit/{document.pk}/" in email.text
    assert "- Cover: http" in email.text


def test_files_from_before_are_served_and_scanned(
    site: SimpleNamespace, settings: Any, admin_client: Client
) -> None:
    """Switching the scanner on takes nothing off the site; a job scans what is there."""
    with run_scanner() as scanner:
        settings.CLAMD_SOCKET = scanner.address
        assert Client().get(site.document.url).status_code == 200
        QueuedTask.objects.all().delete()
        enqueue_scans()
        enqueue_scans()
        assert QueuedTask.objects.filter(path=scan_files.module_path).count() == 1
        scan_files.func()
        assert not FileScan.objects.exclude(state=FileScan.State.CLEAN).exists()
        QueuedTask.objects.all().delete()
        enqueue_scans()
    assert not QueuedTask.objects.exists()
    assert Client().get(site.document.url).status_code == 200


def test_an_image_from_before_stays_while_the_scanner_is_down(
    home: Any, settings: Any, admin_client: Client
) -> None:
    """Neither a change of its title nor the job, which computes its hash, takes it off."""
    image = SiteImageFactory(title="A garden")
    other = SiteImageFactory(title="A house")
    SiteImage.objects.filter(pk=other.pk).update(file_hash="")
    settings.CLAMD_SOCKET = "127.0.0.1:1"
    image.title = "A park"
    image.save()
    enqueue_scans()
    assert scan_files.func() == 0
    other.refresh_from_db()
    assert other.file_hash
    for kept in (image, other):
        assert admin_client.get(kept.renditions.first().url).status_code == 200


def test_a_new_file_of_an_image_waits(scanner_down: None, home: Any, admin_client: Client) -> None:
    image = SiteImageFactory(title="A garden")
    assert image.file_hash
    assert admin_client.get(image.renditions.first().url).status_code == 404


def test_a_missing_image_without_a_hash_keeps_no_other_waiting(scanner: Any, home: Any) -> None:
    missing, other = SiteImageFactory(title="A garden"), SiteImageFactory(title="A house")
    FileScan.objects.all().delete()
    SiteImage.objects.filter(pk=missing.pk).update(file_hash="")
    delete_bytes(missing.file)
    assert scan_files.func() == 1
    assert FileScan.objects.get().content_hash == other.file_hash


def test_a_file_that_is_too_large_for_the_scanner_keeps_no_other_waiting(
    scanner: Any, home: Any
) -> None:
    other = SiteDocumentFactory(file=ContentFile(pdf_bytes("Small"), name="small.pdf"))
    content = pdf_bytes("Large") + b"\n%" + b"x" * MAX_BYTES + b"\n%%EOF\n"
    large = SiteDocumentFactory(file=ContentFile(content, name="large.pdf"))
    scan_files.func()
    scans = FileScan.objects.in_bulk(field_name="content_hash")
    assert scans[large.sha256].state == FileScan.State.WAITING
    assert scans[other.sha256].state == FileScan.State.CLEAN


def test_nothing_is_scanned_without_the_setting(home: Any, admin_client: Client) -> None:
    upload(admin_client, INFECTED)
    enqueue_scans()
    assert SiteDocument.objects.count() == 1
    assert not FileScan.objects.exists()
    assert not QueuedTask.objects.filter(path=scan_files.module_path).exists()
