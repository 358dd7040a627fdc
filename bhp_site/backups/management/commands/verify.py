from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.test import override_settings

from bhp_site.backups.manifest import BackupError, Manifest, find_backup
from bhp_site.backups.verification import iter_problems


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
        # Static files are collected when a restored site is started, which is later.
        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        with override_settings(STORAGES=settings.STORAGES | {"staticfiles": plain}):
            for problem in iter_problems(manifest, lambda line: self.stdout.write(f"{line} …")):
                self.stderr.write(problem)
                count += 1
        if count:
            raise CommandError(f"{count} problems were found. They are listed above.")
        self.stdout.write("No problems found.")
