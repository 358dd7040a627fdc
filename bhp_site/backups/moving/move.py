"""Moves a site from SQLite to PostgreSQL, in one transaction."""

import time
from collections.abc import Callable
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from ..manifest import BackupError
from ..restoring import refuse_running_site
from ..verification import iter_problems
from . import target
from .source import SourceDatabase

# Tables that are built anew: each kind of database has a search index of its own.
INDEX_MODELS = (("search", "Entry"), ("search", "Word"), ("wagtailsearch", "IndexEntry"))
# `migrate` writes it.
MIGRATIONS_TABLE = "django_migrations"
MAX_LISTED_PROBLEMS = 20


def move_database(path: Path, report: Callable[[str], None]) -> float:
    """Copy the SQLite database in `path` to the database of this process; return the seconds.

    `report` gets a line about each step. Raises BackupError, without a change but the tables of a
    new database, if the move is refused or fails. Migrations are applied first. All content, the
    search index and the checks belong to one transaction, so an interrupted move has no effect.
    """
    begin = time.monotonic()
    if connection.vendor != "postgresql":
        raise BackupError("A site can only be moved to PostgreSQL.")
    refuse_running_site()
    target.refuse_foreign_tables()
    with SourceDatabase.open(path) as source:
        refuse_other_version(source)
        report("Creating tables …")
        call_command("migrate", verbosity=0)
        try:
            with transaction.atomic():
                copy_site(source, report)
                if source.has_changed():
                    raise BackupError(
                        "The site was changed during the move. Nothing was moved. Stop it, and "
                        "repeat the command."
                    )
        except DatabaseError as error:
            raise BackupError(
                f"PostgreSQL refuses a row. Nothing was moved. {target.explain(error)}"
            ) from error
    return time.monotonic() - begin


def refuse_other_version(source: SourceDatabase) -> None:
    """Raise BackupError if the database is not of the version of this code."""
    applied = source.get_migrations()
    loader = MigrationLoader(None)
    own_migrations = {key for key in loader.disk_migrations if key not in loader.replacements}
    if own_migrations - applied:
        raise BackupError(
            "The SQLite database is of an earlier version. Start the site once with this version, "
            "stop it, and repeat the command."
        )
    if applied - set(loader.disk_migrations):
        raise BackupError("The SQLite database is of a later version. Install that version first.")


def copy_site(source: SourceDatabase, report: Callable[[str], None]) -> None:
    """Copy all tables and build the search index; raise BackupError if anything is missing."""
    target.prepare_transaction()
    target.refuse_content()
    indexes = {apps.get_model(*name)._meta.db_table for name in INDEX_MODELS}
    own = set(connection.introspection.table_names())
    tables = sorted((own & source.row_counts.keys()) - indexes - {MIGRATIONS_TABLE})
    refuse_long_values(source, tables)
    target.empty_tables([*tables, *sorted(indexes & own)])
    for table in tables:
        copy_table(source, table)
    counts = {table: source.row_counts[table] for table in tables}
    report(f"Copied {sum(counts.values())} rows of {len(tables)} tables.")
    if source.cleaned:
        report(
            f"{source.cleaned} values had characters that PostgreSQL cannot store (NUL, or half "
            "of a surrogate pair). They were removed."
        )
    target.check_references()
    report("Building the search index …")
    call_command("rebuild_search", from_scratch=True, verbosity=0)
    call_command("update_index", verbosity=0)
    refuse_missing_rows(counts)
    refuse_problems(report)


def copy_table(source: SourceDatabase, table: str) -> None:
    """Copy the rows of `table`, and continue its keys.

    Raises BackupError if the new database lacks one of its columns.
    """
    types = target.get_columns(table)
    columns = source.get_columns(table)
    if missing := [name for name in columns if name not in types]:
        raise BackupError(f"PostgreSQL has no column {missing[0]} in {table}. Nothing was moved.")
    kinds = [types[name] for name in columns]
    target.write_rows(table, columns, source.iter_rows(table, columns, kinds))
    target.set_next_key(table, source.get_highest_key(table))


def refuse_long_values(source: SourceDatabase, tables: list[str]) -> None:
    """Raise BackupError if a value is longer than PostgreSQL allows; SQLite has no limit."""
    problems = [
        problem
        for table in tables
        for problem in source.find_long_values(table, target.get_length_limits(table))
    ]
    if problems:
        lines = "\n".join(problems[:MAX_LISTED_PROBLEMS])
        raise BackupError(f"Shorten these values first. Nothing was moved.\n{lines}")


def refuse_missing_rows(counts: dict[str, int]) -> None:
    """Raise BackupError unless each table has as many rows as in SQLite."""
    copied = target.count_all_rows()
    for table, count in counts.items():
        if copied.get(table) != count:
            raise BackupError(
                f"{table} has {copied.get(table)} rows instead of {count}. Nothing was moved."
            )


def refuse_problems(report: Callable[[str], None]) -> None:
    """Raise BackupError if the moved site is not complete (see `verification`)."""
    problems = list(iter_problems(None, lambda line: report(f"{line} …")))
    if problems:
        lines = "\n".join(problems[:MAX_LISTED_PROBLEMS])
        raise BackupError(
            f"The moved site has {len(problems)} problems, so nothing was moved. If “manage.py "
            f"verify” finds them here too, correct them first.\n{lines}"
        )
