"""Snapshots of a SQLite database while it is written to, and restoring them."""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.db import connection

from .manifest import BackupError

DUMP_NAME = "database.sqlite3"
TIMEOUT_SECONDS = 60


def dump(target: Path) -> dict[str, int]:
    """Write a consistent copy of the database to `target`; return the rows of each table.

    All pages are copied in one read transaction, which does not block writers (WAL). A copy of
    the file alone would lack what is in the write-ahead log.
    """
    with _connect(_get_path()) as source, _connect(target) as copy:
        source.backup(copy)
        # Without the log, the copy is one file.
        copy.execute("PRAGMA journal_mode=DELETE")
        refuse_damaged(copy, target)
        return count_table_rows(copy)


def restore(source: Path, statements: Sequence[str]) -> None:
    """Replace the database by the copy in `source`, after `statements`, in one transaction."""
    working = _get_path().with_name("restoring.sqlite3")
    working.unlink(missing_ok=True)
    connection.close()
    try:
        with _connect(source) as backup, _connect(working) as copy:
            backup.backup(copy)
            refuse_damaged(copy, source)
            for statement in statements:
                copy.execute(statement)
            copy.commit()
            with _connect(_get_path()) as database:
                copy.backup(database)
                database.execute("PRAGMA journal_mode=WAL")
    finally:
        working.unlink(missing_ok=True)


def count_rows() -> dict[str, int]:
    """Return the number of rows of each table of the site."""
    with _connect(_get_path()) as database:
        return count_table_rows(database)


def count_table_rows(database: sqlite3.Connection) -> dict[str, int]:
    """Return the number of rows of each table of `database`."""
    names = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'"
    ).fetchall()
    return {
        name: database.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]  # noqa: S608
        for (name,) in sorted(names)
    }


def refuse_damaged(database: sqlite3.Connection, path: Path) -> None:
    """Raise BackupError if the database is damaged."""
    result = database.execute("PRAGMA integrity_check").fetchone()[0]
    if result != "ok":
        raise BackupError(f"The database in {path} is damaged: {result}")


def get_server_version() -> str:
    """Return the version of SQLite."""
    return f"SQLite {sqlite3.sqlite_version}"


def _get_path() -> Path:
    return Path(connection.settings_dict["NAME"])


@contextlib.contextmanager
def _connect(path: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(path, timeout=TIMEOUT_SECONDS)) as database:
        yield database
