from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bhp_site.backups.creating import create_backup
from bhp_site.backups.manifest import BackupError
from bhp_site.core.text.sizes import format_size


class Command(BaseCommand):
    help = (
        "Back up the database and the media folder to DIR, while the site is in use. Files that "
        "an earlier backup in DIR has are not copied again. SECRET_KEY is not included."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the folder and `--keep`."""
        parser.add_argument(
            "folder", metavar="DIR", type=Path, help="folder of backups, best on another disk"
        )
        parser.add_argument(
            "--keep", type=int, default=0, help="keep this many backups (default: all)"
        )

    def handle(self, *args: Any, folder: Path, keep: int, **options: Any) -> None:
        """Make a backup; raises CommandError if that fails."""
        if keep < 0:
            raise CommandError("--keep must be 0 (keep all) or more.")
        try:
            manifest = create_backup(folder, keep)
        except (BackupError, OSError) as error:
            raise CommandError(f"No backup was made. {error}") from error
        total = manifest.database.size + sum(file.size for file in manifest.files)
        rows = sum(manifest.tables.values())
        self.stdout.write(
            f"Backed up {rows} rows of {len(manifest.tables)} tables and {len(manifest.files)} "
            f"files ({format_size(total)}) to {folder / manifest.name}."
        )
