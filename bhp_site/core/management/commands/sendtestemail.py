from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import sendtestemail

from bhp_site.core.mail import MailHeld


class Command(sendtestemail.Command):
    """Send a test e-mail as Django’s command does, and say what became of it."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Send the test e-mail and say where it went; raise CommandError if it was refused."""
        try:
            super().handle(*args, **options)
        except MailHeld as error:
            raise CommandError(str(error)) from error
        except (OSError, UnicodeError) as error:
            raise CommandError(
                f"The e-mail from {settings.DEFAULT_FROM_EMAIL} was not sent: "
                f"{describe_failure(error)}. Check EMAIL_URL and DEFAULT_FROM_EMAIL."
            ) from error
        if settings.EMAIL_TRANSPORT.endswith("filebased.EmailBackend"):
            where = f"It is a file in {settings.EMAIL_FILE_PATH}, because EMAIL_URL is not set."
        else:
            where = "The mail server accepted it. Look for it in the inbox, and in the spam folder."
        self.stdout.write(f"The e-mail from {settings.DEFAULT_FROM_EMAIL} was sent. {where}")


def describe_failure(error: Exception) -> str:
    """Return what the mail server replied, or why it was not reached."""
    replies: list[tuple[int, bytes | str]] = []
    if isinstance(error, SMTPRecipientsRefused):
        replies = [*error.recipients.values()]
    elif isinstance(error, SMTPResponseException):
        replies = [(error.smtp_code, error.smtp_error)]
    texts = [
        f"{code} {reply.decode(errors='replace') if isinstance(reply, bytes) else reply}"
        for code, reply in replies
    ]
    reply = " ".join("; ".join(texts).split()).rstrip(".")
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    return f"{server} replied “{reply}”" if reply else f"{server}: {error}"
