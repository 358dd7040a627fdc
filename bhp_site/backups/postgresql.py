"""Dumps of a PostgreSQL database with its own programs, and restoring them."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from django.db import connection, transaction

from .manifest import BackupError

DUMP_NAME = "database.dump"
EXTENSIONS = ("pg_trgm", "unaccent")


def dump(target: Path) -> dict[str, int]:
    """Write a dump (`pg_dump -Fc`) to `target`; return the rows of each table.

    The rows are counted in the snapshot that is dumped.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        tables = count_rows()
        options = ["--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=30s"]
        _run(["pg_dump", *options, f"--snapshot={snapshot}", f"--file={target}"])
    return tables


def restore(source: Path, statements: Sequence[str]) -> None:
    """Replace all tables by those of the dump, then run `statements`, in one transaction."""
    listing = _run(["pg_restore", "--list", str(source)]).splitlines()
    # Extensions may belong to another role, and stay.
    entries = "\n".join(line for line in listing if " EXTENSION " not in line)
    contents = source.with_suffix(".list")
    script = source.with_suffix(".sql")
    try:
        contents.write_text(entries)
        _run(
            [
                *("pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges"),
                *(f"--use-list={contents}", f"--file={script}", str(source)),
            ]
        )
        before = contents.with_suffix(".before")
        after = contents.with_suffix(".after")
        before.write_text("\n".join(_get_preparation()))
        after.write_text("".join(f"SET search_path TO public;\n{line};\n" for line in statements))
        files = [f"--file={path}" for path in (before, script, after)]
        connection.close()
        command = ["psql", "--quiet", "--no-psqlrc", "--single-transaction", "-vON_ERROR_STOP=1"]
        _run([*command, *files])
    finally:
        for suffix in (".list", ".sql", ".before", ".after"):
            source.with_suffix(suffix).unlink(missing_ok=True)


def _get_preparation() -> list[str]:
    """Return SQL that drops all tables, those of a later version too, and adds extensions."""
    names = connection.introspection.table_names()
    quoted = ", ".join(connection.ops.quote_name(name) for name in names)
    drop = [f"DROP TABLE {quoted} CASCADE;"] if names else []
    return [
        "SET client_min_messages TO warning;",
        *drop,
        *(f"CREATE EXTENSION IF NOT EXISTS {name};" for name in EXTENSIONS),
    ]


def count_rows() -> dict[str, int]:
    """Return the number of rows of each table, as the current transaction sees them."""
    counts = {}
    with connection.cursor() as cursor:
        for name in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608
            counts[name] = cursor.fetchone()[0]
    return counts


def get_server_version() -> str:
    """Return the versions of the server and of the program that dumps."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0]
    return f"PostgreSQL {server}, {_run(['pg_dump', '--version']).strip()}"


def _run(command: list[str]) -> str:
    """Run a program of PostgreSQL on this database; return its output or raise BackupError.

    The password is passed in the environment, where other users cannot see it.
    """
    options = connection.settings_dict
    variables = {
        "PGHOST": options["HOST"],
        "PGPORT": options["PORT"],
        "PGUSER": options["USER"],
        "PGPASSWORD": options["PASSWORD"],
        "PGDATABASE": options["NAME"],
        "PGSSLMODE": options["OPTIONS"].get("sslmode", ""),
        "PGSSLROOTCERT": options["OPTIONS"].get("sslrootcert", ""),
        "PGCONNECT_TIMEOUT": "10",
    }
    env = os.environ | {name: str(value) for name, value in variables.items() if value}
    try:
        done = subprocess.run(command, env=env, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise BackupError(
            f"{command[0]} is missing. Install PostgreSQL's client programs (on Debian: "
            "postgresql-client), of the server's version or a later one."
        ) from error
    if done.returncode:
        raise BackupError(f"{command[0]} failed: {done.stderr.strip()}")
    return done.stdout
