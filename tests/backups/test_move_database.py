"""A site with all its content is moved from SQLite to PostgreSQL, after moves that fail."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from bhp_site.backups.manifest import BackupError
from bhp_site.backups.moving.source import SourceDatabase
from tests.postgresql import create_database
from tests.prepared_sites import DEMO, copy_site

from .conftest import Site

MOVED = "The site was moved in "
# Rows that only SQLite stores so, and what a deleted page leaves.
ADD = """
from django.db import connection
from bhp_site.home.models import HomePage, StandardPage
home = HomePage.objects.get()
page = home.add_child(instance=StandardPage(title="Deleted", slug="deleted"))
page.save_revision(log_action=True).publish()
page.delete()
page = home.add_child(instance=StandardPage(title="Café", slug="cafe"))
page.save_revision()
with connection.cursor() as cursor:
    cursor.execute("UPDATE wagtailcore_page SET seo_title = 'a' || char(0) || 'b' WHERE id = %s",
        [page.pk])
    cursor.execute("UPDATE wagtailcore_revision SET content = json_set(content, '$.seo_title',"
        " 'c' || char(0) || char(9)) WHERE id = %s", [page.latest_revision_id])
"""
# Tries moves that are killed, that meet a writer, and whose values are too long; prints refusals.
FAIL = """
import os, signal, sqlite3
from pathlib import Path
from bhp_site.backups.manifest import BackupError
from bhp_site.backups.moving import move, target
from django.db import connection
def execute(statement):
    with sqlite3.connect(PATH) as database:
        database.execute(statement)
def try_to_move(module, name, function):
    original = getattr(module, name)
    setattr(module, name, function)
    try:
        move.move_database(Path(PATH), print)
    except BackupError as error:
        print(error, flush=True)
    setattr(module, name, original)
for module, name in KILLS:
    connection.close()
    if child := os.fork():
        assert os.waitpid(child, 0)[1] == signal.SIGKILL
    else:
        try_to_move(module, name, lambda *args: os.kill(os.getpid(), signal.SIGKILL))
        os._exit(0)
RENAME = "UPDATE wagtailcore_site SET site_name = site_name || 'X'"
try_to_move(move, "refuse_missing_rows", lambda counts: execute(RENAME))
execute("UPDATE wagtailcore_page SET slug = slug || hex(zeroblob(200)) WHERE slug = 'cafe'")
try_to_move(move, "refuse_missing_rows", None)
execute("UPDATE wagtailcore_page SET slug = 'cafe' WHERE slug LIKE 'cafe%'")
"""
# Where moves are killed; a sample kills one that copies.
KILLS = ['(target, "empty_tables")', '(move, "copy_table")', '(target, "check_references")']
# Prints the rows that differ, and what a new page gets.
COMPARE = """
import json
from django.apps import apps
from django.core.serializers import serialize
from django.db import connections
from bhp_site.home.models import HomePage, StandardPage
from bhp_site.search.engine import get_engine
from bhp_site.search.models import Entry
connections.settings["source"] = connections.settings["default"] | {
    "ENGINE": "django.db.backends.sqlite3", "NAME": PATH, "OPTIONS": {}
}
def clean(value):
    # Without NUL; the order of keys in JSON is not kept by PostgreSQL.
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return clean(json.loads(value))
        except ValueError:
            pass
    return value.replace(chr(0), "") if isinstance(value, str) else value
def list_rows(model, database):
    rows = model._base_manager.using(database).order_by("pk")
    return [clean(json.loads(line)) for line in serialize("jsonl", rows).splitlines()]
count = 0
for model in apps.get_models(include_auto_created=True):
    if model._meta.db_table.startswith(("search_", "wagtailsearch_")) or not model._meta.managed:
        continue
    moved, source = list_rows(model, "default"), list_rows(model, "source")
    assert len(moved) == len(source), model
    count += len(moved)
    for before, after in zip(source, moved):
        if before != after:
            print(before, after)
assert count > 1000
page = HomePage.objects.get().add_child(instance=StandardPage(title="Later", slug="later"))
page.save_revision().publish()
found = Entry.objects.filter(pk__in=get_engine().match_entries(["birmingham"]))
assert found.count() > 10
sequence = connections["source"].cursor().execute(
    "SELECT seq FROM sqlite_sequence WHERE name = 'wagtailcore_page'").fetchone()[0]
print(page.pk - sequence)
"""


@pytest.fixture
def moved(
    db: None, tmp_path: Path, pytestconfig: pytest.Config
) -> Iterator[tuple[Site, Site, str]]:
    """Return the demonstration on SQLite, the same data with an empty PostgreSQL, and its URL.

    The move creates the tables, which takes half a minute, unless a sample is wanted.
    """
    if connection.vendor != "postgresql":
        pytest.skip("the site is moved to PostgreSQL")
    copy_site(DEMO, tmp_path)
    with create_database("moved", migrated=bool(pytestconfig.getoption("sample"))) as url:
        yield Site(tmp_path, ""), Site(tmp_path, url), url


def test_a_site_is_moved(moved: tuple[Site, Site, str], thin_out: Callable[..., list[str]]) -> None:
    source, target, url = moved
    source.python(ADD)
    variables = f"PATH = {str(source.folder / 'site.sqlite3')!r}"
    kills = ", ".join(thin_out(KILLS, 2, 1))
    refusals = target.python(variables + FAIL.replace("KILLS", f"[{kills}]"))
    assert "changed during the move" in refusals
    assert "slug has 404 characters, at most 255 fit" in refusals
    done = source.manage("move_database", url)
    assert MOVED in done.stdout, done.stderr
    assert "2 values had characters that PostgreSQL cannot store" in done.stdout
    # The keys of deleted rows, which the history names, are not used again.
    assert target.python(variables + COMPARE) == "1\n"
    again = source.manage("move_database", url)
    assert "The database has content. Nothing was moved." in again.stderr


def test_another_database_is_refused(moved: tuple[Site, Site, str]) -> None:
    source, target, url = moved
    target.python("from django.db import connection\n"
                  "connection.cursor().execute('CREATE TABLE invoices (id int)')")  # fmt: skip
    assert "tables of something else (invoices)" in source.manage("move_database", url).stderr
    assert "uses PostgreSQL already" in target.manage("move_database", url).stderr
    (source.folder / "worker").touch()
    assert "The site is running. Stop it" in target.manage("move_database").stderr


def test_the_database_must_be_named() -> None:
    with pytest.raises(CommandError, match="must begin with postgres"):
        call_command("move_database", "mysql://host/name")


def test_a_damaged_or_missing_source_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "site.sqlite3"
    with pytest.raises(BackupError, match="no SQLite database"), SourceDatabase.open(path):
        pass
    execute(path, "CREATE TABLE a (id INTEGER PRIMARY KEY, b REFERENCES a (id))")
    execute(path, "INSERT INTO a VALUES (1, 2)")
    with pytest.raises(BackupError, match="refer to missing rows"), SourceDatabase.open(path):
        pass
    execute(path, "DELETE FROM a")
    with SourceDatabase.open(path) as source:
        with pytest.raises(BackupError, match="not one of this site"):
            source.get_migrations()
        assert not source.has_changed()
        execute(path, "INSERT INTO a VALUES (1, NULL)")
        assert source.has_changed()


def execute(path: Path, statement: str) -> None:
    """Execute `statement` in the SQLite database in `path`."""
    with sqlite3.connect(path) as database:
        database.execute(statement)
