"""Causes faults in real processes and prints what happened: `make faults`, REPEATS=20, SECONDS=60.

Each fault has goals: no acknowledged change is lost, nothing answers with an error but 503 with
Retry-After, cached pages and documents are always served, and everything works again by itself.
Faults that other measurements or tests cause already are run from there. `FAULTS=F1,F4` chooses.
"""

import itertools
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from .cache_server import SERVER as CACHE_SERVER
from .cache_server import CacheServer
from .postgresql_cluster import Cluster, Missing, run_cluster
from .run import PYTEST
from .server.live_server import INHERITED, Server, ask, prepare, serve
from .subprocesses import ROOT, free_port

REPEATS = int(os.environ.get("REPEATS") or 2)
FAULT_SECONDS = float(os.environ.get("SECONDS") or 5)
# In this time all cached pages are rendered anew after a change.
REFRESH_SECONDS = 5
# After a fault everything must be answered again within this time.
RECOVERY_SECONDS = 5
UNCACHED = "/search/?q=word"
SIZES = (1_000_000,)
CACHED_PATHS = ("/", f"/documents/numbers-{SIZES[0]}.csv")
ALLOWED_STATUSES = {200, 206, 304, 503}

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
            page = StandardPage(title=f"Page {number}", slug=f"page-{number}", live=True)
            HomePage.objects.get().add_child(instance=page)
            break
        except Error:
            connection.close()
            time.sleep(0.2)
        try:
            if StandardPage.objects.filter(slug=f"page-{number}").exists():
                break
        except Error:
            connection.close()
    print(number, flush=True)
    time.sleep(0.05)
"""


@dataclass
class Outcome:
    """The results of all repeats of a fault."""

    repeats: int = 0
    problems: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)

    def expect(self, is_as_expected: bool, problem: str) -> None:
        """Note the problem unless all is as expected."""
        if not is_as_expected:
            self.problems.append(problem)


class Visitors:
    """Threads that request paths again and again, and keep statuses and times."""

    def __init__(self, port: int, paths: tuple[str, ...]) -> None:
        self.port, self.paths = port, paths
        self.statuses: Counter[Any] = Counter()
        self.seconds: list[float] = []
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=[path]) for path in paths]

    def run(self, path: str) -> None:
        while not self.ended.is_set():
            began = time.monotonic()
            try:
                answer, _ = ask(self.port, path)
                lacks_header = answer.status == 503 and not answer.headers["Retry-After"]
                self.statuses["503 without Retry-After" if lacks_header else answer.status] += 1
            except OSError as error:
                self.statuses[type(error).__name__] += 1
            self.seconds.append(time.monotonic() - began)
            time.sleep(0.05)

    def __enter__(self) -> "Visitors":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self.ended.set()
        for thread in self.threads:
            thread.join()

    @property
    def p95(self) -> float:
        """The time in which 95 of 100 requests were answered."""
        return statistics.quantiles(self.seconds, n=20)[-1] if len(self.seconds) > 1 else 0


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
                # A document is not served from the cache if a change may have withdrawn it.
                writer.process.send_signal(signal.SIGSTOP)
                time.sleep(REFRESH_SECONDS)
                fill_cache(server)
                with (
                    Visitors(server.port, CACHED_PATHS) as kept,
                    Visitors(server.port, (UNCACHED,)) as others,
                ):
                    fail(cluster)
                    writer.process.send_signal(signal.SIGCONT)
                    time.sleep(FAULT_SECONDS)
                    restore(cluster)
                    recoveries.append(wait_for_recovery(server.port))
                outcome.repeats += 1
                outcome.expect({*kept.statuses} <= {200}, f"{name}: kept {dict(kept.statuses)}")
                outcome.expect(
                    {*others.statuses} <= ALLOWED_STATUSES, f"{name}: {dict(others.statuses)}"
                )
            outcome.figures.append(check_pages(cluster, writer.end(), outcome))
        finally:
            server.end()
    return conclude(outcome, recoveries)


def cut_power() -> Outcome:
    """Kill database, server and writer at once, and start them again."""
    outcome, recoveries = Outcome(), []
    with postgresql_site() as (cluster, data, variables):
        acknowledged: list[int] = []
        for _ in range(REPEATS):
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


def lose_cache_server() -> Outcome:
    """Kill and freeze the cache server while people search."""
    if not CACHE_SERVER:
        raise Missing("redis-server or valkey-server")
    outcome = Outcome()
    cache = CacheServer()
    with tempfile.TemporaryDirectory(prefix="bhp-faults-") as folder:
        variables = {"CACHE_URL": f"redis://127.0.0.1:{cache.port}/1", "DEMO": "0"}
        prepare(Path(folder), *SIZES, **variables)
        server = serve(Path(folder), **variables)
        try:
            with Visitors(server.port, (UNCACHED, "/admin/login/")) as quiet:
                time.sleep(FAULT_SECONDS)
            for name, _ in itertools.product(("killed", "frozen"), range(REPEATS)):
                with Visitors(server.port, (UNCACHED, "/admin/login/", "/")) as visitors:
                    cache.process.send_signal(
                        signal.SIGKILL if name == "killed" else signal.SIGSTOP
                    )
                    time.sleep(FAULT_SECONDS)
                    if name == "killed":
                        cache.process.wait()
                        cache.start()
                    cache.process.send_signal(signal.SIGCONT)
                outcome.repeats += 1
                outcome.expect({*visitors.statuses} <= {200}, f"{name}: {dict(visitors.statuses)}")
                outcome.figures.append(f"{name}: p95 {visitors.p95:.2f} s")
            outcome.figures.append(f"quiet: p95 {quiet.p95:.2f} s")
        finally:
            server.end()
            with suppress(ProcessLookupError):
                cache.process.send_signal(signal.SIGCONT)
            cache.kill()
    return outcome


def hang_web_workers() -> Outcome:
    """Freeze a process of the web server under the launcher, which replaces it."""
    outcome = Outcome(repeats=1)
    with tempfile.TemporaryDirectory(prefix="bhp-faults-") as folder:
        data = Path(folder) / "data"
        data.mkdir(mode=0o700)
        prepare(data, *SIZES)
        port = free_port()
        variables = INHERITED | {"DATA_DIR": str(data), "PORT": str(port), "DEMO": "0"}
        launcher = Server([sys.executable, "-m", "bhp_site"], port, data / "log", **variables)
        try:
            deadline = time.monotonic() + 60
            while not (heartbeats := [*data.glob("web-*")]) and time.monotonic() < deadline:
                time.sleep(0.2)
            pid = int(heartbeats[0].name.removeprefix("web-"))
            os.kill(pid, signal.SIGSTOP)
            began = time.monotonic()
            while Path(f"/proc/{pid}").exists() and time.monotonic() - began < 90:
                time.sleep(0.2)
            outcome.expect(not Path(f"/proc/{pid}").exists(), "the process was not replaced")
            outcome.figures.append(f"killed after {time.monotonic() - began:.0f} s")
            outcome.expect(ask(port, "/")[0].status == 200, "the site does not answer")
        finally:
            os.kill(launcher.process.pid, signal.SIGTERM)
            launcher.process.wait(30)
    return outcome


def fill_cache(server: Server) -> None:
    """Request the pages that must always be served, so that they are cached."""
    for path in CACHED_PATHS:
        answer, _ = server.ask(path)
        assert answer.status == 200, path


def wait_for_recovery(port: int) -> float:
    """Return the seconds until a page is answered that needs the database; at most 60."""
    began = time.monotonic()
    while time.monotonic() - began < 60:
        with suppress(OSError):
            if ask(port, UNCACHED)[0].status == 200:
                break
        time.sleep(0.1)
    return time.monotonic() - began


def check_pages(cluster: Cluster, acknowledged: list[int], outcome: Outcome) -> str:
    """Note acknowledged pages that the database lacks; return how many there are."""
    with psycopg.connect(cluster.url) as connection:
        rows = connection.execute("SELECT slug FROM wagtailcore_page WHERE slug LIKE 'page-%'")
        slugs = {slug for (slug,) in rows}
    lost = [number for number in acknowledged if f"page-{number}" not in slugs]
    outcome.expect(not lost, f"lost: {lost}")
    return f"{len(acknowledged)} changes acknowledged, {len(lost)} lost"


def conclude(outcome: Outcome, recoveries: list[float]) -> Outcome:
    """Add the times of recovery, and the problem if one is too long."""
    outcome.figures.append(f"back after {max(recoveries):.1f} s at most")
    outcome.expect(max(recoveries) <= RECOVERY_SECONDS, "recovery took too long")
    return outcome


def run_measurement(name: str, repeats: int) -> Callable[[], Outcome]:
    """Return a function that runs `python -m tests.<name>`, which fails if a goal is missed."""
    return lambda: _run([sys.executable, "-m", f"tests.{name}"], repeats, N=str(repeats))


def run_tests(*tests: str) -> Callable[[], Outcome]:
    """Return a function that runs these tests."""

    def run() -> Outcome:
        if missing := [test for test in tests if not (ROOT / test.partition("::")[0]).exists()]:
            raise Missing(missing[0])
        return _run([*PYTEST, *tests], 1)

    return run


def _run(command: list[str], repeats: int, **variables: str) -> Outcome:
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | variables, capture_output=True, text=True
    )
    lines = [line for line in done.stdout.splitlines() if line.strip()] or [""]
    outcome = Outcome(repeats, figures=[lines[-1].strip()[:90]])
    outcome.expect(done.returncode == 0, f"{' '.join(command[1:])} failed: {done.stderr[-500:]}")
    return outcome


FAULTS: dict[str, tuple[str, Callable[[], Outcome]]] = {
    "F1": ("PostgreSQL stopped, killed, frozen", lose_database),
    "F2": ("cache server killed, frozen", lose_cache_server),
    "F3a": ("workers killed during tasks", run_measurement("bench_task_kills", 2 * REPEATS)),
    "F3b": ("workers killed while sending", run_measurement("bench_alert_kills", REPEATS)),
    "F4a": ("server killed during uploads", run_measurement("bench_kills", 4 * REPEATS)),
    "F4b": ("server killed during releases", run_measurement("bench_release_kills", REPEATS)),
    "F5": (
        "disk full",
        run_tests(
            "tests/home/test_unavailable.py",
            "tests/files/test_storage.py",
            "tests/server/page_cache/test_store.py",
        ),
    ),
    "F6": ("stalled uploads and readers", run_tests("tests/server/test_slow_clients.py")),
    "F7": (
        "several schedulers, a failing page",
        run_tests("tests/core/test_publishing.py", "tests/tasks/test_scheduler.py"),
    ),
    "F8": (
        "receivers that raise",
        run_tests("tests/core/test_invalidation.py", "tests/core/test_mail_queue.py"),
    ),
    "F9": ("power cut: all processes killed", cut_power),
    "F10": ("earlier code on the new schema", run_tests("tests/upgrades/test_previous_code.py")),
    "F11": ("object storage away, slow, full", run_tests("tests/core/storage")),
    "F13": ("a process of the web server hangs", hang_web_workers),
}


def main() -> int:
    """Cause the faults, print a table, and return 1 if a goal was missed."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    chosen = (os.environ.get("FAULTS") or ",".join(FAULTS)).split(",")
    rows, has_failed = [], False
    for name in chosen:
        label, cause = FAULTS[name]
        print(f"{name} {label} …", file=sys.stderr, flush=True)
        began = time.monotonic()
        try:
            outcome = cause()
        except Missing as error:
            rows.append((name, label, "", f"not run: {error} is missing"))
            continue
        has_failed |= bool(outcome.problems)
        result = "FAILED" if outcome.problems else "passed"
        details = "; ".join(outcome.problems + outcome.figures)
        seconds = time.monotonic() - began
        rows.append((name, label, str(outcome.repeats), f"{result} in {seconds:.0f} s: {details}"))
    print(f"{'':4}{'fault':36}{'times':>6}  result")
    for name, label, repeats, result in rows:
        print(f"{name:4}{label:36}{repeats:>6}  {result}")
    return int(has_failed)


if __name__ == "__main__":
    raise SystemExit(main())
