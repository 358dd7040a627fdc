from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from bhp_site.backups.mail_hold import is_mail_held, release_mail


class Command(BaseCommand):
    help = "Let a restored site send e-mail again, and send what has been waiting."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `--discard`."""
        parser.add_argument(
            "--discard",
            action="store_true",
            help="delete waiting e-mails, which may have been sent since the backup was made",
        )

    def handle(self, *args: Any, discard: bool, **options: Any) -> None:
        """Enable e-mail, if it is off."""
        if not is_mail_held():
            self.stdout.write("E-mail is on already.")
            return
        count = release_mail(discard)
        verb = "deleted" if discard else "sent soon"
        self.stdout.write(f"E-mail is on. {count} waiting e-mails are {verb}.")
