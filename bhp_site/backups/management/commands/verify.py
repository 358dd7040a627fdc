from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bhp_site.backups.manifest import BackupError, Manifest, find_backup
from bhp_site.backups.verification import iter_problems, use_plain_static_files


class Command(BaseCommand):
    help = (
        "Check that the site is complete: bytes, page tree, references, public pages and "
        "documents, unpublished pages, and signing in. With DIR also that rows and files are "
        "those of the backup, before the restored site is started. Changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the folder and `--backup`."""
        parser.add_argument(
            "folder", metavar="DIR", type=Path, nargs="?", help="folder of the backups"
        )
        parser.add_argument("--backup", default="", help="name of a backup (default: the latest)")

    def handle(self, *args: Any, folder: Path | None, backup: str, **options: Any) -> None:
        """Print each problem; raises CommandError if there is any."""
        try:
            manifest = Manifest.read(find_backup(folder, backup)) if folder else None
        except BackupError as error:
            raise CommandError(str(error)) from error
        count = 0
        with use_plain_static_files():
            for problem in iter_problems(manifest, lambda line: self.stdout.write(f"{line} …")):
                self.stderr.write(problem)
                count += 1
        if count:
            raise CommandError(f"{count} problems were found. They are listed above.")
        self.stdout.write("No problems found.")
