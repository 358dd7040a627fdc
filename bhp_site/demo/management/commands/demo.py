from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import ProtectedError

from bhp_site.core.publishing.publication import PublishingRefused
from bhp_site.demo.load import load
from bhp_site.demo.removal import remove


class Command(BaseCommand):
    help = (
        "Add the demonstration content; existing content is not changed. With --remove, delete it: "
        "what somebody has changed or uses stays, and is listed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `--remove` and `--no-input`."""
        parser.add_argument(
            "--remove", action="store_true", help="list and delete the demonstration content"
        )
        parser.add_argument(
            "--no-input", action="store_true", help="delete without asking after the list"
        )

    def handle(self, *args: Any, remove: bool, no_input: bool, **options: Any) -> None:
        """Add or remove the demonstration; raises CommandError if nothing could be removed."""
        if not remove:
            load(report=self.stdout.write)
            return
        self.remove(no_input)

    def remove(self, no_input: bool) -> None:
        """List what would be removed and what stays, ask unless `no_input`, and remove it.

        Raises CommandError if nothing was removed.
        """
        try:
            is_removed = remove(lambda: no_input or self.ask(), self.stdout.write)
        except (ProtectedError, PublishingRefused) as error:
            raise CommandError(f"Nothing was removed. {error}") from error
        if not is_removed:
            raise CommandError("Nothing was removed.")
        self.stdout.write(
            "The demonstration was removed. Drafts of the accessibility statement, privacy and "
            "contact pages are in the admin: complete and publish them. Site settings no longer "
            "say that this is a demonstration."
        )

    def ask(self) -> bool:
        """Return True if the operator agrees."""
        return input("Remove this? There is no way back but a backup. Type “yes”: ") == "yes"
