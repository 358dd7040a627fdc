"""Sites in processes of their own, on the kind of database that the tests use."""

import functools
import json
import os
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection

from tests.postgresql import create_database
from tests.prepared_sites import EMPTY, copy_site
from tests.subprocesses import ROOT, get_command

# Runs each line of input, in a new process: JSON with the arguments of Python, and the files for
# output and errors. Prints the exit codes.
SERVE = """
import json, os, sys
from bhp_site.__main__ import configure
configure()
from django.core.management import execute_from_command_line
for line in sys.stdin:
    arguments, *files = json.loads(line)
    if child := os.fork():
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        continue
    for stream, path in enumerate((os.devnull, *files)):
        os.dup2(os.open(path, os.O_RDWR), stream)
    if arguments[0] == "-c":
        sys.argv = ["-c", *arguments[2:]]
        exec(arguments[1], {"__name__": "__main__"})
    else:
        sys.argv = arguments
        execute_from_command_line(arguments)
    sys.exit()
"""


class Site:
    """A site in `folder`, with the database at `url` ("" for SQLite).

    Its commands are run by forks of one process, whose start would take most of the time.
    """

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
        done = self._run("-c", program, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start_python(self, program: str) -> subprocess.Popen[str]:
        """Start `program` in a process of the site."""
        command = get_command(program)
        return subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=subprocess.PIPE, text=True)

    @functools.cached_property
    def _server(self) -> subprocess.Popen[str]:
        """The process that is forked; it ends when its input does."""
        pipe = subprocess.PIPE
        command = [sys.executable, "-c", SERVE]
        server = subprocess.Popen(
            command, cwd=ROOT, env=self.env, stdin=pipe, stdout=pipe, text=True
        )
        weakref.finalize(self, server.communicate)
        return server

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        server = self._server
        assert server.stdin
        assert server.stdout
        with tempfile.NamedTemporaryFile("r") as output, tempfile.NamedTemporaryFile("r") as errors:
            server.stdin.write(json.dumps([arguments, output.name, errors.name]) + "\n")
            server.stdin.flush()
            code = int(server.stdout.readline())
            return subprocess.CompletedProcess(arguments, code, output.read(), errors.read())


@pytest.fixture(scope="module")
def started_sites(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Site, Site]]:
    """Return the sites of a module, whose processes and databases take long to create."""
    folder = tmp_path_factory.mktemp("sites")
    source, target = folder / "source", folder / "target"
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


@pytest.fixture
def sites(db: None, started_sites: tuple[Site, Site]) -> tuple[Site, Site]:
    """Return a site that is prepared, and one without tables until a test restores to it."""
    return started_sites
