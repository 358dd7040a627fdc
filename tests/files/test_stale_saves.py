"""Who saves what was read a while ago takes nothing back that others have written since."""

from typing import Any

import pytest
from django.core.files.base import ContentFile

from bhp_site.enquiries.admin_views import EnquiryForm
from bhp_site.enquiries.models import Enquiry
from bhp_site.files.models import SiteDocument
from bhp_site.files.versions.models import DocumentVersion
from bhp_site.pdf.facts import OutlineEntry

from ..factories import SiteDocumentFactory, SiteImageFactory, pdf_bytes


def list_stored(document: SiteDocument) -> SiteDocument:
    return SiteDocument.objects.get(pk=document.pk)


def replace(document: SiteDocument, text: str = "Corrected") -> None:
    document.file = ContentFile(pdf_bytes(text), name="new.pdf")
    document.version_note = "A figure was wrong."
    document.accessibility_reason = "A test."
    document.save()


@pytest.fixture
def opened(db: None) -> SiteDocument:
    """A document whose screen an editor has opened."""
    return list_stored(SiteDocumentFactory(title="A report"))


def test_a_title_saved_late_keeps_the_new_bytes(opened: SiteDocument) -> None:
    replace(list_stored(opened))
    new = list_stored(opened)
    opened.title = "Another title"
    opened.save()
    now = list_stored(opened)
    assert now.title == "Another title"
    assert (now.version_number, now.sha256, now.file.name) == (2, new.sha256, new.file.name)
    assert now.cover == new.cover


def test_a_title_saved_late_keeps_the_bookmarks(opened: SiteDocument) -> None:
    list_stored(opened).store_outline([OutlineEntry("Aims", 1, 1)], 1)
    opened.save()
    assert list_stored(opened).outline == [["Aims", 1, 1]]


def test_a_title_saved_late_keeps_a_withdrawal(opened: SiteDocument, admin: Any) -> None:
    DocumentVersion.objects.get(document=opened).withdraw("It named a person.", admin)
    opened.save()
    assert list_stored(opened).withdrawn_reason == "It named a person."


def test_a_cover_that_was_chosen_is_saved(opened: SiteDocument) -> None:
    opened.cover = SiteImageFactory()
    opened.save()
    assert list_stored(opened).cover == opened.cover


def test_withdrawing_an_old_version_late_leaves_the_new_one(
    opened: SiteDocument, admin: Any
) -> None:
    """The screen that asks for the reason was opened before the document was replaced."""
    version = DocumentVersion.objects.select_related("document").get(document=opened)
    replace(list_stored(opened))
    version.withdraw("It named a person.", admin)
    assert list_stored(opened).withdrawn_reason == ""


def test_a_request_saved_late_brings_nothing_personal_back(db: None, admin: Any) -> None:
    request = Enquiry.objects.create(kind="problem", name="Jo Bloggs", email="jo@example.org")
    late = Enquiry.objects.get()
    Enquiry.objects.get().purge()
    form = EnquiryForm({"status": "closed", "assigned_to": ""}, instance=late)
    assert form.is_valid(), form.errors
    form.save()
    request.refresh_from_db()
    assert (request.name, request.email, request.status) == ("", "", "closed")
