from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bhp_site.backups.drill import run_drill
from bhp_site.backups.manifest import BackupError


class Command(BaseCommand):
    help = (
        "Restore the latest backup in DIR to a temporary site, verify it, delete that site, and "
        "record the time for the go-live checklist."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the folder and `--database`."""
        parser.add_argument("folder", metavar="DIR", type=Path, help="folder of the backups")
        parser.add_argument(
            "--database",
            default="",
            metavar="URL",
            help="an empty PostgreSQL database, if the site may not create one",
        )

    def handle(self, *args: Any, folder: Path, database: str, **options: Any) -> None:
        """Run a drill; raises CommandError if the backup cannot be restored or has problems."""
        try:
            name, seconds = run_drill(folder, database)
        except (BackupError, OSError) as error:
            raise CommandError(f"The drill has failed. {error}") from error
        self.stdout.write(f"The backup {name} was restored and verified in {seconds:.0f} seconds.")
