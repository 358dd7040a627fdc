"""Nothing personal is kept for longer than is said."""

import datetime
import io
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from wagtail.models import ModelLogEntry

from bhp_site.core.models import User
from bhp_site.enquiries.models import Enquiry
from bhp_site.enquiries.outbox import EnquiryEmail, post

from ..conftest import signed_in
from . import ADDRESS

DAY = datetime.timedelta(days=1)


@pytest.fixture
def closed(enquiry: Enquiry) -> Enquiry:
    post(enquiry, ADDRESS, "Subject", "Dear Jo Lee")
    enquiry.set_status("answered")
    enquiry.fingerprint = "x"
    enquiry.save()
    return enquiry


def purge(*options: str) -> str:
    said = io.StringIO()
    call_command("purge_enquiries", *options, stdout=said)
    return said.getvalue().strip()


def test_copies_of_its_emails_in_files_are_deleted_too(
    closed: Enquiry, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_FILE_PATH = tmp_path
    email = EnquiryEmail.objects.get()
    (tmp_path / "1.log").write_text(f"Message-ID: {email.message_id}\n\nDear Jo Lee")
    (tmp_path / "2.log").write_text("Message-ID: <other@example.org>\n\nDear Al")
    with django_capture_on_commit_callbacks(execute=True):
        closed.purge()
    assert [path.name for path in tmp_path.iterdir()] == ["2.log"]


def test_purging_deletes_personal_data_and_keeps_the_rest(
    closed: Enquiry, clock: time_machine.Traveller, editor: User
) -> None:
    clock.shift(365 * DAY)
    assert purge().endswith("purged: 0")
    clock.shift(DAY)
    assert purge("--dry-run") == "Enquiries closed more than 365 days ago and to be purged: 1"
    assert purge() == "Enquiries closed more than 365 days ago and purged: 1"
    assert purge().endswith("purged: 0")
    closed.refresh_from_db()
    kept = [getattr(closed, name) for name in Enquiry.PERSONAL]
    assert kept == [""] * 5
    assert closed.fingerprint is None
    assert (closed.format, closed.document_title) == ("large-print", "The report")
    assert not EnquiryEmail.objects.exists()
    rows = [str(row) for row in [*Enquiry.objects.values(), *ModelLogEntry.objects.values()]]
    assert not any(ADDRESS in row or "Jo Lee" in row for row in rows)
    screen = signed_in(editor).get(f"/admin/requests/edit/{closed.pk}/").text
    assert "Personal data deleted on 2 September 2027" in screen


def test_open_enquiries_are_not_purged(enquiry: Enquiry, clock: time_machine.Traveller) -> None:
    clock.shift(1000 * DAY)
    purge()
    enquiry.refresh_from_db()
    assert enquiry.email == ADDRESS


def test_the_time_is_a_setting(closed: Enquiry, clock: time_machine.Traveller, settings) -> None:
    settings.ENQUIRIES_KEPT_DAYS = 30
    clock.shift(31 * DAY)
    assert purge() == "Enquiries closed more than 30 days ago and purged: 1"
