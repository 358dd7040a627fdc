"""A database of each earlier version can be migrated to the current state."""

import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.db import connection, connections

from tests.postgresql import create_database
from tests.schema_cache import (
    FOLDER as CACHE,
)
from tests.schema_cache import (
    MAX_CACHED_SCHEMAS,
    MIGRATE,
    PACKAGES,
    dump_database,
    get_schema_hash,
    hash_files,
    lock_cache,
    remove_all_but_latest,
    restore_dump,
    use,
)

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
# What editors of earlier versions may have entered, and the fixtures lack.
ENTERED = "UPDATE news_newspage SET updated_on = '2025-03-12', updated_reason = 'Corrected page 4';"
IMPORT = re.compile(rf"^(?:import|from) ((?:{'|'.join(PACKAGES)})[\w.]*)", re.MULTILINE)


def get_cached_path(version: str) -> Path:
    """Return where the migrated database of `version` is kept.

    Its name has a hash of all migrations, of the modules that they import and of the rows of
    `version`.
    """
    migrations = [file for name in PACKAGES for file in (ROOT / name).rglob("migrations/*.py")]
    modules = {name for file in migrations for name in IMPORT.findall(file.read_text())}
    files = [ROOT / (name.replace(".", "/") + ".py") for name in sorted(modules)]
    files = [file if file.exists() else file.with_suffix("") / "__init__.py" for file in files]
    name = hash_files(get_schema_hash(), [*files, get_rows_path(version), Path(__file__)])
    return CACHE / f"{name}.upgraded"


def get_rows_path(version: str) -> Path:
    """Return the file with a database of `version` as SQL."""
    return FOLDER / f"{version}.{connection.vendor}.sql"


@pytest.fixture
def upgraded(
    request: pytest.FixtureRequest, db: None, tmp_path: Path, pytestconfig: pytest.Config
) -> Iterator[None]:
    """Connect to a migrated database that had the rows of the version in the parameter.

    A sample migrates it once per set of migrations, and then begins with a copy of the result.
    """
    version = request.param
    cached = get_cached_path(version)
    with contextlib.ExitStack() as stack:
        stack.enter_context(lock_cache(cached.stem))
        if connection.vendor == "sqlite":
            url, name = "", str(tmp_path / "site.sqlite3")
        else:
            url = stack.enter_context(create_database("upgrade"))
            name = f"{connection.settings_dict['NAME']}_upgrade"
        if not pytestconfig.getoption("sample") or not copy_cached(cached, tmp_path, url):
            upgrade(version, tmp_path, url)
            cache(cached, tmp_path, url)
        database_of_tests = connections["default"]
        connections["default"] = database_of_tests.copy()
        connections["default"].settings_dict["NAME"] = name
        try:
            yield
        finally:
            connections["default"].close()
            connections["default"] = database_of_tests


def copy_cached(cached: Path, data: Path, url: str) -> bool:
    """Copy `cached` to the database at `url`, "" for SQLite; return False if that cannot be."""
    if not cached.exists():
        return False
    if url:
        return restore_dump(cached, f"--dbname={url}")
    shutil.copyfile(use(cached), data / "site.sqlite3")
    return True


def cache(cached: Path, data: Path, url: str) -> None:
    """Keep the database at `url`, "" for SQLite, as `cached`."""
    cached.unlink(missing_ok=True)
    if url:
        dump_database(cached, f"--dbname={url}")
    else:
        with contextlib.closing(sqlite3.connect(data / "site.sqlite3")) as database:
            database.execute("VACUUM INTO ?", [str(data / "copy.sqlite3")])
        shutil.move(data / "copy.sqlite3", cached)
    remove_all_but_latest(MAX_CACHED_SCHEMAS, "*.upgraded")


def upgrade(version: str, data: Path, url: str) -> None:
    """Migrate the rows of `version` in the database at `url`, "" for SQLite."""
    rows = get_rows_path(version).read_text()
    if url:
        with psycopg.connect(url, autocommit=True) as database:
            database.execute(rows)
            # The dump has emptied the search path of its session.
            database.execute("SET search_path TO public")
            database.execute(ENTERED)
    else:
        with contextlib.closing(sqlite3.connect(data / "site.sqlite3")) as file:
            file.executescript(rows)
            file.executescript(ENTERED)
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(data), "PYTHONPATH": str(ROOT)}
    env |= {"DATABASE_URL": url} if url else {}
    command = [sys.executable, "-c", MIGRATE]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.long
@pytest.mark.parametrize("upgraded", ["2.0.0"], indirect=True)
def test_a_database_of_an_earlier_version_is_migrated(upgraded: None) -> None:
    rows = {
        # Reads every column, so that a missing one is an error.
        model._meta.label: len(model._base_manager.all())
        for model in apps.get_models()
        if model._meta.managed
    }
    for label in ("news.NewsPage", "reports.ReportPage", "files.DocumentVersion", "auth.Group"):
        assert rows[label]
    assert rows["core.PageUpdate"] == 1
