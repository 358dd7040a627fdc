"""A database of each earlier version can be migrated to the current state."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.postgresql import create_database

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
# What editors of earlier versions may have entered, and the fixtures lack.
ENTERED = "UPDATE news_newspage SET updated_on = '2025-03-12', updated_reason = 'Corrected page 4';"
MIGRATE = """
import gc
import json
import django
# Migrating creates classes for every state: a fifth of the time goes into collecting garbage.
gc.set_threshold(200_000)
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.apps import apps
rows = {}
for model in apps.get_models():
    # Reads every column, so that a missing one is an error.
    rows[model._meta.label] = len(model._base_manager.all()) if model._meta.managed else 0
print(json.dumps(rows))
"""


@pytest.fixture
def database_url(request: pytest.FixtureRequest, db: None, tmp_path: Path) -> Iterator[str]:
    """Return the address of a new database with the rows of the version in the parameter."""
    if connection.vendor == "sqlite":
        with contextlib.closing(sqlite3.connect(tmp_path / "site.sqlite3")) as database:
            database.executescript((FOLDER / f"{request.param}.sqlite.sql").read_text())
            database.executescript(ENTERED)
        yield ""
        return
    with create_database("upgrade") as url:
        with psycopg.connect(url, autocommit=True) as database:
            database.execute((FOLDER / f"{request.param}.postgresql.sql").read_text())
            # The dump has emptied the search path of its session.
            database.execute("SET search_path TO public")
            database.execute(ENTERED)
        yield url


@pytest.mark.long
@pytest.mark.parametrize("database_url", ["2.0.0"], indirect=True)
def test_a_database_of_an_earlier_version_is_migrated(database_url: str, tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    env |= {"DJANGO_SETTINGS_MODULE": "bhp_site.settings"}
    env |= {"DATABASE_URL": database_url} if database_url else {}
    done = subprocess.run(
        [sys.executable, "-c", MIGRATE], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout.splitlines()[-1])
    for label in ("news.NewsPage", "reports.ReportPage", "files.DocumentVersion", "auth.Group"):
        assert rows[label]
    assert rows["core.PageUpdate"] == 1
