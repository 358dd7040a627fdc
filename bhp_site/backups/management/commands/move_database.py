import os
import sys
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, connection

from bhp_site.backups.manifest import BackupError
from bhp_site.backups.moving.move import move_database
from bhp_site.backups.verification import use_plain_static_files

SCHEMES = ("postgres", "postgresql")


class Command(BaseCommand):
    help = (
        "Move the site from SQLite to the empty PostgreSQL database URL: everything in the "
        "database, with history, accounts and sessions. Stop the site first. The SQLite database "
        "is not changed. Interrupting and repeating the command is harmless. Without URL, "
        "DATABASE_URL names the new database; other users of the machine cannot see it there."
    )
    # The database has no tables yet.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the URL and `--from`."""
        parser.add_argument("url", metavar="URL", nargs="?", default="")
        parser.add_argument(
            "--from",
            dest="path",
            type=Path,
            help="the SQLite database (default: that of the site)",
        )

    def handle(self, *args: Any, url: str, path: Path | None, **options: Any) -> None:
        """Move the site; raises CommandError if that is refused or fails."""
        if url:
            restart_on(url, path)
        if connection.vendor != "postgresql":
            raise CommandError("Name the new database: manage.py move_database postgres://…")
        path = path or settings.DATA_DIR / "site.sqlite3"
        try:
            with use_plain_static_files():
                seconds = move_database(path, self.stdout.write)
        except (BackupError, OSError, Error) as error:
            raise CommandError(f"The move has failed. {error}") from error
        self.stdout.write(
            f"The site was moved in {seconds:.0f} seconds, and verified. Next: set DATABASE_URL "
            f"to the new database, start the site, and look at it. Then make a backup. {path} was "
            "not changed: without DATABASE_URL the site uses it again, without later changes."
        )


def restart_on(url: str, path: Path | None) -> NoReturn:
    """Run this command again in a process whose database is `url`.

    Raises CommandError if `url` is not of PostgreSQL, or the site already uses PostgreSQL.
    """
    if urlsplit(url).scheme not in SCHEMES:
        raise CommandError("The URL of the new database must begin with postgres://.")
    if connection.vendor != "sqlite":
        raise CommandError("This site uses PostgreSQL already.")
    source = path or connection.settings_dict["NAME"]
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "move_database"]
    # Without the URL, which holds a password that other users of the machine could see.
    environ = os.environ | {"DATABASE_URL": url}
    os.execve(sys.executable, [*command, f"--from={source}"], environ)  # noqa: S606  # nosec B606
