"""A temporary PostgreSQL cluster, for tests and measurements that start without one."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg


class Missing(Exception):
    """Raised where this machine lacks a program; the message names what is needed."""


@contextlib.contextmanager
def database() -> Iterator[str]:
    """Yield a PostgreSQL URL: TEST_DATABASE_URL, or that of a temporary cluster; raise Missing."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    with run_cluster() as cluster:
        yield cluster.url


@contextlib.contextmanager
def run_cluster(*, is_durable: bool = False) -> Iterator["Cluster"]:
    """Yield a temporary cluster that runs for so long; raise Missing."""
    with tempfile.TemporaryDirectory(prefix="bhp-postgres-") as folder:
        cluster = Cluster(folder, is_durable)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()


class Cluster:
    """A temporary PostgreSQL cluster in `folder`, reachable at `url` once started."""

    def __init__(self, folder: str, is_durable: bool = False) -> None:
        self.folder, self.programs = folder, postgres_programs()
        # Tests that kill it expect that nothing is lost; the others need it to be quick.
        self.is_durable = is_durable
        self.user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        # PostgreSQL refuses to run as root.
        self.identity = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
        self.url = f"postgres://{self.user}@{quote(folder, safe='')}/postgres"
        if self.identity:
            shutil.chown(folder, **self.identity)
        initdb = [f"{self.programs}/initdb", "--no-sync", "-A", "trust", "-E", "UTF8"]
        self.run(subprocess.run, [*initdb, "-U", self.user, "-D", f"{folder}/data"], check=True)

    def start(self) -> None:
        # It listens only on a socket in its own folder.
        options = ["-h", "", "-k", self.folder]
        if not self.is_durable:
            options += ["-c", "fsync=off", "-c", "synchronous_commit=off"]
        command = [f"{self.programs}/postgres", "-D", f"{self.folder}/data", *options]
        self.server = self.run(subprocess.Popen, command)
        wait_for(f"host={self.folder} user={self.user} dbname=postgres")

    def stop(self) -> None:
        # A fast shutdown: with SIGTERM, PostgreSQL would wait for its clients to disconnect.
        self.server.send_signal(signal.SIGINT)
        self.server.wait(30)

    def send_signal(self, signum: int) -> None:
        """Send a signal to all processes of PostgreSQL."""
        pid = self.server.pid
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            return
        for process in (pid, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signum)

    def run(self, how: Any, command: list[str], **options: Any) -> Any:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return how(command, cwd="/", **quiet, **self.identity, **options)


def postgres_programs() -> Path:
    """Return the folder of PostgreSQL's server programs; raise Missing."""
    places = [Path(p) for p in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    if found := shutil.which("initdb"):
        places.insert(0, Path(found).resolve().parent)
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise Missing("PostgreSQL's server programs, or TEST_DATABASE_URL")


def wait_for(server: str) -> None:
    """Wait until `server` accepts connections; raise psycopg.OperationalError after 30 seconds."""
    for attempt in range(150):
        try:
            psycopg.connect(server).close()
        except psycopg.OperationalError:
            if attempt == 149:
                raise
            time.sleep(0.2)
        else:
            return
