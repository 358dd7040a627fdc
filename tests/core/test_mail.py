"""Every e-mail says that a program sent it, and the test e-mail says what became of it."""

from io import StringIO
from pathlib import Path
from smtplib import SMTPAuthenticationError, SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from bhp_site import settings as site_settings
from bhp_site.core import mail as site_mail
from bhp_site.core.mail import MailHeld

LOCMEM = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(autouse=True)
def _in_memory(settings: Any, db: None) -> None:
    settings.EMAIL_BACKEND = site_settings.EMAIL_BACKEND
    settings.EMAIL_TRANSPORT = LOCMEM


def test_each_message_is_marked() -> None:
    mail.send_mail("Subject", "Text", None, ["somebody@example.org"])
    assert mail.outbox[0].message()["Auto-Submitted"] == "auto-generated"


def test_a_mark_of_its_own_is_kept_and_not_doubled() -> None:
    headers = {"auto-submitted": "auto-replied"}
    mail.EmailMessage("Subject", "Text", to=["somebody@example.org"], headers=headers).send()
    assert mail.outbox[0].message().get_all("Auto-Submitted") == ["auto-replied"]


def test_a_connection_that_is_kept_open_marks_them_too() -> None:
    with mail.get_connection() as connection:
        message = mail.EmailMessage("Subject", "Text", to=["somebody@example.org"])
        assert connection.send_messages([message]) == 1
    assert mail.outbox[0].message()["Auto-Submitted"] == "auto-generated"


def test_the_test_email_says_where_it_went(settings: Any, tmp_path: Path) -> None:
    out = StringIO()
    call_command("sendtestemail", "you@example.org", stdout=out)
    assert len(mail.outbox) == 1
    assert "The mail server accepted it." in out.getvalue()
    settings.EMAIL_TRANSPORT = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    call_command("sendtestemail", "you@example.org", stdout=out)
    assert f"It is a file in {tmp_path}" in out.getvalue()


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            SMTPAuthenticationError(535, b"5.7.8 Error:\n authentication failed."),
            "mail.example.org:587 replied “535 5.7.8 Error: authentication failed”. Check",
        ),
        (
            SMTPRecipientsRefused({"you@example.org": (550, b"5.1.1 Unknown")}),
            "replied “550 5.1.1 Unknown”.",
        ),
        (ConnectionRefusedError(111, "Connection refused"), ":587: [Errno 111] Connection refused"),
        (MailHeld("E-mail is off."), "E-mail is off."),
    ],
)
def test_the_test_email_says_what_the_server_replied(
    settings: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "mail.example.org", 587

    def fail(self: Any, messages: Any) -> int:
        raise error

    monkeypatch.setattr(site_mail.AutoSubmittedBackend, "send_messages", fail)
    with pytest.raises(CommandError) as failure:
        call_command("sendtestemail", "you@example.org", stdout=StringIO())
    assert sentence in str(failure.value)
