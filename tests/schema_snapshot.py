"""Write the snapshot of the SQLite schema that new sites start from: `make schema`."""

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bhp_site.launcher.schema_snapshot import SNAPSHOT

from .schema_cache import copy_schema

# What differs from site to site, and is computed when a site is made.
COMPUTED = {
    ("django_migrations", "applied"): "CURRENT_TIMESTAMP",
    ("wagtailcore_page", "translation_key"): "lower(hex(randomblob(16)))",
}


def build_snapshot() -> str:
    """Return the SQL of the tables and rows that all migrations make in an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        copy_schema(Path(folder) / "site.sqlite3")
        database = sqlite3.connect(Path(folder) / "site.sqlite3")
        try:
            return "".join(f"{statement};\n" for statement in _list_statements(database))
        finally:
            database.close()


def _list_statements(database: sqlite3.Connection) -> Iterator[str]:
    # Full-text indexes make their own (“shadow”) tables, and SQLite those of its statistics.
    kinds = dict(database.execute("SELECT name, type FROM pragma_table_list WHERE schema = 'main'"))
    tables = [
        name
        for name, kind in sorted(kinds.items())
        if kind in ("table", "virtual") and not name.startswith("sqlite_")
    ]
    query = "SELECT sql FROM sqlite_master WHERE type = ? AND name = ?"
    for table in tables:
        yield from (sql for (sql,) in database.execute(query, ["table", table]))
    for table in tables:
        if kinds[table] == "table":
            yield from _list_rows(database, table)
    # Afterwards, so that rows are added sooner and no trigger sees them.
    query = "SELECT sql FROM sqlite_master WHERE type = ? AND sql IS NOT NULL ORDER BY name"
    for kind in ("index", "trigger"):
        yield from (sql for (sql,) in database.execute(query, [kind]))


def _list_rows(database: sqlite3.Connection, table: str) -> Iterator[str]:
    columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
    values = ", ".join(
        f"'{COMPUTED[table, column]}'" if (table, column) in COMPUTED else f'quote("{column}")'
        for column in columns
    )
    for row in database.execute(f'SELECT {values} FROM "{table}" ORDER BY "{columns[0]}"'):
        yield f'INSERT INTO "{table}" VALUES ({", ".join(row)})'


if __name__ == "__main__":
    SNAPSHOT.write_text(build_snapshot())
