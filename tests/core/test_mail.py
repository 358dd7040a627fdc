"""Every e-mail says that a program sent it."""

from typing import Any

import pytest
from django.core import mail

from bhp_site import settings as site_settings

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
