"""Uploading through the admin: a good file is kept, a bad one told why it cannot be."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pikepdf import Dictionary, Encryption, Name
from wagtail.models import Collection

from bhp_site.files.models import SiteDocument
from bhp_site.pdf.messages import REFUSAL_MESSAGES

from ..factories import SiteDocumentFactory
from ..pdf import pdfs
from .packages import build_package, build_sound_file
from .uploading import CREATE, confirm_row, get_hidden_fields, read_step


def make_locked_pdf() -> bytes:
    return pdfs.as_bytes(pdfs.make_blank(), encryption=Encryption(user="secret", owner="secret"))


def make_scripted_pdf() -> bytes:
    script = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
    return pdfs.as_bytes(pdfs.with_root(OpenAction=script)())


BAD: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a web page": (
        "page.pdf",
        lambda: b"<!doctype html><h1>Sign in</h1>",
        REFUSAL_MESSAGES["not_pdf"],
    ),
    "an empty file": ("empty.pdf", lambda: b"", "empty"),
    "half a file": (
        "half.pdf",
        lambda: pdfs.as_bytes(pdfs.report())[:300],
        REFUSAL_MESSAGES["damaged"],
    ),
    "a locked file": ("locked.pdf", make_locked_pdf, REFUSAL_MESSAGES["password"]),
    "a file with a program": (
        "script.pdf",
        make_scripted_pdf,
        REFUSAL_MESSAGES["javascript"],
    ),
    "a document with macros": (
        "macros.docx",
        lambda: build_package("word/document.xml", "word/vbaProject.bin"),
        "This file contains macros",
    ),
    "a program": ("setup.exe", lambda: b"MZ", "File extension “exe” is not allowed"),
}


def upload_several(client: Client, name: str, data: bytes) -> Any:
    response = client.post(
        "/admin/documents/multiple/add/",
        {"title": "A title", "files[]": SimpleUploadedFile(name, data), "collection": get_root()},
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    if response["Content-Type"].startswith("application/json") and json.loads(response.text).get(
        "form"
    ):
        confirm_row(client, read_step(response))
    return response


def upload_in_chooser(client: Client, name: str, data: bytes) -> Any:
    form = {
        "document-chooser-upload-title": "A title",
        "document-chooser-upload-file": ContentFile(data, name=name),
        "document-chooser-upload-collection": get_root(),
    }
    response = client.post(CREATE, form)
    if "upload_question" in response.text:
        response = client.post(CREATE, get_hidden_fields(read_step(response)))
    return response


FORMS = {"several": upload_several, "chooser": upload_in_chooser}


def get_root() -> int:
    return Collection.get_first_root_node().pk


def get_words(response: Any) -> str:
    """What the answer shows, the same for HTML and JSON."""
    text = response.text
    if response["Content-Type"].startswith("application/json"):
        text = " ".join(str(value) for value in json.loads(text).values())
    return text.replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&")


@pytest.fixture
def client(admin_client: Client) -> Client:
    admin_client.raise_request_exception = False
    return admin_client


@pytest.mark.parametrize("form", FORMS)
def test_a_good_file_is_kept(client: Client, form: str) -> None:
    response = FORMS[form](client, "report.pdf", pdfs.as_bytes(pdfs.report()))
    assert response.status_code in (200, 302)
    document = SiteDocument.objects.get()
    assert (document.pages, document.language) == (3, "en-GB")
    assert document.uploaded_by_user is not None
    assert document.cover is not None


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("extension", ["docx", "csv"])
def test_so_is_one_of_another_format(client: Client, form: str, extension: str) -> None:
    FORMS[form](client, f"table.{extension}", build_sound_file(extension))
    assert SiteDocument.objects.get().extension == extension


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("form", FORMS)
def test_a_bad_file_is_refused_with_a_sentence(client: Client, form: str, bad: str) -> None:
    name, make, sentence = BAD[bad]
    response = FORMS[form](client, name, make())
    assert response.status_code == 200
    assert sentence in get_words(response)
    assert not SiteDocument.objects.exists()


def test_there_is_no_form_that_asks_nothing(client: Client) -> None:
    data = pdfs.as_bytes(pdfs.make_blank())
    form = {"title": "A title", "file": ContentFile(data, name="a.pdf"), "collection": get_root()}
    for response in (
        client.get("/admin/documents/add/"),
        client.post("/admin/documents/add/", form),
    ):
        assert response.status_code == 302
        assert response["Location"] == "/admin/documents/multiple/add/"
    assert not SiteDocument.objects.exists()


def test_the_same_sentence_meets_who_replaces_a_file(client: Client) -> None:
    upload_several(client, "report.pdf", pdfs.as_bytes(pdfs.report()))
    document = SiteDocument.objects.get()
    response = client.post(
        f"/admin/documents/edit/{document.pk}/",
        {
            "title": "A title",
            "slug": document.slug,
            "collection": get_root(),
            "file": ContentFile(make_locked_pdf(), name="locked.pdf"),
        },
    )
    assert response.status_code == 200
    assert REFUSAL_MESSAGES["password"] in get_words(response)
    before = document.sha256
    document.refresh_from_db()
    assert document.sha256 == before


def test_uploads_leave_nothing_behind(client: Client, settings: Any) -> None:
    before = set(settings.FILE_UPLOAD_TEMP_DIR.iterdir())
    for name, make, _ in BAD.values():
        upload_in_chooser(client, name, make())
    upload_several(client, "report.pdf", pdfs.as_bytes(pdfs.report()))
    assert set(settings.FILE_UPLOAD_TEMP_DIR.iterdir()) == before


def test_a_visitor_cannot_upload(db: None) -> None:
    for form in FORMS.values():
        response = form(Client(), "report.pdf", pdfs.as_bytes(pdfs.make_blank()))
        assert response.status_code in (302, 403)
    assert not SiteDocument.objects.exists()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("extension", ["pdf", "docx", "odt", "xlsx", "ods", "csv"])
def test_no_format_may_be_larger_than_the_limit(
    client: Client, settings: Any, form: str, extension: str
) -> None:
    data = (
        pdfs.as_bytes(pdfs.make_blank())
        if extension == "pdf"
        else build_sound_file(extension) * 300
    )
    settings.WAGTAILDOCS_MAX_BYTES = 400
    response = FORMS[form](client, f"large.{extension}", data)
    assert get_words(response).count("This file is larger than 1 KB.") == 1
    assert not SiteDocument.objects.exists()
    # Code that knows no form is bound by it as well.
    document = SiteDocument(title="Large", file=ContentFile(data, name=f"large.{extension}"))
    with pytest.raises(ValidationError, match="This file is larger than 1 KB"):
        document.save()


def test_a_replacement_may_not_be_larger_either(client: Client, settings: Any) -> None:
    document = SiteDocumentFactory(file=ContentFile(build_sound_file("csv"), name="a.csv"))
    settings.WAGTAILDOCS_MAX_BYTES = 400
    screen = client.get(f"/admin/documents/edit/{document.pk}/")
    assert "At most 1 KB." in screen.text
    large = ContentFile(b"a,b\n" * 300, name="b.csv")
    response = client.post(
        f"/admin/documents/edit/{document.pk}/",
        {"title": "A", "slug": "a", "collection": get_root(), "file": large, "note": "More rows"},
    )
    assert "This file is larger than 1 KB." in response.text
    assert document.versions.count() == 1


@pytest.mark.parametrize("name", ["empty.pdf", "empty.csv", "empty.docx"])
def test_an_empty_file_gets_one_message(client: Client, name: str) -> None:
    extension = name.partition(".")[2]
    shown = [get_words(form(client, name, b"")) for form in FORMS.values()]
    data = pdfs.as_bytes(pdfs.make_blank()) if extension == "pdf" else build_sound_file(extension)
    document = SiteDocumentFactory(file=ContentFile(data, name=name))
    form = {"title": "A", "slug": "a", "collection": get_root(), "note": "Why"}
    empty = SimpleUploadedFile(name, b"")
    page = client.post(f"/admin/documents/edit/{document.pk}/", form | {"file": empty})
    for text in [*shown, get_words(page)]:
        assert text.count(REFUSAL_MESSAGES["empty"]) == 1
        assert "The submitted file is empty" not in text
        assert "not a PDF" not in text


def test_a_document_has_one_size(client: Client) -> None:
    document = SiteDocumentFactory()
    size = 4_300_000
    document.versions.update(file_size=size)
    SiteDocument.objects.update(file_size=size)
    screen = client.get(f"/admin/documents/edit/{document.pk}/").text
    assert screen.count("4.3 MB") == 2
    assert "4.1" not in screen
