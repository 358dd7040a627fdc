"""What a public collection makes public takes the reasons that publishing takes."""

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.models import Collection, Page, Site

from bhp_site.core.models import SiteSettings
from bhp_site.files.models import SiteDocument

from ..factories import NewsPageFactory, SiteDocumentFactory, offer
from ..roles import make_collection
from .uploading import (
    BAD,
    PREFIX,
    SEVERAL,
    WHY,
    answer_question,
    confirm_row,
    read_step,
    upload_in_chooser,
)


def list_stored(document: SiteDocument) -> SiteDocument:
    return SiteDocument.objects.get(pk=document.pk)


def save(client: Client, document: SiteDocument, **changes: Any) -> str:
    form = {
        "title": document.title,
        "slug": document.slug,
        "language": "en",
        "cover": document.cover_id or "",
        "accessibility_reason": document.accessibility_reason,
        "collection": document.collection_id,
    }
    response = client.post(f"/admin/documents/edit/{document.pk}/", form | changes, follow=True)
    return str(response.text)


def move_several(client: Client, collection: Collection, *documents: SiteDocument) -> str:
    keys = "&".join(f"id={document.pk}" for document in documents)
    url = f"/admin/bulk/wagtaildocs/document/add_to_collection/?{keys}"
    model = "files/sitedocument"
    url = url.replace("wagtaildocs/document", model)
    return str(client.post(url, {"collection": collection.pk}, follow=True).text)


def test_a_form_asks_for_the_reason_when_it_moves_a_document_into_a_public_collection(
    file: SiteDocument, public_collection: Collection, admin_client: Client
) -> None:
    text = save(admin_client, file, collection=public_collection.pk)
    assert "everything in this collection is public" in text
    assert list_stored(file).collection_id != public_collection.pk
    save(admin_client, file, collection=public_collection.pk, accessibility_reason=WHY)
    assert list_stored(file).collection_id == public_collection.pk
    assert list_stored(file).is_public


def test_a_document_that_is_public_already_is_moved_as_before(
    file: SiteDocument, public_collection: Collection, news_index: Page, admin_client: Client
) -> None:
    offer(NewsPageFactory(parent=news_index), file)
    save(admin_client, file, collection=public_collection.pk)
    assert list_stored(file).collection_id == public_collection.pk


def test_a_bulk_move_into_a_public_collection_names_the_documents_without_a_reason(
    file: SiteDocument, public_collection: Collection, admin_client: Client
) -> None:
    other = SiteDocumentFactory(title="With a reason")
    text = move_several(admin_client, public_collection, file, other)
    assert "Some people cannot use the document “The scan”" in text
    assert "“With a reason”:" not in text
    assert list_stored(other).collection_id != public_collection.pk
    move_several(admin_client, public_collection, other)
    assert list_stored(other).collection_id == public_collection.pk


def test_a_collection_with_such_a_document_is_not_moved_into_a_public_one(
    public_collection: Collection, admin_client: Client
) -> None:
    inner = make_collection("Scans")
    file = SiteDocumentFactory(
        title="The scan",
        file=ContentFile(BAD, "scan.pdf"),
        accessibility_reason="",
        collection=inner,
    )
    url = f"/admin/collections/{inner.pk}/"
    text = admin_client.post(
        url, {"name": "Scans", "parent": public_collection.pk}, follow=True
    ).text
    assert "Some people cannot use the document “The scan”" in text
    assert not list_stored(file).is_public


def test_the_settings_do_not_make_such_a_document_public(
    file: SiteDocument, home: Page, admin_client: Client
) -> None:
    site = Site.objects.get()
    SiteSettings.for_site(site).save()
    url = f"/admin/settings/core/sitesettings/{site.pk}/"
    response = admin_client.post(url, {"public_collections": [file.collection_id]}, follow=True)
    assert "Some people cannot use the document “The scan”" in response.text
    assert not list_stored(file).is_public


def test_an_upload_into_a_public_collection_is_asked_when_it_is_confirmed(
    public_collection: Collection, admin_client: Client
) -> None:
    file = SimpleUploadedFile("scan.pdf", BAD)
    form = {"title": "The scan", "files[]": file, "collection": public_collection.pk}
    row = read_step(admin_client.post(SEVERAL, form))
    answer = confirm_row(admin_client, row, collection=str(public_collection.pk))
    assert "everything in this collection is public" in answer.html.text
    assert not SiteDocument.objects.exists()
    changes = {"collection": str(public_collection.pk), "accessibility_reason": WHY}
    confirm_row(admin_client, row, **changes)
    assert SiteDocument.objects.get().is_public


def test_an_upload_in_the_chooser_into_a_public_collection_takes_a_reason(
    public_collection: Collection, admin_client: Client
) -> None:
    collection = {f"{PREFIX}-collection": str(public_collection.pk)}
    question = upload_in_chooser(admin_client, ("scan.pdf", BAD), **collection)
    assert question.step == "upload_question"
    answer = answer_question(admin_client, question, **collection)
    assert "everything in this collection is public" in answer.html.text
    assert not SiteDocument.objects.exists()
