"""The one way out for e-mail."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

HEADER = "Auto-Submitted"


class AutoSubmittedBackend(BaseEmailBackend):
    """Mark every e-mail as sent by a program, and hand it to EMAIL_TRANSPORT.

    Programs that answer mail, such as out-of-office notes, then leave it alone (RFC 3834, 5).
    """

    def __init__(self, fail_silently: bool = False, **kwargs: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        self.transport = get_connection(
            settings.EMAIL_TRANSPORT, fail_silently=fail_silently, **kwargs
        )

    def open(self) -> bool | None:
        return self.transport.open()

    def close(self) -> None:
        self.transport.close()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send the messages and return how many were sent."""
        for message in email_messages:
            if not any(name.lower() == HEADER.lower() for name in message.extra_headers):
                message.extra_headers[HEADER] = "auto-generated"
        return self.transport.send_messages(email_messages)
