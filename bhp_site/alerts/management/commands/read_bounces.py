from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bhp_site.alerts.bounces import read_mailbox


class Command(BaseCommand):
    help = (
        "Read reports about e-mail alerts that could not be delivered, and stop those addresses. "
        "The scheduler does this every hour if ALERTS_BOUNCES is set."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `mailbox`, the path of the mailbox to read; ALERTS_BOUNCES if it is not given."""
        parser.add_argument(
            "mailbox",
            nargs="?",
            default=settings.ALERTS_BOUNCES,
            help="a folder (Maildir) or a file (mbox); ALERTS_BOUNCES by default",
        )

    def handle(self, *args: Any, mailbox: str, **options: Any) -> None:
        """Read the mailbox; raise CommandError if there is none."""
        if not mailbox or not Path(mailbox).exists():
            raise CommandError("There is no mailbox. Name one, or set ALERTS_BOUNCES.")
        self.stdout.write(f"Reports read: {read_mailbox(Path(mailbox))}")
