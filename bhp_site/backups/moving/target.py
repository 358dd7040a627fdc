"""The PostgreSQL database to which a site is moved."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.db import connection

from ..manifest import BackupError
from ..postgresql import count_rows
from ..restoring import has_content
from .source import LIMITED_TYPE

# Any number that no other application on the PostgreSQL server uses.
MOVE_LOCK_ID = 20111203

_quote = connection.ops.quote_name


def refuse_foreign_tables() -> None:
    """Raise BackupError if the database has tables that are not the site's."""
    own = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    own |= {"django_migrations"}
    if foreign := sorted(set(connection.introspection.table_names()) - own):
        raise BackupError(
            f"The database has tables of something else ({foreign[0]}). Nothing was moved. "
            "Create an empty database for the site."
        )


def prepare_transaction() -> None:
    """Let this transaction take its time; raise BackupError if another move is running."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        # SQLite stores times in UTC, without a zone.
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [MOVE_LOCK_ID])
        if not cursor.fetchone()[0]:
            raise BackupError("A site is being moved to this database already.")


def refuse_content() -> None:
    """Raise BackupError if the database has more than a new one after its migrations.

    A move that was interrupted leaves no more than that.
    """
    if has_content():
        raise BackupError(
            "The database has content. Nothing was moved. If an earlier move ended with “The site "
            "was moved”, set DATABASE_URL and start the site. Otherwise use an empty database."
        )


def get_columns(table: str) -> dict[str, str]:
    """Return the types of the columns of `table` that can be written, by name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE"
            " table_schema = current_schema() AND table_name = %s AND is_generated = 'NEVER'",
            [table],
        )
        return dict(cursor.fetchall())


def get_length_limits(table: str) -> dict[str, int]:
    """Return the largest number of characters of columns of `table` that have one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, character_maximum_length FROM information_schema.columns WHERE"
            " table_schema = current_schema() AND table_name = %s AND data_type = %s"
            " AND character_maximum_length IS NOT NULL",
            [table, LIMITED_TYPE],
        )
        return dict(cursor.fetchall())


def empty_tables(tables: Iterable[str]) -> None:
    """Delete all rows of `tables`, those that the migrations have added."""
    names = ", ".join(_quote(table) for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names}")


def write_rows(table: str, columns: Sequence[str], rows: Iterable[Any]) -> None:
    """Add `rows` to `table`."""
    names = ", ".join(_quote(column) for column in columns)
    with connection.cursor() as cursor:
        statement = f"COPY {_quote(table)} ({names}) FROM STDIN"
        with cursor.copy(statement) as copy:  # type: ignore[attr-defined]
            for row in rows:
                copy.write_row(row)


def set_next_key(table: str, highest: int) -> None:
    """Let the next row of `table` have a key above `highest` and all that exist."""
    with connection.cursor() as cursor:
        for sequence in connection.introspection.get_sequences(cursor, table):
            cursor.execute(f"SELECT MAX({_quote(sequence['column'])}) FROM {_quote(table)}")  # noqa: S608
            last = max(highest, cursor.fetchone()[0] or 0)
            # The smallest value of a sequence is 1; False says that it has not been used.
            cursor.execute(
                "SELECT setval(%s, %s, %s)", [_quote(sequence["name"]), last or 1, last > 0]
            )


def check_references() -> None:
    """Check now that every row refers to rows that exist, instead of at the end."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def count_all_rows() -> dict[str, int]:
    """Return the number of rows of each table, and collect statistics for fast queries."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return count_rows()


def explain(error: Exception) -> str:
    """Return in one line what PostgreSQL refuses, and where."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is None:
        return str(error)
    parts = (diagnosis.message_primary, diagnosis.message_detail, diagnosis.context)
    return re.sub(r"\s+", " ", ". ".join(part for part in parts if part))
