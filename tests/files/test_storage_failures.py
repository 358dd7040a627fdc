"""While the bucket fails, editors are told in words and visitors get 503, never a server error."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Collection, Page

from bhp_site.core.storage import health
from bhp_site.core.storage.errors import StorageUnavailable
from bhp_site.files.models import SiteDocument

from ..factories import NewsPageFactory, SiteDocumentFactory, offer, png_bytes
from .packages import build_sound_file
from .test_documents import make_upload
from .uploading import upload_in_chooser, upload_in_row

CSV = ("table.csv", build_sound_file("csv"))
TOLD = "was not saved"


def fail(*args: Any, **kwargs: Any) -> Any:
    raise StorageUnavailable("It does not answer.")


@pytest.fixture
def _unwritable(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a site with a bucket find that it cannot write to it."""
    settings.STORAGE_URL = "s3://bucket.test/documents"
    monkeypatch.setattr(health.write_probe, "run", fail)


@pytest.mark.usefixtures("_unwritable")
def test_an_upload_is_refused_at_its_field(admin_client: Client) -> None:
    assert TOLD in upload_in_chooser(admin_client, CSV).html.text
    row = upload_in_row(admin_client, *CSV)
    assert not row.success
    assert TOLD in row.error_message
    assert not SiteDocument.objects.exists()


@pytest.mark.usefixtures("_unwritable")
def test_an_image_is_refused_at_its_field(admin_client: Client) -> None:
    form = {
        "title": "An image",
        "file": make_upload(png_bytes(), "image.png"),
        "collection": Collection.objects.first().pk,
    }
    assert TOLD in admin_client.post("/admin/images/add/", form).text


def test_a_failure_while_a_document_is_saved_is_told(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    document = SiteDocumentFactory(title="The table", file=make_upload(CSV[1], CSV[0]))
    monkeypatch.setattr(SiteDocument, "save", fail)
    url = f"/admin/documents/edit/{document.pk}/"
    form = {"title": "New title", "slug": document.slug, "collection": document.collection_id}
    response = admin_client.post(url, form, headers={"referer": f"http://testserver{url}"})
    assert response.status_code == 302
    assert TOLD in admin_client.get(response.url).text
    response = admin_client.post(url, form, headers={"x-requested-with": "XMLHttpRequest"})
    assert TOLD in response.json()["error_message"]


def test_a_document_that_cannot_be_fetched_is_unavailable(
    news_index: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = SiteDocumentFactory(title="The table", file=make_upload(CSV[1], CSV[0]))
    offer(NewsPageFactory(parent=news_index), document)
    client = Client(raise_request_exception=False)
    assert client.get(document.url).status_code == 200
    monkeypatch.setattr(type(document.file.storage), "open", fail)
    response = client.get(document.url)
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
