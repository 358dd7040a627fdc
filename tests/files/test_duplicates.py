"""Bytes that are there already: the editor is told, shown where, and offered the file there."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.storage import default_storage
from django.test import Client
from wagtail.models import Collection, GroupCollectionPermission, Page, UploadedFile

from bhp_site.core.models import User
from bhp_site.files.models import SiteDocument

from ..conftest import signed_in
from ..factories import ReportPageFactory, SiteDocumentFactory, UserFactory, offer
from ..stored_bytes import list_names, overwrite_bytes
from .packages import build_sound_file
from .test_documents import make_upload, send_file
from .uploading import (
    answer_question,
    confirm,
    confirm_row,
    read_step,
    upload_in_chooser,
    upload_in_row,
)

CSV = ("table.csv", build_sound_file("csv"))
OTHER = ("other.csv", b"a,b\n")


@pytest.fixture
def document(db: None) -> SiteDocument:
    return SiteDocumentFactory(title="The table", file=make_upload(CSV[1], CSV[0]))


@pytest.fixture(autouse=True)
def _nothing_waits() -> None:
    for name in list_waiting_uploads():
        default_storage.delete(name)


def list_waiting_uploads() -> list[str]:
    """Uploads that editors have been asked about; the database forgets its own after a test."""
    return list_names("wagtail_uploads")


def make_file_user() -> User:
    """Somebody who works with files alone."""
    group = Group.objects.create(name="Librarians")
    root = Collection.get_first_root_node()
    for name in ("add_document", "choose_document"):
        permission = Permission.objects.get(codename=name)
        GroupCollectionPermission.objects.create(
            group=group, collection=root, permission=permission
        )
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user = UserFactory()
    user.groups.add(group)
    return user


def replace(document: SiteDocument) -> None:
    document.file = make_upload(OTHER[1], OTHER[0])
    document.save()


def test_another_file_is_not_said_to_be_there(
    document: SiteDocument, editor_client: Client
) -> None:
    asked = upload_in_chooser(editor_client, OTHER)
    assert "already exists" not in asked.html.text
    said = answer_question(editor_client, asked)
    assert said.step == "chosen"
    assert said.result["title"] == "A title"
    assert SiteDocument.objects.count() == 2


def test_the_same_file_is_asked_about_before_anything_is_made(
    document: SiteDocument, editor_client: Client, report_index: Page
) -> None:
    report = ReportPageFactory(parent=report_index, title="Where it is offered")
    offer(report, document)
    said = upload_in_chooser(editor_client, CSV)
    assert said.step == "upload_question"
    assert SiteDocument.objects.get() == document
    links = {link.text: link["href"] for link in said.html.select("a")}
    assert links["The table"] == f"/admin/documents/edit/{document.pk}/"
    assert links["Where it is offered"] == f"/admin/pages/{report.pk}/edit/"


def test_the_file_that_is_there_can_be_chosen(
    document: SiteDocument, editor_client: Client
) -> None:
    said = upload_in_chooser(editor_client, CSV)
    chosen = read_step(editor_client.get(said.html.select_one("a[data-use-existing]")["href"]))
    assert chosen.step == "chosen"
    assert chosen.result["id"] == str(document.pk)
    editor_client.post(said.html.select_one("[data-question]")["data-discard-url"])
    assert not UploadedFile.objects.exists()
    assert list_waiting_uploads() == []
    assert SiteDocument.objects.get() == document


def test_several_may_be_asked_for(document: SiteDocument, editor_client: Client) -> None:
    said = upload_in_chooser(editor_client, CSV, "?multiple=1")
    chosen = read_step(editor_client.get(said.html.select_one("a[data-use-existing]")["href"]))
    assert [one["id"] for one in chosen.result] == [str(document.pk)]


def test_both_can_be_kept(document: SiteDocument, editor: Any, editor_client: Client) -> None:
    said = answer_question(editor_client, upload_in_chooser(editor_client, CSV))
    assert said.step == "chosen"
    other = SiteDocument.objects.exclude(pk=document.pk).get()
    assert said.result["id"] == str(other.pk)
    assert (other.title, other.sha256) == ("A title", document.sha256)
    assert (other.extension, other.uploaded_by_user) == ("csv", editor)
    assert not UploadedFile.objects.exists()
    assert list_waiting_uploads() == []


def test_nobody_uses_it_yet(document: SiteDocument, editor_client: Client) -> None:
    assert "No page uses it yet." in upload_in_chooser(editor_client, CSV).html.text


def test_a_page_that_the_editor_may_not_edit_is_not_named(
    document: SiteDocument, report_index: Page
) -> None:
    offer(ReportPageFactory(parent=report_index, title="Secret plan"), document)
    text = upload_in_chooser(signed_in(make_file_user()), CSV).html.text
    assert "a private page" in text
    assert "Secret plan" not in text


def test_an_earlier_version_is_known_as_one(document: SiteDocument, editor_client: Client) -> None:
    replace(document)
    text = " ".join(upload_in_chooser(editor_client, CSV).html.text.split())
    assert "exists as version 1 of The table. A newer version has replaced it" in text


def test_a_withdrawal_is_told(document: SiteDocument, admin: Any, editor_client: Client) -> None:
    document.versions.get().withdraw("It named a person.", admin)
    assert "It named a person." in upload_in_chooser(editor_client, CSV).html.text


def test_a_file_that_the_editor_may_not_choose_is_not_told(
    document: SiteDocument, editor_client: Client
) -> None:
    apart = Collection.get_first_root_node().add_sibling(instance=Collection(name="Apart"))
    SiteDocument.objects.update(collection=apart)
    assert "already exists" not in upload_in_chooser(editor_client, CSV).html.text


def test_what_somebody_else_was_asked_about_is_out_of_reach(
    document: SiteDocument, editor_client: Client, publisher_client: Client
) -> None:
    said = answer_question(publisher_client, upload_in_chooser(editor_client, CSV))
    assert said.step == "reshow_creation_form"
    assert "This field is required" in said.html.text
    assert UploadedFile.objects.count() == 1


@pytest.mark.parametrize("key", ["", "x", "0", "9" * 30, "²"])
def test_an_upload_that_nobody_was_asked_about_is_not_found(
    document: SiteDocument, editor_client: Client, key: str
) -> None:
    assert upload_in_chooser(editor_client, None, waiting=key).step == "reshow_creation_form"
    assert upload_in_chooser(editor_client, CSV, waiting=key).step == "upload_question"


def test_bytes_that_have_been_cleared_away_are_asked_for_again(
    document: SiteDocument, editor_client: Client
) -> None:
    said = upload_in_chooser(editor_client, CSV)
    for name in list_waiting_uploads():
        default_storage.delete(name)
    assert answer_question(editor_client, said).step == "reshow_creation_form"


def test_a_row_of_several_says_so_and_makes_nothing(
    document: SiteDocument, editor_client: Client
) -> None:
    said = upload_in_row(editor_client, *CSV)
    assert said.success
    assert said.html.find("a", string="The table")["href"].endswith(f"edit/{document.pk}/")
    assert "Nothing has been added yet." in said.html.text
    assert SiteDocument.objects.get() == document


def test_a_row_can_be_kept(document: SiteDocument, editor: Any, editor_client: Client) -> None:
    form = upload_in_row(editor_client, *CSV).html.form
    title = form.select_one("[name$=-title]")["name"]
    slug = form.select_one("[name$=-slug]")["name"]
    response = editor_client.post(form["action"], {title: "The other", slug: ""})
    assert json.loads(response.text)["success"]
    other = SiteDocument.objects.get(title="The other")
    assert (other.sha256, other.uploaded_by_user) == (document.sha256, editor)
    assert not UploadedFile.objects.exists()
    assert list_waiting_uploads() == []


def test_a_row_can_be_dropped(document: SiteDocument, editor_client: Client) -> None:
    html = upload_in_row(editor_client, *CSV).html
    editor_client.post(html.select_one("a.delete")["href"])
    assert SiteDocument.objects.get() == document
    assert list_waiting_uploads() == []


def test_a_row_whose_bytes_have_gone_bad_says_so(
    document: SiteDocument, editor_client: Client
) -> None:
    form = upload_in_row(editor_client, *CSV).html.form
    (name,) = list_waiting_uploads()
    overwrite_bytes(name, b"a\0b")
    title = form.select_one("[name$=-title]")["name"]
    said = json.loads(editor_client.post(form["action"], {title: "The other"}).text)
    assert not said["success"]
    assert "not plain text" in said["form"]
    assert SiteDocument.objects.get() == document


def test_another_file_is_added_without_a_warning(
    document: SiteDocument, editor_client: Client
) -> None:
    row = upload_in_row(editor_client, *OTHER)
    assert "This file already exists" not in row.html.text
    assert confirm_row(editor_client, row).success
    assert SiteDocument.objects.count() == 2


def test_a_row_asks_for_no_note_of_a_change(editor_client: Client) -> None:
    assert not upload_in_row(editor_client, *OTHER).html.select("[name$=-note]")


def test_nothing_is_replaced_by_itself(document: SiteDocument, admin_client: Client) -> None:
    response = send_file(admin_client, document, file=make_upload(CSV[1], CSV[0]), note="Nothing")
    assert "This is the file that the document already has" in response.text
    document.refresh_from_db()
    assert document.version_number == 1


def test_what_it_was_before_may_come_back(document: SiteDocument, admin_client: Client) -> None:
    replace(document)
    review = send_file(admin_client, document, file=make_upload(CSV[1], CSV[0]), note="Was right")
    assert confirm(admin_client, document, review).status_code == 302
    document.refresh_from_db()
    assert document.version_number == 3
