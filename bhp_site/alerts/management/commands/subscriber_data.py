import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from bhp_site.alerts.subscribing import delete_address, export_address


class Command(BaseCommand):
    help = "Print all that is stored about the e-mail address of a subscriber, or delete it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `address`, a subscriber's e-mail address, and the flag `--delete`."""
        parser.add_argument("address")
        parser.add_argument("--delete", action="store_true", help="delete it all")

    def handle(self, *args: Any, address: str, delete: bool, **options: Any) -> None:
        """Print the data as JSON, or delete it and print the number of rows."""
        if delete:
            self.stdout.write(f"Rows deleted: {delete_address(address)}")
        else:
            self.stdout.write(json.dumps(export_address(address), indent=2, ensure_ascii=False))
