"""Makes backups while the site is in use, and deletes old ones."""

import contextlib
import datetime
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from bhp_site.core.storage.files import PARTIAL_PREFIX

from . import history, postgresql, sqlite
from .manifest import (
    OBJECTS_NAME,
    BackupError,
    Manifest,
    StoredFile,
    get_software,
    hash_file,
    hash_secret_key,
    iter_backups,
)
from .media import copy_media


def get_engine() -> Any:
    """Return the module that dumps and restores the site's kind of database."""
    return postgresql if connection.vendor == "postgresql" else sqlite


def create_backup(root: Path, keep: int = 0) -> Manifest:
    """Add a backup to those in `root`, delete all but the `keep` latest, and return its manifest.

    With `keep` 0 none is deleted. Raises BackupError. The database is dumped between two copies of
    the media folder: the first has what is deleted during the dump, and the second what is added.
    """
    refuse_media_folder(root)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with lock_backups(root):
        started_at = timezone.now()
        former_files = _get_known_files(root)
        before = copy_media(root, former_files)
        folder = Path(tempfile.mkdtemp(dir=root, prefix=PARTIAL_PREFIX))
        try:
            manifest = _fill(folder, root, started_at, before)
            # A power cut after this leaves a complete backup.
            os.sync()
            folder.rename(root / manifest.name)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        history.record_backup(started_at)
        if keep:
            delete_old_backups(root, keep)
    return manifest


def _fill(
    folder: Path, root: Path, started_at: datetime.datetime, before: dict[str, StoredFile]
) -> Manifest:
    """Write database and manifest to `folder`, and new files to `root`; return the manifest."""
    engine = get_engine()
    dump = folder / engine.DUMP_NAME
    tables = engine.dump(dump)
    dump.chmod(0o600)
    files = before | copy_media(root, before)
    manifest = Manifest(
        name=f"{started_at:%Y%m%dT%H%M%S%f}Z",
        started_at=started_at.isoformat(),
        finished_at=timezone.now().isoformat(),
        engine=connection.vendor,
        database=StoredFile(dump.name, dump.stat().st_size, hash_file(dump)),
        tables=tables,
        files=[files[name] for name in sorted(files)],
        migrations=list_applied_migrations(),
        software=get_software() | {"database": engine.get_server_version()},
        secret_key_hash=hash_secret_key(),
    )
    manifest.write(folder)
    return manifest


def list_applied_migrations() -> list[str]:
    """Return the migrations that the database has, as "app.name"."""
    return sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations())


def refuse_media_folder(root: Path) -> None:
    """Raise BackupError if `root` is in the media folder, whose copy would contain itself."""
    if not settings.STORAGE_URL and root.resolve().is_relative_to(settings.MEDIA_ROOT.resolve()):
        raise BackupError("Choose a folder outside the media folder, best on another disk.")


@contextlib.contextmanager
def lock_backups(root: Path) -> Iterator[None]:
    """Hold the lock of the backups in `root`; raise BackupError if another process holds it."""
    with (root / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError("Another backup is being made in this folder.") from error
        yield


def _get_known_files(root: Path) -> dict[str, StoredFile]:
    """Return the files of the latest backup by path."""
    for folder in iter_backups(root):
        with contextlib.suppress(BackupError):
            return {file.path: file for file in Manifest.read(folder).files}
    return {}


def delete_old_backups(root: Path, keep: int) -> None:
    """Delete all but the `keep` latest backups, and the files that only they contain.

    Raises BackupError, and deletes no files, if a manifest that is kept cannot be read.
    """
    folders = list(iter_backups(root))
    used = {file.sha256 for folder in folders[:keep] for file in Manifest.read(folder).files}
    for folder in folders[keep:]:
        shutil.rmtree(folder)
    # What an interrupted run has left.
    for folder in root.glob(f"{PARTIAL_PREFIX}*"):
        shutil.rmtree(folder)
    for path in (root / OBJECTS_NAME).rglob("*"):
        if path.is_file() and path.name not in used:
            path.unlink()
