"""Prepares the data folder and the database, so that the site can start."""

import contextlib
import fcntl
import hashlib
import io
import logging
import os
import shutil
import time
from collections.abc import Iterator

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core import management
from django.db import OperationalError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from redis.exceptions import RedisError

from bhp_site.backups.reference_index import rebuild_if_outdated
from bhp_site.core.database_version import DatabaseTooOld, refuse_version_1
from bhp_site.core.models import User
from bhp_site.core.monitoring import metrics
from bhp_site.environment import read_or_create_secret
from bhp_site.home.models import HomePage
from bhp_site.sign_in.first_password import get_first_password_path

from .schema_snapshot import load_schema_snapshot

# Any number that no other application on the PostgreSQL server uses.
SETUP_LOCK_ID = 20111201
ABANDONED_FILE_SECONDS = 3600
FIRST_PASSWORD_BYTES = 12


class ServiceUnavailable(Exception):
    """The database or the cache cannot be used; the message says which and why."""


def prepare_quietly() -> str:
    """Prepare the site without log messages; return the password of a new account, else "".

    Raises ServiceUnavailable. No database connection stays open.
    """
    logging.disable(logging.INFO)
    try:
        return prepare_exclusively()
    finally:
        logging.disable(logging.NOTSET)
        connections.close_all()


def prepare_exclusively() -> str:
    """Call `prepare` while no other launcher does, and return what it returns.

    Raises ServiceUnavailable if the database or the cache cannot be used.
    """
    try:
        with acquire_setup_lock():
            return prepare()
    except (OperationalError, RedisError) as error:
        service = "database" if isinstance(error, OperationalError) else "cache"
        reason = str(error).partition("\n")[0]
        raise ServiceUnavailable(f"The site cannot use its {service}: {reason}") from error


@contextlib.contextmanager
def acquire_setup_lock() -> Iterator[None]:
    """Hold the lock of the data folder and, on PostgreSQL, of the database within the block.

    Other launchers wait for it, however long that takes.
    """
    with (settings.DATA_DIR / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            # Another launcher may need minutes.
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SET lock_timeout = 0")
            cursor.execute("SELECT pg_advisory_lock(%s)", [SETUP_LOCK_ID])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [SETUP_LOCK_ID])


def prepare() -> str:
    """Create what is missing: tables, static files, pages and an account.

    Return the password of a new account, else "". Raises SystemExit for a database of version 1.
    """
    try:
        refuse_version_1(connection)
    except DatabaseTooOld as error:
        raise SystemExit(str(error)) from error
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Preparing the database …", flush=True)
        load_schema_snapshot(connection)
        management.call_command("migrate", verbosity=0)
    if not (settings.DEBUG or settings.STATIC_COLLECTED):
        collect_static()
    if settings.DEMO and not HomePage.objects.exists():
        print("Loading demonstration content (DEMO=0 starts an empty site) …", flush=True)
        # In one transaction: the next start would take a part of it for the whole.
        with transaction.atomic():
            management.call_command("demo", stdout=io.StringIO())
    management.call_command("bootstrap")
    rebuild_if_outdated()
    delete_abandoned_files()
    if settings.METRICS_TOKEN:
        metrics.reset_metrics()
    return create_first_account()


def collect_static() -> None:
    """Collect static files if their sources or their settings have changed."""
    state = hashlib.sha256(f"{settings.STATIC_COMPRESS_ALL}".encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = os.stat(storage.path(name))
            state.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    stamp = settings.STATIC_ROOT / ".collected"
    if not stamp.exists() or stamp.read_text() != state.hexdigest():
        print("Collecting static files …", flush=True)
        management.call_command(
            "collectstatic", verbosity=0, interactive=False, clear=stamp.exists()
        )
        stamp.write_text(state.hexdigest())


def delete_abandoned_files() -> None:
    """Delete uploads and spooled responses that killed processes left an hour ago or earlier."""
    for folder in (settings.FILE_UPLOAD_TEMP_DIR, settings.SPOOL_DIR):
        for path in folder.iterdir():
            if time.time() - path.stat().st_mtime > ABANDONED_FILE_SECONDS:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def create_first_account() -> str:
    """Create an account if there is none; return its password, else ""."""
    if User.objects.exists():
        return ""
    password = read_or_create_secret(get_first_password_path(), FIRST_PASSWORD_BYTES)
    User.objects.create_superuser(settings.ADMIN_EMAIL, password)
    return password
