from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bhp_site.core.personal_data import collect_data, delete_data, write_csv, write_json


class Command(BaseCommand):
    help = "Print or delete all that the site stores about a person, by their e-mail address."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `action` (export or delete), `address`, and the flag `--csv`."""
        parser.add_argument("action", choices=["export", "delete"])
        parser.add_argument("address", help="e-mail address, or the name of a reader of drafts")
        parser.add_argument("--csv", action="store_true", help="export CSV instead of JSON")

    def handle(self, *args: Any, action: str, address: str, **options: Any) -> None:
        """Print the data, or delete it and print what was deleted and what is left.

        Raises CommandError without an address.
        """
        if not address.strip():
            raise CommandError("Enter an e-mail address.")
        if action == "export":
            data = collect_data(address)
            self.stdout.write(write_csv(data) if options["csv"] else write_json(data))
            return
        done = delete_data(address)
        if not done:
            self.stdout.write("Nothing is stored about this address.")
        for deletion in done:
            self.stdout.write(f"{deletion.source.name}: {deletion.count} deleted")
            if deletion.left:
                self.stdout.write(f"  {len(deletion.left)} left. {deletion.source.kept}")
        self.stdout.write("Backups keep the data until they are deleted.")
