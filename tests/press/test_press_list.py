"""The press list: who sees it, how people come onto it and leave it."""

import csv
import datetime
import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from bhp_site.press.models import PressContact

from ..admin_forms import get_messages
from . import get_text

LISTING = "/admin/press-list/"
IMPORT = f"{LISTING}import/"
FIELDS = {
    "name": "Sam Roe",
    "outlet": "",
    "email": "sam@example.org",
    "source": "Wrote to us",
    "added_on": "05/01/2026",
    "last_contact_on": "",
    "notes": "",
}


def upload(client: Client, data: bytes, source: str = "A directory") -> Any:
    file = SimpleUploadedFile("people.csv", data, content_type="text/csv")
    return client.post(IMPORT, {"file": file, "source": source})


def confirm(client: Client, preview: Any) -> Any:
    form = preview.context["form"]
    return client.post(IMPORT, {name: form[name].value() for name in ("text", "source")})


def test_only_those_with_permission_see_it(
    contact: PressContact, editor_client: Client, publisher_client: Client
) -> None:
    assert "Press list" not in editor_client.get("/admin/").text
    paths = ("", "new/", f"edit/{contact.pk}/", "import/", "export/", f"export/{contact.pk}/")
    for path in paths:
        response = editor_client.get(LISTING + path)
        assert response.status_code == 302, path
        assert contact.email not in response.text
    assert "Press list" in publisher_client.get("/admin/").text
    assert contact.email in publisher_client.get(LISTING).text


@pytest.mark.parametrize(
    "query, is_found", [("midlands", True), ("JO.LEE@", True), ("nobody", False)]
)
def test_people_are_searched(
    contact: PressContact, publisher_client: Client, query: str, is_found: bool
) -> None:
    response = publisher_client.get(LISTING, {"q": query})
    assert (contact.email in response.text) == is_found


def test_a_person_is_added_and_deleted(db: None, publisher_client: Client) -> None:
    assert publisher_client.post(f"{LISTING}new/", FIELDS).status_code == 302
    person = PressContact.objects.get()
    assert person.added_on == datetime.date(2026, 1, 5)
    publisher_client.post(f"{LISTING}delete/{person.pk}/")
    assert not PressContact.objects.exists()
    entries = ModelLogEntry.objects.filter(object_id=str(person.pk))
    assert entries.exists()
    assert {entry.label for entry in entries} == {"Deleted person"}


def test_an_address_is_on_the_list_once(contact: PressContact, publisher_client: Client) -> None:
    response = publisher_client.post(f"{LISTING}new/", FIELDS | {"email": "jo.lee@EXAMPLE.org"})
    assert "already on the press list" in response.text


def test_all_about_a_person_is_exported(contact: PressContact, publisher_client: Client) -> None:
    response = publisher_client.get(f"{LISTING}export/{contact.pk}/")
    assert response.headers["Content-Disposition"].startswith("attachment")
    data = json.loads(response.content)
    assert data["source"] == "Asked to be added"
    assert data["email"] == contact.email


def test_the_dashboard_reminds_of_people_without_contact(
    contact: PressContact, publisher_client: Client, settings: Any
) -> None:
    assert "without contact" not in publisher_client.get("/admin/").text
    old = timezone.localdate() - datetime.timedelta(days=settings.PRESS_CONTACTS_KEPT_DAYS + 1)
    PressContact.objects.update(added_on=old)
    assert "1 person without contact for a long time" in get_text(publisher_client.get("/admin/"))
    assert contact.email in publisher_client.get(LISTING, {"outdated": "true"}).text
    PressContact.objects.update(last_contact_on=timezone.localdate())
    assert contact.email not in publisher_client.get(LISTING, {"outdated": "true"}).text
    assert "without contact" not in publisher_client.get("/admin/").text


def test_the_export_runs_no_formula_and_is_imported_again(
    contact: PressContact, publisher_client: Client
) -> None:
    PressContact.objects.update(notes='=HYPERLINK("https://example.org")')
    data = publisher_client.get(f"{LISTING}export/").content
    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert row["Notes"].startswith("'=")
    assert row["Last contact"] == ""
    PressContact.objects.all().delete()
    confirm(publisher_client, upload(publisher_client, data))
    again = PressContact.objects.get()
    assert (again.name, again.source) == (contact.name, contact.source)
    assert again.notes.startswith("=HYPERLINK")


def test_an_import_shows_what_is_new_known_and_invalid(
    contact: PressContact, publisher_client: Client
) -> None:
    text = (
        "Name;Outlet;E-mail address;Source\r\n"
        "Zoë Ó Briain;Radio «Nord»;zoe@example.org;Met at an event\r\n"
        "Somebody else;;JO.LEE@example.org;\r\n"
        "Nobody;;not an address;\r\n"
        ";;empty@example.org;\r\n"
        "Again;;zoe@example.org;\r\n"
        "\r\n"
        "Al;;al@example.org;\r\n"
    )
    preview = upload(publisher_client, text.encode())
    assert not PressContact.objects.exclude(pk=contact.pk).exists()
    words = get_text(preview)
    assert "2 new people" in words
    assert "1 person already on the list" in words
    assert "3 rows with a problem" in words
    assert "Line 4, “Nobody, not an address”: E-mail address: Enter a valid email" in words
    assert "Line 6, “Again, zoe@example.org”: This e-mail address is in the file twice." in words
    response = confirm(publisher_client, preview)
    assert "2 people added. 4 rows left out." in get_messages(response)
    zoe, al = PressContact.objects.exclude(pk=contact.pk).order_by("-name")
    assert (zoe.name, zoe.outlet, zoe.source) == ("Zoë Ó Briain", "Radio «Nord»", "Met at an event")
    assert al.source == "A directory"
    contact.refresh_from_db()
    assert contact.name == "Jo Lee"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_files_of_any_spreadsheet_are_read(
    db: None, publisher_client: Client, encoding: str, separator: str
) -> None:
    rows = [["NAME", "Email"], ["Zoë Müller", "zoe@example.org"]]
    data = "\n".join(separator.join(row) for row in rows).encode(encoding)
    confirm(publisher_client, upload(publisher_client, data))
    assert PressContact.objects.get().name == "Zoë Müller"


@pytest.mark.parametrize(
    "data, reason",
    [
        (b"", "submitted file is empty"),
        (b"\n\n", "This file is empty."),
        (b"Name,Outlet\nJo,Daily\n", "The first line must name the columns"),
        (b"PK\x03\x04\x00\x00\x00", "This is not a CSV file."),
        (b"\xff\xfeN\xd8", "The first line must name the columns"),
        (b'Name,Email\n"Jo,jo@example.org\n', "Line 2 cannot be read"),
        (b"Name,Email\n" + b"x" * 200_000 + b",a@example.org\n", "Line"),
        (b"Name,Email\n" + b"x" * 20_000 + b",a@example.org\n", "Line 2 is too long"),
        (b"Name,Email\n" + b"a,b\n" * 5_001, "more than 5,000 rows"),
        (b"a" * 1_000_001, "larger than 1 MB"),
    ],
)
def test_hostile_files_are_refused_with_a_reason(
    db: None, publisher_client: Client, data: bytes, reason: str
) -> None:
    response = upload(publisher_client, data)
    assert response.status_code == 200
    assert reason in response.text
    assert not PressContact.objects.exists()


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-1", "@SUM(A1)"])
def test_names_that_are_formulas_are_refused(db: None, publisher_client: Client, cell: str) -> None:
    preview = upload(publisher_client, f"Name,Email\n{cell},a@example.org\n".encode())
    assert f"The name begins with “{cell[0]}”, as a formula does." in preview.text
    assert "There is nobody to add." in preview.text


def test_a_changed_preview_stores_nothing(db: None, publisher_client: Client) -> None:
    for text in ("", "Name\n", 'Name,Email\n"'):
        response = publisher_client.post(IMPORT, {"text": text, "source": "x"})
        assert "Nothing was imported" in get_messages(response)
    assert not PressContact.objects.exists()
