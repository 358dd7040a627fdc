"""A cache of the migrated, otherwise empty test database, built once per set of migrations.

Migrating takes about 15 seconds of CPU time, copying the result some milliseconds. The cached
SQLite database is a file in the folder for temporary files, that of PostgreSQL a database of the
server, given to Django as `TEST["TEMPLATE"]`; a dump of it serves servers that are started later. A
hash of what decides the schema names them.
"""

import contextlib
import fcntl
import functools
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(tempfile.gettempdir()) / f"bhp-test-schema-{os.getuid()}"
PACKAGES = ("bhp_site", "news", "partners", "reports")
MAX_CACHED_SCHEMAS = 16
MAX_BUILD_SECONDS = 24 * 60 * 60
MIGRATE = """
import gc
# Migrating creates classes for every state: a fifth of the time goes into collecting garbage.
gc.set_threshold(200_000)
from bhp_site.__main__ import configure
configure()
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""


@functools.cache
def get_schema_hash() -> str:
    """Return a hash of all migrations: our own by their text, the packages' by their versions.

    The settings say which packages are installed.
    """
    files = [ROOT / "requirements-dev.txt", ROOT / "bhp_site/settings.py"]
    for package in PACKAGES:
        files += sorted((ROOT / package).rglob("migrations/*.py"))
    return hash_files(sys.version, files)


def hash_files(start: str, files: Iterable[Path]) -> str:
    """Return a hash of `start` and of the names and contents of `files`."""
    digest = hashlib.sha256(start.encode())
    for file in files:
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:32]


@contextlib.contextmanager
def lock_cache(name: str) -> Iterator[None]:
    """Let one test process at a time build `name`, which the cache lacks: others then copy it."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def lock_schema() -> contextlib.AbstractContextManager[None]:
    """Let one test process at a time migrate to the schema of this state of the code."""
    return lock_cache(f"schema-{get_schema_hash()}")


def copy_schema(target: Path) -> None:
    """Copy the cached SQLite database, built if missing, to `target`, for a site to begin with."""
    with lock_schema():
        if not _get_cached_file().exists():
            _migrate()
        shutil.copyfile(use(_get_cached_file()), target)


def start_from_cache(connection: BaseDatabaseWrapper, sqlite_file: Path) -> None:
    """Let Django create the test database of `connection` as a copy of the cached one, if any.

    On SQLite it becomes `sqlite_file`.
    """
    test_settings = connection.settings_dict["TEST"]
    if connection.vendor == "sqlite":
        test_settings["NAME"] = str(sqlite_file)
        if _get_cached_file().exists():
            shutil.copyfile(use(_get_cached_file()), sqlite_file)
    elif _template_exists(connection) or _restore_template(connection):
        test_settings["TEMPLATE"] = get_template_name()


def cache_schema(connection: BaseDatabaseWrapper) -> None:
    """Cache the test database of `connection`, which has been migrated, unless it is cached."""
    connection.close()
    if connection.vendor == "sqlite":
        _cache_file(Path(connection.settings_dict["NAME"]))
    elif not _template_exists(connection):
        name, source = get_template_name(), connection.settings_dict["NAME"]
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        _dump_template(connection)


def _migrate() -> None:
    """Cache a database that a process of its own has migrated."""
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        env = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        command = [sys.executable, "-c", MIGRATE]
        subprocess.run(command, cwd=ROOT, env=env | {"DATA_DIR": folder}, check=True)
        _cache_file(Path(folder) / "site.sqlite3")


def use(cached: Path) -> Path:
    """Return `cached`, marked as used now: what was used last is kept."""
    os.utime(cached)
    return cached


def remove_all_but_latest(number: int, pattern: str) -> None:
    """Remove what the cache holds under names like `pattern`, but the `number` used last.

    Other checkouts share the cache. What a process that was killed has not finished building is
    removed as well, after a day.
    """
    unused = sorted(FOLDER.glob(pattern), key=_get_time_of_use)[:-number]
    begun_before = time.time() - MAX_BUILD_SECONDS
    unfinished = [path for path in FOLDER.glob("tmp*") if _get_time_of_use(path) < begun_before]
    for path in (*unused, *unfinished):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _get_time_of_use(path: Path) -> float:
    """Return when `path` was built or used last, the present if it has been removed meanwhile."""
    with contextlib.suppress(FileNotFoundError):
        return path.stat().st_mtime
    return time.time()


def _get_cached_file() -> Path:
    return FOLDER / f"{get_schema_hash()}.sqlite3"


def _cache_file(source: Path) -> None:
    if _get_cached_file().exists():
        return
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        copy = Path(folder) / "schema.sqlite3"
        database = sqlite3.connect(source)
        # Unlike a copy of the file, this includes the write-ahead log.
        database.execute("VACUUM INTO ?", [str(copy)])
        database.close()
        copy.replace(_get_cached_file())
    remove_all_but_latest(MAX_CACHED_SCHEMAS, "*.sqlite3")


def get_template_name() -> str:
    """Return the name of the PostgreSQL database that has all tables, and is only copied."""
    return f"bhp_schema_{get_schema_hash()}"


def _template_exists(connection: BaseDatabaseWrapper) -> bool:
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        cursor.execute(query, [get_template_name()])
        return bool(cursor.fetchone())


def _get_dump() -> Path:
    return FOLDER / f"{get_schema_hash()}.dump"


def _dump_template(connection: BaseDatabaseWrapper) -> None:
    """Keep a dump of the template, if this machine has a `pg_dump` that suits the server."""
    dump_database(_get_dump(), *_get_template_options(connection))
    remove_all_but_latest(MAX_CACHED_SCHEMAS, "*.dump")


def dump_database(dump: Path, *source: str) -> None:
    """Keep a dump of the PostgreSQL database that the options `source` name in the file `dump`.

    There is none without a `pg_dump` that suits the server.
    """
    unfinished = dump.with_suffix(f".{os.getpid()}")
    options = ("--format=custom", "--no-owner", f"--file={unfinished}")
    if _run_program("pg_dump", *options, *source):
        unfinished.replace(dump)
    unfinished.unlink(missing_ok=True)


def _restore_template(connection: BaseDatabaseWrapper) -> bool:
    """Create the template from the dump; return False without one that suits the server."""
    if not _get_dump().exists():
        return False
    name = get_template_name()
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f'CREATE DATABASE "{name}"')
    if restore_dump(_get_dump(), *_get_template_options(connection)):
        return True
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f'DROP DATABASE "{name}"')
    return False


def restore_schema(url: str) -> bool:
    """Create all tables in the empty PostgreSQL database at `url` from the dump.

    Return False, and leave the database empty, without a dump that suits the server.
    """
    return _get_dump().exists() and restore_dump(_get_dump(), f"--dbname={url}")


def restore_dump(dump: Path, *target: str) -> bool:
    """Restore `dump` to the PostgreSQL database that the options `target` name.

    Return False, and leave the database empty, if `pg_restore` does not suit the server.
    """
    options = ("--no-owner", "--exit-on-error", "--single-transaction")
    return _run_program("pg_restore", *options, *target, str(use(dump)))


def _get_template_options(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the options with which a program of PostgreSQL connects to the template."""
    template = connection.settings_dict | {"NAME": get_template_name()}
    (_, *server, name), _ = connection.client.settings_to_cmd_args_env(template, [])
    return [*server, f"--dbname={name}"]


def _run_program(name: str, *options: str) -> bool:
    """Run a program of PostgreSQL; return whether it exists and succeeded.

    A server that asks for a password keeps the template itself, and needs no dump.
    """
    with contextlib.suppress(FileNotFoundError):
        command = [name, "--no-password", *options]
        return subprocess.run(command, capture_output=True).returncode == 0
    return False
