"""Write the database fixtures of the current version: `python -m tests.upgrades.make_fixture`.

Run it once for a release whose upgrades are to be tested, and keep the files from then on.
"""

import contextlib
import os
import sqlite3
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

from ..postgresql_cluster import postgres_programs, run_cluster

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
BUILD = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.db import transaction
from tests.shared_fixtures import build_site
with transaction.atomic():
    build_site()
"""
# Commands of psql, comments, and a statement that older servers do not know.
UNWANTED = ("\\", "--", "SET transaction_timeout")


def main() -> None:
    """Build the small site on both databases and write each as SQL."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    with tempfile.TemporaryDirectory() as folder:
        build(folder)
        with contextlib.closing(sqlite3.connect(f"{folder}/site.sqlite3")) as database:
            write(f"{version}.sqlite.sql", "\n".join(dump_sqlite(database)))
    with run_cluster() as cluster, tempfile.TemporaryDirectory() as data:
        build(data, DATABASE_URL=cluster.url)
        write(f"{version}.postgresql.sql", dump_postgresql(cluster.url))


def build(data: str, **variables: str) -> None:
    """Create the small site with the data folder `data` and these environment variables."""
    env = {"PATH": os.environ["PATH"], "DATA_DIR": data, "DEBUG": "0", "PYTHONPATH": str(ROOT)}
    env |= {"DJANGO_SETTINGS_MODULE": "bhp_site.settings"} | variables
    subprocess.run([sys.executable, "-c", BUILD], cwd=ROOT, env=env, check=True)


def dump_sqlite(database: sqlite3.Connection) -> Iterator[str]:
    """Yield SQL that creates `database` again; `iterdump` cannot do so with full-text indexes."""
    objects = database.execute(
        "SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
    ).fetchall()
    virtual = [name for name, _, sql in objects if sql.startswith("CREATE VIRTUAL TABLE")]
    internal = ("sqlite_", *(f"{name}_" for name in virtual))
    tables = [
        (name, sql)
        for name, kind, sql in objects
        if kind == "table" and not name.startswith(internal)
    ]
    yield "BEGIN;"
    # Full-text indexes are filled from other tables, which must exist before.
    for name, sql in sorted(tables, key=lambda table: table[0] in virtual):
        yield f"{sql};"
        if "content=" in sql and name in virtual:
            yield f"INSERT INTO {name}({name}) VALUES('rebuild');"
        else:
            yield from dump_rows(database, name)
    yield from dump_rows(database, "sqlite_sequence")
    for _, kind, sql in objects:
        if kind != "table":
            yield f"{sql};"
    yield "COMMIT;"


def dump_rows(database: sqlite3.Connection, table: str) -> Iterator[str]:
    """Yield an INSERT statement for each row of `table`, in the order of their row ids."""
    columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
    names = ", ".join(f'"{column}"' for column in ("rowid", *columns))
    values = " || ', ' || ".join(f'quote("{column}")' for column in ("rowid", *columns))
    if table == "sqlite_sequence":
        yield "DELETE FROM sqlite_sequence;"
    for (row,) in database.execute(f'SELECT {values} FROM "{table}" ORDER BY rowid'):
        yield f'INSERT INTO "{table}"({names}) VALUES({row});'


def dump_postgresql(url: str) -> str:
    """Return the PostgreSQL database at `url` as SQL that needs no psql."""
    options = ["--inserts", "--no-owner", "--no-privileges", "--no-comments"]
    command = [
        postgres_programs() / "pg_dump",
        *options,
        url.replace("postgres://", "postgresql://"),
    ]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return "\n".join(line for line in lines if line and not line.startswith(UNWANTED))


def write(name: str, sql: str) -> None:
    """Write `sql` to the file `name` beside this module, and print its size."""
    (FOLDER / name).write_text(sql + "\n")
    print(f"{name}: {len(sql) // 1000} kB")


if __name__ == "__main__":
    main()
