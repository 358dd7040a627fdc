from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bhp_site.backups.manifest import BackupError, hash_secret_key
from bhp_site.backups.restoring import restore_backup, restore_media_only


class Command(BaseCommand):
    help = (
        "Restore the latest backup in DIR to this site, which must be stopped. The site sends no "
        "e-mail until you run enable_mail."
    )
    # The database may have no tables yet, or those of another version.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the folder, `--backup` and `--overwrite`."""
        parser.add_argument("folder", metavar="DIR", type=Path, help="folder of the backups")
        parser.add_argument("--backup", default="", help="name of a backup (default: the latest)")
        parser.add_argument(
            "--overwrite", action="store_true", help="replace the content that this site has"
        )
        parser.add_argument(
            "--media-only",
            action="store_true",
            help="restore documents and images only, for a database that was recovered to a time",
        )

    def handle(
        self,
        *args: Any,
        folder: Path,
        backup: str,
        overwrite: bool,
        media_only: bool,
        **options: Any,
    ) -> None:
        """Restore a backup; raises CommandError if that is refused or fails."""
        try:
            if media_only:
                manifest = restore_media_only(folder, backup)
            else:
                manifest = restore_backup(folder, backup, overwrite)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        what = "the media of the backup" if media_only else "the backup"
        self.stdout.write(f"Restored {what} of {manifest.data_from:%Y-%m-%d %H:%M} UTC.")
        if manifest.secret_key_hash != hash_secret_key():
            self.stdout.write(
                "SECRET_KEY is not the one of the backup: sessions end, and private links that "
                "were sent do not work. Set the old key if you have it."
            )
        # The rows of a database that was recovered to another time are not those of the backup.
        verified = "" if media_only else f" {folder} --backup {manifest.name}"
        self.stdout.write(
            f"E-mail is off. Next: manage.py verify{verified}, start the site, look at it, then "
            "manage.py enable_mail."
        )
