"""Restores a backup to an empty site, or over another state of it."""

import contextlib
import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from wagtail.models import Page

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.models import User
from bhp_site.tasks.heartbeat import is_worker_alive

from .creating import get_engine
from .manifest import BackupError, Manifest, find_backup, hash_file
from .media import has_object, iter_media, restore_media
from .models import MailHold

# The root page, and the welcome page or home page below it, which an empty site has.
MAX_EMPTY_PAGES = 2


def restore_backup(root: Path, name: str = "", overwrite: bool = False) -> Manifest:
    """Restore the backup `name`, or the latest, of those in `root`; return its manifest.

    Raises BackupError, without a change, if the backup is damaged, is of another kind of database
    or a later version, or if the site runs or has content and `overwrite` is False. The media are
    restored first, then the database in one transaction, so an interrupted run can be repeated.
    """
    folder = find_backup(root, name)
    manifest = Manifest.read(folder)
    refuse_unusable(root, folder, manifest)
    if not overwrite:
        refuse_content(manifest)
    refuse_running_site()
    restore_media(root, manifest.files)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=settings.DATA_DIR) as working:
        dump = Path(working) / manifest.database.path
        shutil.copyfile(folder / manifest.database.path, dump)
        get_engine().restore(dump, [get_hold_statement()])
    forget_cached_responses()
    return manifest


def restore_media_only(root: Path, name: str = "") -> Manifest:
    """Restore the files of a backup beside a database that was recovered in another way.

    Turns e-mail off, as `restore_backup` does, and returns the manifest. Raises BackupError if the
    backup is damaged or the site runs.
    """
    folder = find_backup(root, name)
    manifest = Manifest.read(folder)
    refuse_running_site()
    restore_media(root, manifest.files)
    if not MailHold.objects.exists():
        MailHold.objects.create(since=timezone.now())
    forget_cached_responses()
    return manifest


def refuse_running_site() -> None:
    """Raise BackupError if a worker of the site shows signs of life."""
    if is_worker_alive():
        raise BackupError("The site is running. Stop it, wait a minute, and try again.")


def get_hold_statement() -> str:
    """Return SQL that turns e-mail off in the restored database."""
    since = timezone.now().strftime("%Y-%m-%d %H:%M:%S+00:00")
    if connection.vendor == "sqlite":
        since = since.removesuffix("+00:00")
    table = connection.ops.quote_name(MailHold._meta.db_table)
    return f"INSERT INTO {table} (since) VALUES ('{since}')"  # noqa: S608


def refuse_unusable(root: Path, folder: Path, manifest: Manifest) -> None:
    """Raise BackupError if the backup cannot be restored here or is incomplete."""
    if manifest.engine != connection.vendor:
        raise BackupError(
            f"This is a backup of {manifest.engine}, and the site uses {connection.vendor}. "
            f"Set DATABASE_URL to a {manifest.engine} database, and restore it there."
        )
    own_migrations = {".".join(key) for key in MigrationLoader(None).disk_migrations}
    if unknown := sorted(set(manifest.migrations) - own_migrations):
        raise BackupError(
            f"The backup was made by a later version of the site ({manifest.software['site']}), "
            f"with the migration {unknown[0]}. Install that version first."
        )
    dump = folder / manifest.database.path
    if not dump.exists() or hash_file(dump) != manifest.database.sha256:
        raise BackupError(f"{dump} is missing or has changed. Use another copy of the backup.")
    for file in manifest.files:
        if not has_object(root, file):
            raise BackupError(f"The backup lacks the bytes of {file.path}, or part of them.")


def refuse_content(manifest: Manifest) -> None:
    """Raise BackupError if the site has accounts, pages, or files that are not in the backup."""
    advice = "Use an empty database and DATA_DIR, or --overwrite to replace what is there."
    with contextlib.suppress(DatabaseError):
        # Tables that do not exist raise.
        if has_content():
            raise BackupError(f"The database has content. Nothing was restored. {advice}")
    expected = {file.path for file in manifest.files}
    for file in iter_media():
        if file.name not in expected:
            raise BackupError(f"The site has stored files. Nothing was restored. {advice}")


def has_content() -> bool:
    """Return True if the database has accounts, or more pages than an empty site."""
    return User.objects.exists() or Page.objects.count() > MAX_EMPTY_PAGES


def forget_cached_responses() -> None:
    """Delete cached pages, which are of another state of the site."""
    shutil.rmtree(settings.DATA_DIR / "page_cache", ignore_errors=True)
    cache_version.advance()
    cache.clear()
