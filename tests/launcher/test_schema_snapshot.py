"""A new site starts from a snapshot of the schema, which is what the migrations make."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db.utils import ConnectionHandler

from bhp_site.launcher.schema_snapshot import SNAPSHOT, load_schema_snapshot

from ..schema_cache import copy_schema
from ..schema_snapshot import build_snapshot


@pytest.fixture
def new_database(tmp_path: Path, django_db_blocker: Any) -> Iterator[Any]:
    """Return the connection of a SQLite database that does not exist yet."""
    options = settings.DATABASES["default"] | {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(tmp_path / "site.sqlite3"),
        "OPTIONS": {},
    }
    connection = ConnectionHandler({"default": options})["default"]
    with django_db_blocker.unblock():
        yield connection
        connection.close()


def read_schema(path: Path) -> set[tuple[str, str, str]]:
    database = sqlite3.connect(path)
    try:
        return {*database.execute("SELECT type, name, sql FROM sqlite_master")}
    finally:
        database.close()


def test_the_snapshot_is_what_the_migrations_make() -> None:
    assert SNAPSHOT.read_text() == build_snapshot(), "Run `make schema`."


def test_a_new_database_is_complete(new_database: Any, tmp_path: Path) -> None:
    assert load_schema_snapshot(new_database)
    copy_schema(tmp_path / "migrated.sqlite3")
    assert read_schema(tmp_path / "site.sqlite3") == read_schema(tmp_path / "migrated.sqlite3")
    new_database.check_constraints()


def test_sites_share_no_identifiers(new_database: Any) -> None:
    load_schema_snapshot(new_database)
    with new_database.cursor() as cursor:
        cursor.execute("SELECT translation_key FROM wagtailcore_page")
        keys = {key for (key,) in cursor.fetchall()}
    assert len(keys) == 2
    assert not any(key in SNAPSHOT.read_text() for key in keys)


def test_a_database_with_tables_is_left_alone(new_database: Any) -> None:
    with new_database.cursor() as cursor:
        cursor.execute("CREATE TABLE something (id integer)")
    assert not load_schema_snapshot(new_database)
    assert new_database.introspection.table_names() == ["something"]


@pytest.mark.parametrize("change", ["missing", "unknown"])
def test_a_snapshot_of_other_migrations_is_not_used(
    new_database: Any, tmp_path: Path, change: str
) -> None:
    lines = SNAPSHOT.read_text().splitlines(keepends=True)
    found = next(line for line in lines if line.startswith('INSERT INTO "django_migrations"'))
    unknown = found.replace("(1, 'contenttypes', '0001_initial'", "(9999, 'core', '9999_later'")
    assert unknown != found
    lines[lines.index(found)] = "" if change == "missing" else found + unknown
    outdated = tmp_path / "outdated.sql"
    outdated.write_text("".join(lines))
    assert not load_schema_snapshot(new_database, outdated)
    assert new_database.introspection.table_names() == []
