"""E-mail: every message of the site goes through `send_email`.

`queue` has the model of e-mails that are stored first and sent by a task.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

AUTO_SUBMITTED_HEADER = "Auto-Submitted"

# Apps above add functions that return True while no e-mail may leave the site.
hold_checks: list[Callable[[], bool]] = []


class MailHeld(Exception):
    """No e-mail may leave the site at present."""


def send_email(
    subject: str,
    text: str,
    address: str,
    *,
    html: str = "",
    reply_to: str = "",
    return_path: str = "",
    headers: Mapping[str, str] | None = None,
    connection: BaseEmailBackend | None = None,
) -> None:
    """Send a message to one `address`, from DEFAULT_FROM_EMAIL; raise what the backend raises.

    With `html` the message is multipart/alternative, with `text` as its other part. Mail servers
    report to `return_path`, or else to the sender, what they cannot deliver. Line breaks in
    `subject`, which a header cannot hold, become spaces. Pass an open `connection` to send several
    messages with it.
    """
    all_headers = dict(headers or {})
    if return_path:
        # Django then takes `from_email` for the envelope, and this for the message.
        all_headers["From"] = settings.DEFAULT_FROM_EMAIL
    message = EmailMultiAlternatives(
        " ".join(subject.split()),
        text,
        from_email=return_path or None,
        to=[address],
        reply_to=[reply_to] if reply_to else None,
        headers=all_headers,
        connection=connection,
    )
    if html:
        message.attach_alternative(html, "text/html")
    message.send()


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
        """Open the connection of the underlying backend; return True if a new one was needed."""
        return self.transport.open()

    def close(self) -> None:
        """Close the connection of the underlying backend."""
        self.transport.close()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send the messages and return how many were sent; raise MailHeld if none may leave."""
        if any(is_held() for is_held in hold_checks):
            raise MailHeld(
                "E-mail is off because the site was restored from a backup. An administrator can "
                "turn it on with “manage.py enable_mail”."
            )
        for message in email_messages:
            if not any(
                name.lower() == AUTO_SUBMITTED_HEADER.lower() for name in message.extra_headers
            ):
                message.extra_headers[AUTO_SUBMITTED_HEADER] = "auto-generated"
        return self.transport.send_messages(email_messages)
