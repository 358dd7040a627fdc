"""A stored file that has vanished is told, and is no error of the server."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.models import Page

from bhp_site.core.models import SiteImage
from bhp_site.files.models import SiteDocument
from bhp_site.files.proposals.models import Proposal

from ..factories import NewsPageFactory, SiteDocumentFactory, SiteImageFactory, offer, pdf_bytes
from ..stored_bytes import delete_bytes
from .uploading import GOOD, confirm


def build_form_data(document: SiteDocument) -> dict[str, Any]:
    """What the form of a document sends with a new file."""
    return {
        "title": document.title,
        "slug": document.slug,
        "language": "en",
        "cover": document.cover_id or "",
        "collection": document.collection_id,
        "accessibility_reason": document.accessibility_reason,
        "note": "A figure was wrong",
        "file": SimpleUploadedFile("new.pdf", GOOD),
    }


@pytest.fixture
def document(news_index: Page) -> SiteDocument:
    """A public document whose bytes have vanished from storage."""
    document = SiteDocumentFactory(
        title="Lost report", file=ContentFile(pdf_bytes("Lost 4711"), "lost.pdf")
    )
    offer(NewsPageFactory(parent=news_index), document)
    delete_bytes(document.file)
    return document


@pytest.fixture
def proposal(news_index: Page, editor_client: Client) -> Proposal:
    """A proposal of a new file, which has vanished from storage since."""
    document = SiteDocumentFactory(title="Public report")
    offer(NewsPageFactory(parent=news_index), document)
    review = editor_client.post(f"/admin/documents/edit/{document.pk}/", build_form_data(document))
    confirm(editor_client, document, review)
    proposal = Proposal.objects.get()
    delete_bytes(proposal.file)
    return proposal


def test_a_missing_document_is_not_found_and_is_logged(
    document: SiteDocument, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    for address in (document.url, document.current_version.url):
        assert client.get(address).status_code == 404
    assert "Restore it from a backup" in caplog.text


def test_a_missing_image_is_not_found(
    news_index: Page, client: Client, admin_client: Client
) -> None:
    image: Any = SiteImageFactory()
    page = NewsPageFactory(parent=news_index)
    page.body = [("figure", {"image": image, "caption": ""})]
    page.save()
    rendition = image.get_rendition("width-320")
    delete_bytes(rendition.file)
    delete_bytes(image.file)
    assert client.get(f"/pictures/{Path(rendition.file.name).name}").status_code == 404
    assert admin_client.get(f"/media/{SiteImage.objects.get().file.name}").status_code == 404


def test_the_admin_shows_a_document_whose_file_is_missing(
    document: SiteDocument, publisher_client: Client
) -> None:
    assert publisher_client.get(f"/admin/documents/edit/{document.pk}/").status_code == 200
    assert publisher_client.get("/admin/documents/").status_code == 200


def test_a_document_whose_file_is_missing_can_be_replaced(
    document: SiteDocument, publisher_client: Client
) -> None:
    response = publisher_client.post(
        f"/admin/documents/edit/{document.pk}/", build_form_data(document)
    )
    assert "Nothing has changed yet" in response.text


def test_a_proposal_says_that_its_file_is_missing(
    proposal: Proposal, publisher_client: Client
) -> None:
    response = publisher_client.get(proposal.url)
    assert "The proposed file is missing" in response.text
    assert publisher_client.get(f"{proposal.url}file/").status_code == 404


def test_a_proposal_whose_file_is_missing_can_only_be_declined(
    proposal: Proposal, publisher_client: Client
) -> None:
    response = publisher_client.post(proposal.url, {"act": "accept"}, follow=True)
    assert "no longer in the site’s storage" in response.text
    response = publisher_client.post(
        proposal.url, {"act": "decline", "comment": "Send it again"}, follow=True
    )
    assert "You have declined the proposal" in response.text
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.DECLINED
