"""A file has one address for good, and says what was read from it."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from wagtail.models import Collection

from bhp_site.core.models import SiteImage
from bhp_site.files import models
from bhp_site.files.models import COVER_COLLECTION, SiteDocument

from ..factories import SiteDocumentFactory, pdf_bytes
from ..pdf import pdfs
from .packages import build_sound_file
from .uploading import confirm


def make_upload(data: bytes | Any, name: str = "upload.pdf") -> ContentFile:
    """An upload of these bytes, or of a PDF."""
    return ContentFile(data if isinstance(data, bytes) else pdfs.as_bytes(data), name=name)


@pytest.fixture
def document(db: None) -> SiteDocument:
    return SiteDocumentFactory(title="Plan for 2030")


def test_an_address_is_made_from_the_title(document: SiteDocument) -> None:
    assert document.url == "/documents/plan-for-2030.pdf"
    assert document.filename == "plan-for-2030.pdf"


def test_no_two_files_have_one_address(document: SiteDocument) -> None:
    others = [SiteDocumentFactory(title="Plan for 2030") for _ in range(2)]
    assert [other.slug for other in others] == ["plan-for-2030-2", "plan-for-2030-3"]


def test_an_address_does_not_come_from_the_files_name(db: None) -> None:
    document = SiteDocumentFactory(
        title="The plan", file=make_upload(pdf_bytes("The plan"), "draft7_FINAL (2).pdf")
    )
    assert document.url == "/documents/the-plan.pdf"


def test_a_title_without_letters_still_has_an_address(db: None) -> None:
    assert SiteDocumentFactory(title="計画").slug == "file"


def test_a_long_title_has_an_address_that_fits(db: None) -> None:
    titles = ["word " * 50 + end for end in ("a", "b")]
    slugs = {SiteDocumentFactory(title=title).slug for title in titles}
    assert len(slugs) == 2
    assert all(len(slug) <= 120 for slug in slugs)


def test_an_address_is_kept_when_the_title_changes(document: SiteDocument) -> None:
    document.title = "Another title"
    document.save()
    document.refresh_from_db()
    assert document.slug == "plan-for-2030"


def test_a_title_that_somebody_gave_is_kept(db: None) -> None:
    document = SiteDocument(title="Our words", file=make_upload(pdfs.report()))
    document.save()
    assert document.title == "Our words"
    assert document.pdf_title == "Report of activity 2020"


def test_a_file_says_what_was_read_from_it(db: None) -> None:
    upload = make_upload(pdfs.report())
    document = SiteDocumentFactory(title="Report", file=upload)
    document.refresh_from_db()
    assert (document.pages, document.is_tagged, document.has_text) == (3, True, True)
    assert document.language_name == "English"
    assert document.file_size == upload.size
    assert len(document.sha256) == 64
    assert document.format_name == "PDF"


def test_a_language_that_the_editor_gave_is_kept(db: None) -> None:
    document = SiteDocumentFactory(title="Report", file=make_upload(pdfs.report()), language="cy")
    assert document.language_name == "Welsh"


def test_an_easy_read_version_says_so(document: SiteDocument) -> None:
    document.easy_read = True
    assert document.format_name == "easy read, PDF"


@pytest.mark.parametrize("extension", ["docx", "odt", "xlsx", "ods", "csv"])
def test_other_formats_are_kept_as_they_are(db: None, extension: str) -> None:
    upload = make_upload(build_sound_file(extension), f"upload.{extension.upper()}")
    document = SiteDocumentFactory(title="Numbers", file=upload)
    assert document.url == f"/documents/numbers.{extension}"
    assert document.pages is None
    assert document.cover is None
    assert document.file.read() == build_sound_file(extension)


def test_page_1_becomes_the_cover(db: None) -> None:
    document = SiteDocumentFactory(title="Report", file=make_upload(pdfs.report()))
    document.refresh_from_db()
    assert document.cover.title == "Cover of Report"
    assert document.cover.collection.name == COVER_COLLECTION
    assert document.cover.sizes["webp"]


def test_a_blank_page_makes_no_cover(document: SiteDocument) -> None:
    assert document.cover is None


def test_a_file_is_read_once_before_anything_is_locked(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_pdf_facts, build_renditions = models._read_pdf_facts, SiteImage.build_renditions
    calls: list[str] = []
    transactions = len(connection.savepoint_ids)

    def read(*args: Any, **options: Any) -> Any:
        calls.append("read")
        return read_pdf_facts(*args, **options)

    def build(image: SiteImage) -> None:
        calls.append("build")
        assert len(connection.savepoint_ids) == transactions
        build_renditions(image)

    monkeypatch.setattr(models, "_read_pdf_facts", read)
    monkeypatch.setattr(SiteImage, "build_renditions", build)
    document = SiteDocument(title="A", file=make_upload(pdfs.report()))
    document.full_clean(exclude=["file_hash", "sha256"])
    document.save()
    assert calls == ["read", "build"]
    sha256 = document.sha256
    # The next file is another one, also if the first was never saved.
    document.file = make_upload(pdf_bytes("Two"))
    document.clean()
    document.file = make_upload(pdfs.make_tagged(pages=2))
    document.clean()
    document.save()
    assert calls == ["read", "build", "read", "read"]
    version = document.versions.get(number=2)
    assert version.sha256 == document.sha256 != sha256
    assert (version.pages, document.cover) == (2, None)


def test_covers_share_a_collection(db: None) -> None:
    for title in ("One", "Two"):
        SiteDocumentFactory(title=title, file=make_upload(pdfs.report()))
    assert Collection.objects.filter(name=COVER_COLLECTION).count() == 1


def test_another_file_brings_its_own_facts_and_cover(db: None) -> None:
    document = SiteDocumentFactory(title="Report", file=make_upload(pdfs.report()))
    before = document.sha256
    document.file = make_upload(pdfs.make_blank(2))
    document.save()
    document.refresh_from_db()
    assert (document.pages, document.is_tagged, document.pdf_title) == (2, False, "")
    assert document.sha256 != before
    assert document.cover is None
    assert not SiteImage.objects.exists()
    assert document.url == "/documents/report.pdf"


@pytest.mark.parametrize(
    "name, data, words",
    [
        ("a.pdf", b"", "This file is empty"),
        ("a.pdf", b"<html></html>", "This is not a PDF"),
        ("a.csv", b"a\0b", "not plain text"),
        ("a.docx", b"PK", "not a readable docx"),
    ],
)
def test_a_bad_file_is_refused_however_it_is_saved(
    db: None, name: str, data: bytes, words: str
) -> None:
    for act in ("full_clean", "save"):
        with pytest.raises(ValidationError, match=words):
            getattr(SiteDocument(title="Bad", file=make_upload(data, name)), act)()
    assert not SiteDocument.objects.exists()


def send_file(client: Client, document: SiteDocument, **changes: Any) -> Any:
    data = {"title": document.title, "collection": document.collection_id}
    return client.post(
        f"/admin/documents/edit/{document.pk}/", data | {"slug": document.slug} | changes
    )


def test_an_editor_may_choose_an_address_before_it_is_given_out(
    document: SiteDocument, admin_client: Client
) -> None:
    assert send_file(admin_client, document, slug="a-better-one").status_code == 302
    document.refresh_from_db()
    assert document.url == "/documents/a-better-one.pdf"


def test_an_address_another_file_has_is_refused(
    document: SiteDocument, admin_client: Client
) -> None:
    other = SiteDocumentFactory(title="Other")
    response = send_file(admin_client, other, slug=document.slug)
    assert "already exists" in response.text
    other.refresh_from_db()
    assert other.slug == "other"


def test_another_file_of_the_same_kind_may_take_its_place(
    document: SiteDocument, admin_client: Client
) -> None:
    before = document.sha256
    new = make_upload(pdf_bytes("New"))
    review = send_file(admin_client, document, file=new, note="A new title")
    assert confirm(admin_client, document, review).status_code == 302
    document.refresh_from_db()
    assert document.sha256 != before
    assert document.url == "/documents/plan-for-2030.pdf"


def test_a_file_of_another_kind_may_not(document: SiteDocument, admin_client: Client) -> None:
    response = send_file(
        admin_client, document, file=make_upload(build_sound_file("csv"), "table.csv")
    )
    assert response.status_code == 200
    assert "The document is PDF and keeps its address" in response.text
    # Nor is the one that is there called lost.
    assert "could not be found" not in response.text
    document.refresh_from_db()
    assert document.extension == "pdf"
