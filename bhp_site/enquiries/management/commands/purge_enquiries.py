from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from bhp_site.enquiries.models import Enquiry
from bhp_site.enquiries.purging import purge_outdated


class Command(BaseCommand):
    help = (
        "Delete the personal data of enquiries that were closed ENQUIRIES_KEPT_DAYS ago. The "
        "scheduler does this every day."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the flag `--dry-run`."""
        parser.add_argument("--dry-run", action="store_true", help="only print how many there are")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        """Purge outdated enquiries, or only count them in a dry run."""
        count = Enquiry.objects.outdated().count() if dry_run else purge_outdated()
        done = "to be purged" if dry_run else "purged"
        days = settings.ENQUIRIES_KEPT_DAYS
        self.stdout.write(f"Enquiries closed more than {days} days ago and {done}: {count}")
