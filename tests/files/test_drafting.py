"""A PDF becomes chapters of draft blocks, which an editor checks."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from bhp_site.files.drafting import draft, page_picture
from bhp_site.files.reading import Unreadable
from bhp_site.files.versions import DocumentVersion

from ..factories import SiteDocumentFactory
from .uploading import GOOD


@pytest.fixture
def version(db: None) -> DocumentVersion:
    """The tagged PDF of the demonstration's strategy."""
    document = SiteDocumentFactory(title="Strategy", file=ContentFile(GOOD, "strategy.pdf"))
    return document.versions.get()


def test_a_tagged_pdf_becomes_chapters(version: DocumentVersion) -> None:
    found = draft(version)
    assert (found.is_tagged, found.language) == (True, "en-GB")
    assert len(found.chapters) == 5


def test_a_page_is_shown_to_editors(version: DocumentVersion, editor_client: Client) -> None:
    response = editor_client.get(reverse("page-picture", args=[version.pk, 1]))
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Type"] == "image/png"
    assert Image.open(BytesIO(response.content)).size == (900, 1274)


def test_a_page_that_is_not_there_is_not_found(
    version: DocumentVersion, editor_client: Client, client: Client
) -> None:
    for number in (0, version.pages + 1):
        address = reverse("page-picture", args=[version.pk, number])
        assert editor_client.get(address).status_code == 404
    assert client.get(reverse("page-picture", args=[version.pk, 1])).status_code == 302


def test_a_file_that_is_gone_is_told_in_a_sentence(version: DocumentVersion) -> None:
    version.file.name = "documents/ab/none.pdf"
    with pytest.raises(Unreadable, match="not there any more"):
        draft(version)
    with pytest.raises(Unreadable, match="not there any more"):
        page_picture(version, 1)
