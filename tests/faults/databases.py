"""Faults of the database and of the whole machine (F1, F9)."""

import itertools
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from ..postgresql_cluster import Cluster, run_cluster
from ..schema_cache import restore_schema
from ..server.live_server import INHERITED, prepare, serve
from ..subprocesses import ROOT
from .outcomes import (
    ALLOWED_STATUSES,
    CACHED_PATHS,
    FAULT_SECONDS,
    REPEATS,
    SIZES,
    UNCACHED,
    Outcome,
    Visitors,
    conclude,
    fill_cache,
    scale,
    wait_for_recovery,
)

# Publishes pages, and prints the number of each that is committed; waits while that fails.
WRITE = """
import itertools, sys, time
from bhp_site.__main__ import configure
configure()
from django.db import Error, connection
from bhp_site.home.models import HomePage, StandardPage
for number in itertools.count(int(sys.argv[1])):
    while True:
        try:
            # It may have been committed although that was not acknowledged.
            if StandardPage.objects.filter(slug=f"page-{number}").exists():
                break
            page = StandardPage(title=f"Page {number}", slug=f"page-{number}", live=True)
            HomePage.objects.get().add_child(instance=page)
            break
        except Error:
            connection.close()
            time.sleep(0.2)
    print(number, flush=True)
    time.sleep(0.05)
"""


class Writer:
    """A process that publishes pages, and the numbers of those that it reports as saved."""

    def __init__(self, variables: dict[str, str], first: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", WRITE, str(first)],
            cwd=ROOT,
            env=INHERITED | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.acknowledged: list[int] = []
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()
        while not self.acknowledged:
            assert self.process.poll() is None, "the writer has ended"
            time.sleep(0.1)

    def read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.acknowledged.append(int(line))

    def end(self) -> list[int]:
        """Kill the process; return the numbers of the pages it was told are saved."""
        self.process.kill()
        self.process.wait()
        self.thread.join()
        return self.acknowledged


@contextmanager
def postgresql_site() -> Iterator[tuple[Cluster, Path, dict[str, str]]]:
    """Yield a durable PostgreSQL, a folder with a site on it, and the site's variables."""
    with (
        run_cluster(is_durable=True) as cluster,
        tempfile.TemporaryDirectory(prefix="bhp-faults-") as folder,
    ):
        data = Path(folder) / "data"
        data.mkdir(mode=0o700)
        variables = {"DATABASE_URL": cluster.url, "DEMO": "0"}
        try:
            # Otherwise the site migrates the database itself.
            restore_schema(cluster.url)
            prepare(data, *SIZES, **variables)
            yield cluster, data, variables
        finally:
            cluster.send_signal(signal.SIGCONT)


def kill_cluster(cluster: Cluster) -> None:
    """Kill all processes of PostgreSQL, as a power cut does."""
    cluster.send_signal(signal.SIGKILL)
    cluster.server.wait()


# How the database fails, and how it comes back.
DATABASE_FAULTS: dict[str, tuple[Callable[[Cluster], Any], Callable[[Cluster], Any]]] = {
    "stopped": (lambda cluster: cluster.stop(), lambda cluster: cluster.start()),
    "killed": (kill_cluster, lambda cluster: cluster.start()),
    "frozen": (
        lambda cluster: cluster.send_signal(signal.SIGSTOP),
        lambda cluster: cluster.send_signal(signal.SIGCONT),
    ),
}


def lose_database() -> Outcome:
    """Stop, kill and freeze PostgreSQL while people read and write."""
    outcome, recoveries = Outcome(), []
    with postgresql_site() as (cluster, data, variables):
        server = serve(data, **variables)
        try:
            fill_cache(server)
            writer = Writer(variables | {"DATA_DIR": str(data)}, 0)
            for (name, (fail, restore)), _ in itertools.product(
                DATABASE_FAULTS.items(), range(REPEATS)
            ):
                with (
                    Visitors(server.port, CACHED_PATHS) as kept,
                    Visitors(server.port, (UNCACHED,)) as others,
                ):
                    # The writer goes on, so that the fault comes in the midst of changes.
                    fail(cluster)
                    time.sleep(FAULT_SECONDS)
                    restore(cluster)
                    recoveries.append(wait_for_recovery(server.port))
                outcome.repeats += 1
                outcome.expect({*kept.statuses} <= {200}, f"{name}: kept {dict(kept.statuses)}")
                outcome.expect(
                    {*others.statuses} <= ALLOWED_STATUSES, f"{name}: {dict(others.statuses)}"
                )
            outcome.expect(writer.process.poll() is None, "the writer has ended")
            outcome.figures.append(check_pages(cluster, writer.end(), outcome))
        finally:
            server.end()
    return conclude(outcome, recoveries)


def cut_power() -> Outcome:
    """Kill database, server and writer at once, and start them again."""
    outcome, recoveries = Outcome(), []
    with postgresql_site() as (cluster, data, variables):
        acknowledged: list[int] = []
        for _ in range(scale(30, 2)):
            server = serve(data, **variables)
            writer = Writer(variables | {"DATA_DIR": str(data)}, len(acknowledged) * 1000)
            time.sleep(1)
            kill_cluster(cluster)
            server.end()
            acknowledged += writer.end()
            cluster.start()
            server = serve(data, **variables)
            recoveries.append(wait_for_recovery(server.port))
            server.end()
            outcome.repeats += 1
        outcome.figures.append(check_pages(cluster, acknowledged, outcome))
    return conclude(outcome, recoveries)


def check_pages(cluster: Cluster, acknowledged: list[int], outcome: Outcome) -> str:
    """Note acknowledged pages that the database lacks; return how many there are."""
    with psycopg.connect(cluster.url) as connection:
        rows = connection.execute("SELECT slug FROM wagtailcore_page WHERE slug LIKE 'page-%'")
        slugs = {slug for (slug,) in rows}
    lost = [number for number in acknowledged if f"page-{number}" not in slugs]
    outcome.expect(not lost, f"lost: {lost}")
    return f"{len(acknowledged)} changes acknowledged, {len(lost)} lost"
