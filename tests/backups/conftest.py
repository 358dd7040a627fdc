"""Sites in processes of their own, on the kind of database that the tests use."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection

from tests.postgresql import create_database
from tests.prepared_sites import EMPTY, copy_site
from tests.subprocesses import ROOT

CONFIGURE = """
from bhp_site.__main__ import configure
configure()
"""


class Site:
    """A site in `folder`, with the database at `url` ("" for SQLite)."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.env = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")}
        self.env |= {"DATA_DIR": str(folder), "DEMO": "0", "SECRET_KEY": "k" * 60}
        self.env |= {"DATABASE_URL": url} if url else {}

    def manage(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a management command."""
        return self._run("manage.py", *map(str, command))

    def python(self, program: str, *arguments: str) -> str:
        """Run `program` in a process of the site; return what it prints."""
        done = self._run("-c", CONFIGURE + program, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start_python(self, program: str) -> subprocess.Popen[str]:
        """Start `program` in a process of the site."""
        command = [sys.executable, "-c", CONFIGURE + program]
        return subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=subprocess.PIPE, text=True)

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True)


@pytest.fixture
def sites(db: None, tmp_path: Path) -> Iterator[tuple[Site, Site]]:
    """Return an empty site that is prepared, and one without tables to restore to."""
    source, target = tmp_path / "source", tmp_path / "target"
    copy_site(EMPTY, source)
    target.mkdir(mode=0o700)
    with ExitStack() as stack:
        urls = ["", ""]
        if connection.vendor == "postgresql":
            urls = [
                stack.enter_context(create_database("source", migrated=True)),
                stack.enter_context(create_database("target")),
            ]
        made = Site(source, urls[0]), Site(target, urls[1])
        if urls[0]:
            made[0].python("from bhp_site.launcher.preparation import prepare; prepare()")
        yield made
