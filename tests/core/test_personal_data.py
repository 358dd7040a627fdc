"""All that is stored about a person is found, exported and deleted in one place."""

import csv
import datetime
import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import CharField, JSONField, TextField
from django.db.models.functions import Cast
from django.test import Client
from django.utils import timezone
from wagtail.models import Revision

from bhp_site.alerts.models import Frequency, Subscriber, SubscriptionRequest
from bhp_site.core.personal_data import collect_data, delete_data, sources, write_csv
from bhp_site.core.private_links import hash_token
from bhp_site.draft_links.models import DraftComment, DraftLink
from bhp_site.enquiries.models import Enquiry, EnquiryEmail
from bhp_site.press.models import PressContact, PressEmail, ReleaseRecipient
from bhp_site.sign_in.models import AccountEmail, AccountEvent, EventKind, Invitation
from bhp_site.sign_off.models import SignOff, SignOffEmail
from bhp_site.tasks.models import QueuedTask

from ..factories import PersonFactory, UserFactory

SCREEN = "/admin/reports/personal-data/"
ADA = "Ada.Byron@example.org"
# It ends like hers.
OTHER = "not-Ada.Byron@example.org"


def store(site: SimpleNamespace, address: str) -> None:
    """Store something about the person with `address` wherever the site stores such things."""
    now, later = timezone.now(), timezone.now() + datetime.timedelta(days=9)
    enquiry = Enquiry.objects.create(
        kind="problem", page="/", name="Ada", email=address, message=f"Write to {address}."
    )
    EnquiryEmail.objects.create(enquiry=enquiry, to=address, subject="Received", text="Thank you.")
    team = {"to": "team@example.org", "subject": "New", "text": f"From {address}: it flickers"}
    EnquiryEmail.objects.create(enquiry=enquiry, reply_to=address, **team)
    subscriber = {"email": address.lower(), "frequency": Frequency.WEEKLY, "consent_text": "Yes"}
    Subscriber.objects.create(consent_at=now, **subscriber)
    SubscriptionRequest.objects.create(fingerprint=address, **subscriber)
    contact = PressContact.objects.create(name="Ada", outlet="Echo", email=address, source="Asked")
    recipient = ReleaseRecipient.objects.create(
        page=site.news, contact=contact, name="Ada", email=address
    )
    PressEmail.objects.create(
        page=site.news, recipient=recipient, to=address, subject="Release", text="Embargo"
    )
    ReleaseRecipient.objects.create(page=site.news, name="Ada", email=address)
    link = DraftLink.objects.create(
        page=site.news, label="Link", token_hash=hash_token(address), expires_at=later
    )
    DraftComment.objects.create(link=link, name=address, text="Good", fingerprint=address)
    sign_off = SignOff.objects.create(
        page=site.news,
        kind=SignOff.Kind.PARTNER,
        name="Ada",
        email=address,
        comment="Fine",
        token_hash=address[::-1],
        expires_at=later,
    )
    SignOffEmail.objects.create(sign_off=sign_off, to=address, subject="Approve", text="Please")
    person = PersonFactory(name=f"Person {address[0]}", sign_off_email=address)
    person.save_revision()
    invitation = Invitation.objects.create(
        first_name="Ada",
        last_name="Byron",
        email=address.lower(),
        nonce=address,
        token_hash=address,
        expires_at=later,
    )
    AccountEmail.objects.create(invitation=invitation, to=address, subject="Account", text="Hello")
    AccountEvent.objects.create(kind=EventKind.INVITED, user=None, address=address)
    QueuedTask.objects.create(
        path="x", args=[address], call_hash="x", queue_name="x", max_attempts=1, error=address
    )


def find_tables_with(address: str) -> set[str]:
    """Return the names of all models that hold an address in a text of any row."""
    found = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, CharField | TextField | JSONField):
                rows = model._base_manager.alias(as_text=Cast(field.name, TextField()))
                if rows.filter(as_text__icontains=address).exclude(as_text__icontains=OTHER):
                    found.add(model._meta.label)
    return found


@pytest.fixture
def stored(site: SimpleNamespace) -> None:
    store(site, ADA)
    store(site, OTHER)


def test_each_source_finds_the_person(stored: None) -> None:
    data = collect_data(ADA.lower())
    assert {*data} == {source.name for source in sources} - {"Accounts"}
    assert {*collect_data(ADA)} == {*data}
    assert OTHER not in json.dumps(data)


def test_nothing_is_left_after_deletion(stored: None) -> None:
    """In no text of any table, and nothing of anybody else is deleted."""
    others = {name: len(records) for name, records in collect_data(OTHER).items()}
    assert len(find_tables_with(ADA)) > 12
    done = delete_data(f" {ADA} ")
    assert {deletion.source.name for deletion in done} >= {"Enquiries", "Press list", "Sign-offs"}
    assert not any(deletion.left for deletion in done)
    assert find_tables_with(ADA) == set()
    assert collect_data(ADA) == {}
    assert {name: len(records) for name, records in collect_data(OTHER).items()} == others
    assert delete_data(ADA) == []


def test_an_address_of_an_international_domain_is_deleted(site: SimpleNamespace) -> None:
    """SQLite stores JSON with such letters escaped."""
    address = "ada@exämple.org"
    store(site, address)
    QueuedTask.objects.update(error="")
    delete_data(address)
    assert not QueuedTask.objects.filter(path="x").exists()
    revision = Revision.objects.filter(content__sign_off_email__isnull=False).get()
    assert revision.content["sign_off_email"] == ""
    assert collect_data(address) == {}


def test_copies_of_messages_are_deleted(
    stored: None, tmp_path: Path, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_FILE_PATH = str(tmp_path)
    email = SignOffEmail.objects.get(to=ADA)
    contents = {
        "id": f"Message-ID: {email.message_id}",
        "address": f"To: {ADA.upper()}",
        "other": f"To: {OTHER}",
    }
    for name, text in contents.items():
        (tmp_path / f"{name}.log").write_text(text)
    with django_capture_on_commit_callbacks(execute=True):
        delete_data(ADA)
    assert [path.name for path in tmp_path.iterdir()] == ["other.log"]


def test_an_account_is_left_and_named(site: SimpleNamespace) -> None:
    user = UserFactory(email=ADA)
    AccountEvent.objects.create(kind=EventKind.SIGNED_IN, user=user, address=ADA)
    left = {deletion.source.name: deletion.left for deletion in delete_data(ADA)}
    assert [*left] == ["Accounts", "Sign-ins and accounts"]
    user.is_active = False
    user.save()
    delete_data(ADA)
    assert not AccountEvent.objects.exists()
    assert [*collect_data(ADA)] == ["Accounts"]


def test_exports(stored: None, admin_client: Client) -> None:
    searched = admin_client.post(SCREEN, {"address": ADA})
    assert "no-store" in searched["Cache-Control"]
    assert "Enquiries (1)" in searched.text
    exported = admin_client.post(SCREEN, {"address": ADA, "action": "json"})
    assert json.loads(exported.text)["Enquiries"][0]["message"] == f"Write to {ADA}."
    text = admin_client.post(SCREEN, {"address": ADA, "action": "csv"}).content.decode("utf-8-sig")
    rows = [*csv.DictReader(io.StringIO(text))]
    assert {"Where": "Enquiries", "Record": "1", "Field": "email", "Value": ADA} in rows


def test_no_cell_is_a_formula() -> None:
    text = write_csv({"Enquiries": [{"name": '=HYPERLINK("x")', "empty": "", "list": ["a", "b"]}]})
    assert [row.split(",")[3] for row in text.splitlines()[1:]][1:] == ["a", "b"]
    assert "'=HYPERLINK" in text


def test_an_administrator_deletes(stored: None, admin_client: Client) -> None:
    text = admin_client.post(SCREEN, {"address": ADA, "action": "delete"}).text
    assert "Enquiries: 1 deleted" in text
    assert collect_data(ADA) == {}
    again = admin_client.post(SCREEN, {"address": ADA, "action": "delete"}).text
    assert "Nothing is stored about this address." in again


def test_only_administrators_may(stored: None, publisher_client: Client) -> None:
    for action in ("", "json", "csv", "delete"):
        response = publisher_client.post(SCREEN, {"address": ADA, "action": action})
        assert response.status_code == 302
    assert collect_data(ADA)
    assert "Personal data" not in publisher_client.get("/admin/").text


def test_an_address_is_never_part_of_a_url(stored: None, admin_client: Client) -> None:
    assert ADA not in admin_client.get(SCREEN, {"address": ADA}).text


def test_the_command(stored: None) -> None:
    output = io.StringIO()
    call_command("personal_data", "export", ADA, stdout=output)
    assert len(json.loads(output.getvalue())) == len(sources) - 1
    output = io.StringIO()
    call_command("personal_data", "export", ADA, "--csv", stdout=output)
    assert output.getvalue().startswith("Where,Record,Field,Value")
    output = io.StringIO()
    call_command("personal_data", "delete", ADA, stdout=output)
    assert "Enquiries: 1 deleted" in output.getvalue()
    output = io.StringIO()
    call_command("personal_data", "delete", ADA, stdout=output)
    assert "Nothing is stored about this address." in output.getvalue()
    with pytest.raises(CommandError):
        call_command("personal_data", "export", " ")
