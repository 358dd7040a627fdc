"""A replaced file is kept while its form comes back, compared, checked, and then public."""

from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.models import ModelLogEntry, UploadedFile

from bhp_site.files.models import SiteDocument
from bhp_site.files.publishing_checks import needs_reason

from ..factories import SiteDocumentFactory, write_chapter
from ..page_states import publish
from ..pdf.pdfs import as_bytes
from .test_page_text import make_paged_pdf
from .uploading import GOOD, WHY, confirm, get_edit_url, read_fields

NOTE = "The figure on page 2 was wrong"
PAGES = [f"{word} " * 12 for word in ("alpha", "beta", "gamma", "delta", "epsilon")]
CORRECTED = [PAGES[0], PAGES[1].replace("beta", "betas", 2), *PAGES[2:]]


def make_upload(*pages: str) -> bytes:
    return as_bytes(make_paged_pdf(*pages))


def upload(data: bytes, name: str = "corrected copy.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


@pytest.fixture
def document(db: None) -> SiteDocument:
    """A document of five pages that no page offers."""
    return SiteDocumentFactory(title="Minutes", file=ContentFile(make_upload(*PAGES), name="a.pdf"))


@pytest.fixture
def public(document: SiteDocument, site: SimpleNamespace) -> SiteDocument:
    """The same document, offered by a live report whose chapters name its pages."""
    site.report.downloads.all().delete()
    site.report.downloads.add(type(site.report.downloads.model())(document=document))
    for title, page in (("Start", 1), ("Middle", 2), ("End", 5)):
        write_chapter(site.report, title, page=page)
    publish(site.report)
    return document


def send(client: Client, document: SiteDocument, **changes: Any) -> Any:
    fields = {name: getattr(document, name) for name in ("title", "slug", "accessibility_reason")}
    form = fields | {"collection": document.collection_id} | changes
    return client.post(get_edit_url(document), form)


def get_words(response: Any) -> str:
    return " ".join(BeautifulSoup(response.text, "html.parser").text.split())


def test_the_file_is_kept_when_the_form_comes_back(
    document: SiteDocument, publisher_client: Client
) -> None:
    returned = send(publisher_client, document, file=upload(make_upload(*CORRECTED)))
    assert "Enter what has changed, in one line" in returned.text
    assert "Your file “corrected copy.pdf” has been kept" in returned.text
    assert UploadedFile.objects.count() == 1
    # Another error: the same bytes are not stored a second time.
    again = send(publisher_client, document, **read_fields(returned) | {"title": "", "note": NOTE})
    assert "corrected copy.pdf" in again.text
    assert UploadedFile.objects.count() == 1
    review = send(publisher_client, document, **read_fields(again) | {"title": "Minutes"})
    assert confirm(publisher_client, document, review).status_code == 302
    latest = document.versions.first()
    assert latest is not None
    assert (latest.number, latest.note, latest.pages) == (2, NOTE, 5)
    assert not UploadedFile.objects.exists()


def test_a_kept_file_is_of_its_user_and_unforgeable(
    document: SiteDocument, publisher_client: Client, admin_client: Client
) -> None:
    returned = send(publisher_client, document, file=upload(make_upload(*CORRECTED)))
    kept = read_fields(returned)["file-kept"]
    for client, value in ((admin_client, kept), (publisher_client, f"{kept}x")):
        response = send(client, document, note=NOTE, **{"file-kept": value})
        assert "did not choose a new file" in response.text
    assert document.versions.count() == 1


def test_a_note_without_a_file_is_refused(document: SiteDocument, publisher_client: Client) -> None:
    response = send(publisher_client, document, note=NOTE)
    assert "You described a change, but did not choose a new file" in response.text
    assert document.versions.count() == 1


def test_nothing_is_public_before_the_differences_were_shown(
    public: SiteDocument, site: SimpleNamespace, publisher_client: Client, client: Client
) -> None:
    before = public.sha256
    shorter = [CORRECTED[0], CORRECTED[1], PAGES[2]]
    review = send(publisher_client, public, file=upload(make_upload(*shorter)), note=NOTE)
    shown = get_words(review)
    assert "Nothing has changed yet" in shown
    assert "1 of 3 pages differs: page 2." in shown
    assert "Removed: pages 4 and 5 of the previous version." in shown
    marked = BeautifulSoup(review.text, "html.parser")
    assert [one.text for one in marked.select("ins")] == ["betas betas"]
    assert "Chapter “Middle” may need the same correction: page 2 differs." in shown
    assert "Chapter “End” begins on page 5, but the new PDF has only 3 pages" in shown
    assert "Chapter “Start”" not in shown
    assert SiteDocument.objects.get(pk=public.pk).sha256 == before
    # The reason that was given for version 1 does not cover these bytes.
    refused = confirm(publisher_client, public, review, version_reason="")
    assert "Enter the reason for publishing this version." in refused.text
    assert SiteDocument.objects.get(pk=public.pk).sha256 == before
    done = confirm(publisher_client, public, refused, version_reason=WHY)
    assert done.status_code == 302
    public = SiteDocument.objects.get(pk=public.pk)
    second, first = public.versions.all()
    assert (second.accessibility_reason, public.accessibility_reason) == (WHY, WHY)
    assert first.accessibility_reason not in ("", WHY)
    entry = ModelLogEntry.objects.for_instance(public).get(action="files.accept")
    assert entry.data == {"reason": WHY}
    page = get_words(client.get(site.report.url))
    assert "Changed page 2; removed pages 4 and 5." in page
    # The edition leads to no page that the PDF does not have.
    whole = client.get(f"{site.report.url}read/all/").text
    assert "#page=2" in whole
    assert "#page=5" not in whole
    assert '"pageStart": 5' not in client.get(site.report.url).text


def test_another_file_is_asked_about(document: SiteDocument, publisher_client: Client) -> None:
    other = make_upload(*(f"{word} " * 9 for word in ("one", "two", "three")))
    review = send(publisher_client, document, file=upload(other), note=NOTE)
    assert "No page matches the previous version. Is this the right file?" in get_words(review)


def test_the_editor_can_go_back_without_losing_anything(
    document: SiteDocument, publisher_client: Client
) -> None:
    review = send(publisher_client, document, file=upload(make_upload(*CORRECTED)), note=NOTE)
    back = confirm(publisher_client, document, review, title="Others", **{"action-back": "1"})
    fields = read_fields(back)
    assert (fields["title"], fields["note"]) == ("Others", NOTE)
    assert "has been kept" in back.text
    assert document.versions.count() == 1


def test_a_version_that_came_in_between_is_compared_first(
    document: SiteDocument, publisher_client: Client
) -> None:
    review = send(publisher_client, document, file=upload(make_upload(*CORRECTED)), note=NOTE)
    meanwhile = SiteDocument.objects.get(pk=document.pk)
    meanwhile.file = ContentFile(make_upload(*PAGES, "zeta"), name="b.pdf")
    meanwhile.save()
    again = confirm(publisher_client, document, review)
    assert again.status_code == 200
    assert "Somebody else has replaced this document" in again.text
    assert "What differs from version 2" in again.text
    assert document.versions.count() == 2
    assert confirm(publisher_client, document, again).status_code == 302
    assert document.versions.count() == 3


def test_a_confirmation_covers_the_bytes_that_were_shown(
    document: SiteDocument, publisher_client: Client
) -> None:
    review = send(publisher_client, document, file=upload(make_upload(*CORRECTED)), note=NOTE)
    other = upload(make_upload(*PAGES, "zeta"))
    response = publisher_client.post(get_edit_url(document), read_fields(review) | {"file": other})
    assert response.status_code == 200
    assert document.versions.count() == 1


def test_a_reason_is_of_one_version(document: SiteDocument) -> None:
    assert not needs_reason(document)
    document.file = ContentFile(make_upload(*CORRECTED), name="b.pdf")
    document.save()
    assert needs_reason(SiteDocument.objects.get(pk=document.pk))
    document.accessibility_reason = WHY
    document.save()
    second, first = document.versions.all()
    assert (second.accessibility_reason, first.accessibility_reason != "") == (WHY, True)


def test_a_good_file_needs_no_reason(public: SiteDocument, publisher_client: Client) -> None:
    review = send(publisher_client, public, file=upload(GOOD), note=NOTE)
    assert "version_reason" not in read_fields(review)
    assert confirm(publisher_client, public, review).status_code == 302
    assert SiteDocument.objects.get(pk=public.pk).accessibility_reason == ""


def test_a_form_of_the_version_before_gives_no_reason_for_the_next(
    document: SiteDocument, publisher_client: Client
) -> None:
    stale = SiteDocument.objects.get(pk=document.pk)
    document.file = ContentFile(make_upload(*CORRECTED), name="b.pdf")
    document.save()
    sent = {"accessibility_reason": WHY, "version_seen": "1"}
    response = send(publisher_client, document, **sent)
    assert "Somebody has replaced the file since you opened this form" in response.text
    # Nor does code that holds the row as it was.
    stale.title = "Other minutes"
    stale.save()
    document.refresh_from_db()
    assert (document.title, document.accessibility_reason) == ("Other minutes", "")
    assert document.versions.get(number=2).accessibility_reason == ""


def test_the_changed_pages_are_named_at_once_although_a_worker_reads_texts(
    document: SiteDocument, worker_alive: None
) -> None:
    document.file = ContentFile(make_upload(*CORRECTED), name="b.pdf")
    document.save()
    assert document.versions.get(number=2).changes_in_words == "Changed page 2."


def test_a_reason_cannot_be_taken_from_a_public_document(
    public: SiteDocument, publisher_client: Client
) -> None:
    response = send(publisher_client, public, accessibility_reason=" ")
    assert "Enter the reason for publishing it" in response.text
    public.refresh_from_db()
    assert public.accessibility_reason
