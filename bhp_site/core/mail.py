"""Send e-mail: every message of the site goes through `send_email`."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

AUTO_SUBMITTED_HEADER = "Auto-Submitted"


def send_email(
    subject: str,
    text: str,
    address: str,
    *,
    reply_to: str = "",
    headers: Mapping[str, str] | None = None,
    connection: BaseEmailBackend | None = None,
) -> None:
    """Send plain `text` to one `address`, from DEFAULT_FROM_EMAIL; raise what the backend raises.

    Line breaks in `subject`, which a header cannot hold, become spaces. Pass an open `connection`
    to send several messages with it.
    """
    EmailMessage(
        " ".join(subject.split()),
        text,
        to=[address],
        reply_to=[reply_to] if reply_to else None,
        headers=dict(headers or {}),
        connection=connection,
    ).send()


class AutoSubmittedBackend(BaseEmailBackend):
    """Mark every e-mail as sent by a program, and hand it to EMAIL_TRANSPORT.

    Programs that answer mail, such as out-of-office notes, then do not reply to it (RFC 3834, 5).
    """

    def __init__(self, fail_silently: bool = False, **kwargs: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        self.transport = get_connection(
            settings.EMAIL_TRANSPORT, fail_silently=fail_silently, **kwargs
        )

    def open(self) -> bool | None:
        """Open the connection of the underlying backend; return what it returns."""
        return self.transport.open()

    def close(self) -> None:
        """Close the connection of the underlying backend."""
        self.transport.close()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send the messages and return how many were sent."""
        for message in email_messages:
            if not any(
                name.lower() == AUTO_SUBMITTED_HEADER.lower() for name in message.extra_headers
            ):
                message.extra_headers[AUTO_SUBMITTED_HEADER] = "auto-generated"
        return self.transport.send_messages(email_messages)
