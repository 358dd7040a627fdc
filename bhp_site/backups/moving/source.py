"""Reads the SQLite database that is moved, in one read transaction."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

from ..manifest import BackupError
from ..sqlite import count_table_rows, refuse_damaged

TIMEOUT_SECONDS = 60
# The types of columns in which PostgreSQL reads JSON, and limits the number of characters.
JSON_TYPE, LIMITED_TYPE = "jsonb", "character varying"
REPLACEMENT = "\ufffd"


class SourceDatabase:
    """The database as it is at one moment, and whether it was changed afterwards."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database
        self.version = self._get_data_version()
        # Number of values from which NUL or surrogates were removed.
        self.cleaned = 0
        database.execute("BEGIN")
        # The first read begins the snapshot.
        self.row_counts = count_table_rows(database)

    @classmethod
    @contextlib.contextmanager
    def open(cls, path: Path) -> Iterator[Self]:
        """Yield the database in the file `path`, which nothing here changes.

        Raises BackupError if there is none, or it is damaged.
        """
        if not path.is_file():
            raise BackupError(f"There is no SQLite database at {path}.")
        with contextlib.closing(
            sqlite3.connect(path, timeout=TIMEOUT_SECONDS, isolation_level=None)
        ) as database:
            database.execute("PRAGMA query_only = ON")
            # Bytes that are not UTF-8 would otherwise end the move.
            database.text_factory = lambda content: content.decode(errors="replace")
            refuse_damaged(database, path)
            if database.execute("PRAGMA foreign_key_check").fetchone():
                raise BackupError(
                    f"Rows in {path} refer to missing rows. Run “manage.py verify”, which lists "
                    "them, and correct them first."
                )
            yield cls(database)

    def has_changed(self) -> bool:
        """Return True if another process has committed since the snapshot; end the snapshot."""
        if self.database.in_transaction:
            self.database.execute("ROLLBACK")
        return self._get_data_version() != self.version

    def get_columns(self, table: str) -> list[str]:
        """Return the names of the columns of `table`."""
        rows = self.database.execute("SELECT name FROM pragma_table_info(?)", [table])
        return [name for (name,) in rows]

    def get_highest_key(self, table: str) -> int:
        """Return the highest key that `table` has ever given to a row; 0 if it is not known."""
        row = self.database.execute(
            "SELECT seq FROM sqlite_sequence WHERE name = ?", [table]
        ).fetchone()
        return int(row[0] or 0) if row else 0

    def get_migrations(self) -> set[tuple[str, str]]:
        """Return the database's migrations as (app, name); raise BackupError if there are none."""
        if "django_migrations" not in self.row_counts:
            raise BackupError("The SQLite database is not one of this site.")
        return set(self.database.execute("SELECT app, name FROM django_migrations"))

    def find_long_values(self, table: str, limits: dict[str, int]) -> Iterator[str]:
        """Yield a sentence for each column with values longer than its limit in PostgreSQL."""
        for column, limit in limits.items():
            rows = self.database.execute(
                f'SELECT rowid, LENGTH("{column}") FROM "{table}"'  # noqa: S608
                f' WHERE LENGTH("{column}") > ? LIMIT 5',
                [limit],
            )
            for key, length in rows:
                yield (
                    f"{table}, row {key}: {column} has {length} characters, at most {limit} fit."
                )

    def iter_rows(self, table: str, columns: Sequence[str], types: Sequence[str]) -> Iterator[Any]:
        """Yield the rows of `table` as PostgreSQL reads them from text."""
        names = ", ".join(f'"{column}"' for column in columns)
        is_json = [kind == JSON_TYPE for kind in types]
        for row in self.database.execute(f'SELECT {names} FROM "{table}"'):  # noqa: S608
            yield [
                self._clean(value, in_json) if isinstance(value, str) else value
                for value, in_json in zip(row, is_json, strict=True)
            ]

    def _clean(self, value: str, is_json: bool) -> str:
        """Return `value` without characters that PostgreSQL refuses: NUL and lone surrogates."""
        if is_json and "\\u" in value:
            content = json.loads(value)
            cleaned = _clean_json(content)
            self.cleaned += cleaned != content
            return json.dumps(cleaned)
        if "\0" not in value:
            return value
        self.cleaned += 1
        return value.replace("\0", "")

    def _get_data_version(self) -> int:
        """Return a number that differs after each commit of another connection."""
        return self.database.execute("PRAGMA data_version").fetchone()[0]


def _clean_json(value: Any) -> Any:
    """Return `value`, which was read from JSON, without characters that PostgreSQL refuses."""
    if isinstance(value, str):
        text = value.replace("\0", "")
        return "".join(REPLACEMENT if "\ud800" <= char <= "\udfff" else char for char in text)
    if isinstance(value, list):
        return [_clean_json(item) for item in value]
    if isinstance(value, dict):
        return {_clean_json(key): _clean_json(item) for key, item in value.items()}
    return value
