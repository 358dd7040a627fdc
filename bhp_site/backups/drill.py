"""Restores the latest backup to a temporary site and verifies it there."""

import contextlib
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import DatabaseError, connection

from bhp_site.core.storage.files import PARTIAL_PREFIX

from .creating import lock_backups
from .history import record_drill
from .manifest import BackupError, Manifest, find_backup

# Services of the real site, which the temporary one must not use.
UNUSED_VARIABLES = (
    "DATABASE_URL",
    "DATABASE_PASSWORD",
    "CACHE_URL",
    "EMAIL_URL",
    "METRICS_TOKEN",
    "ALERTS_BOUNCES",
    "STORAGE_URL",
)


def run_drill(root: Path, url: str = "") -> tuple[str, float]:
    """Restore and verify the latest backup in `root`; return its name and the seconds it took.

    `url` names an empty PostgreSQL database; without it one is created and dropped. Raises
    BackupError if the backup cannot be restored or has problems.
    """
    begin = time.monotonic()
    folder = find_backup(root)
    manifest = Manifest.read(folder)
    with (
        lock_backups(root),
        tempfile.TemporaryDirectory(dir=root, prefix=f"{PARTIAL_PREFIX}drill-") as data,
        create_temporary_database(url) as database_url,
    ):
        env = {k: v for k, v in os.environ.items() if k not in UNUSED_VARIABLES}
        env |= {"DATA_DIR": data, "SECRET_KEY": settings.SECRET_KEY}
        env |= {"STATIC_ROOT": str(settings.STATIC_ROOT)}
        env |= {"DATABASE_URL": database_url} if database_url else {}
        for command in ("restore", "verify"):
            _run(env, command, str(root.resolve()), "--backup", folder.name)
    record_drill(manifest.data_from)
    return folder.name, time.monotonic() - begin


@contextlib.contextmanager
def create_temporary_database(url: str) -> Iterator[str]:
    """Yield `url`, or the URL of a database that exists for so long; "" stands for SQLite.

    Raises BackupError if the site may not create a database.
    """
    if url or connection.vendor == "sqlite":
        yield url
        return
    name = f"drill_{secrets.token_hex(8)}"
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"CREATE DATABASE {name}")
        except DatabaseError as error:
            raise BackupError(
                "The site may not create a database. Create an empty one and name it with "
                f"--database. ({error})"
            ) from error
        try:
            yield build_url(name)
        finally:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def build_url(name: str) -> str:
    """Return the URL of the database `name` on the server of the site."""
    have = connection.settings_dict
    parts = {key: quote(str(have[key]), safe="") for key in ("USER", "PASSWORD", "HOST", "PORT")}
    options = {key: value for key, value in have["OPTIONS"].items() if key.startswith("ssl")}
    account = parts["USER"] + (f":{parts['PASSWORD']}" if parts["PASSWORD"] else "")
    port = f":{parts['PORT']}" if parts["PORT"] else ""
    query = f"?{urlencode(options)}" if options else ""
    return f"postgres://{account}@{parts['HOST']}{port}/{name}{query}"


def _run(env: dict[str, str], *command: str) -> None:
    """Run a management command of the temporary site; raise BackupError if it fails."""
    program = [sys.executable, str(settings.BASE_DIR / "manage.py"), *command]
    done = subprocess.run(program, env=env, capture_output=True, text=True)
    if done.returncode:
        raise BackupError(f"{command[0]}: {done.stderr.strip()[-2000:]}")
