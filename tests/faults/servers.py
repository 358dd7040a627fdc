"""Faults of the cache server and of processes of the web server (F2, F6, F13)."""

import itertools
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ..cache_server import SERVER as CACHE_SERVER
from ..cache_server import CacheServer
from ..postgresql_cluster import Missing
from ..server.live_server import INHERITED, Server, ask, prepare, serve
from ..subprocesses import free_port
from .outcomes import FAULT_SECONDS, REPEATS, SIZES, UNCACHED, Outcome, Visitors, scale

LONG_FILE_BYTES = 50_000_000
# Paths that ask the cache server, and one that does not.
PATHS = (UNCACHED, "/admin/login/", "/")


def kill_cache(cache: CacheServer) -> None:
    """Kill the cache server, and wait until it has ended."""
    cache.kill()


def fill_cache_server(cache: CacheServer) -> None:
    """Leave the cache server without room: it refuses to write."""
    cache.client.config_set("maxmemory-policy", "noeviction")
    cache.client.config_set("maxmemory", "1")


# How the cache server fails, and how it comes back.
CACHE_FAULTS: dict[str, tuple[Callable[[CacheServer], object], Callable[[CacheServer], object]]] = {
    "killed": (kill_cache, lambda cache: cache.start()),
    "frozen": (
        lambda cache: cache.process.send_signal(signal.SIGSTOP),
        lambda cache: cache.process.send_signal(signal.SIGCONT),
    ),
    "full": (fill_cache_server, lambda cache: cache.client.config_set("maxmemory", "0")),
}


def lose_cache_server() -> Outcome:
    """Kill, freeze and fill the cache server while people search."""
    if not CACHE_SERVER:
        raise Missing("redis-server or valkey-server")
    outcome = Outcome()
    cache = CacheServer()
    with tempfile.TemporaryDirectory(prefix="bhp-faults-") as folder:
        variables = {"CACHE_URL": f"redis://127.0.0.1:{cache.port}/1", "DEMO": "0"}
        prepare(Path(folder), *SIZES, **variables)
        server = serve(Path(folder), **variables)
        try:
            with Visitors(server.port, PATHS) as quiet:
                time.sleep(FAULT_SECONDS)
            slowest: dict[str, float] = {}
            for (name, (fail, restore)), _ in itertools.product(
                CACHE_FAULTS.items(), range(scale(10, REPEATS))
            ):
                with Visitors(server.port, PATHS) as visitors:
                    fail(cache)
                    time.sleep(FAULT_SECONDS)
                    restore(cache)
                outcome.repeats += 1
                outcome.expect({*visitors.statuses} <= {200}, f"{name}: {dict(visitors.statuses)}")
                slowest[name] = max(slowest.get(name, 0), visitors.p95)
            outcome.expect_quick(quiet.p95, slowest)
        finally:
            server.end()
            with suppress(ProcessLookupError):
                cache.process.send_signal(signal.SIGCONT)
            cache.kill()
    return outcome


def stall_clients() -> Outcome:
    """Let 200 visitors send a form, and 200 read a document, without getting on."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory(prefix="bhp-faults-") as folder:
        prepare(Path(folder), *SIZES, LONG_FILE_BYTES)
        server = serve(Path(folder))
        try:
            with Visitors(server.port, PATHS) as quiet:
                time.sleep(FAULT_SECONDS)
            slowest = 0.0
            for _ in range(scale(5, 1)):
                with (
                    server.stalled_readers(200, f"/documents/numbers-{LONG_FILE_BYTES}.csv"),
                    server.stalled_uploads(200),
                    Visitors(server.port, PATHS) as visitors,
                ):
                    time.sleep(FAULT_SECONDS)
                outcome.repeats += 1
                outcome.expect({*visitors.statuses} <= {200}, f"{dict(visitors.statuses)}")
                slowest = max(slowest, visitors.p95)
            outcome.expect_quick(quiet.p95, {"stalled": slowest})
        finally:
            server.end()
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
