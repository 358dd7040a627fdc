"""Legs of a test run: each is a process of its own, and several run beside each other.

While they run, lines with their progress are printed; what else a leg prints follows when it ends.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PASSED, FAILED, MISSING = 0, 1, 77
# Tests wait a third of their time, for a server, a browser or a disk.
MAX_PROCESSES = max(2, os.cpu_count() or 2) + 2
POLL_SECONDS = 0.5
# Within this time an interrupted leg ends its servers and browsers.
INTERRUPT_SECONDS = 40
# What pytest prints of a number of tests that have been run.
PROGRESS = re.compile(r"\[ *\d+%\]$")


@dataclass(frozen=True)
class Leg:
    """A part of a test run, which keeps that many `processes` busy.

    `run` returns True if it has passed, and raises Missing on a machine that cannot run it.
    """

    title: str
    run: Callable[[], bool]
    processes: int = 1


def get_command(name: str) -> list[str]:
    """Return the command that runs the leg `name` and exits with PASSED, FAILED or MISSING."""
    return [sys.executable, "-m", "tests.run", "leg", name]


class LegProcess:
    """A process that runs a leg, with all that it starts."""

    def __init__(self, name: str, leg: Leg, *, is_alone: bool) -> None:
        """Start it; its output is printed at once if it `is_alone`, and otherwise by `relay`."""
        self.name, self.leg = name, leg
        self.started = time.monotonic()
        print(f"── {leg.title}" + ("" if is_alone else " (begun)"), flush=True)
        # A file: a pipe stays open as long as any process that a test has left behind.
        self.output = None if is_alone else tempfile.NamedTemporaryFile()  # noqa: SIM115
        # With a session of its own, it can be interrupted with all that it has started.
        self.process = subprocess.Popen(
            get_command(name),
            cwd=ROOT,
            stdout=self.output,
            stderr=self.output,
            start_new_session=True,
        )

    def relay(self) -> int:
        """Print its progress, and its other output when it has ended; return its exit code."""
        if not self.output:
            return self.process.wait()
        lines, unfinished, is_running = list[str](), "", True
        with self.output, open(self.output.name, errors="replace") as output:
            while is_running:
                with suppress(subprocess.TimeoutExpired):
                    is_running = self.process.wait(POLL_SECONDS) is None
                *finished, unfinished = (unfinished + output.read()).split("\n")
                for line in finished:
                    if PROGRESS.search(line):
                        print(f"{self.name:<13}{line}", flush=True)
                    else:
                        lines.append(line)
        minutes, seconds = divmod(round(time.monotonic() - self.started), 60)
        end = {PASSED: "passed", MISSING: "not run"}.get(self.process.returncode, "FAILED")
        header = f"── {self.leg.title}: {end} after {minutes}:{seconds:02}"
        print("\n".join([header, *lines, unfinished]), flush=True)
        return self.process.returncode


def stop_session(process: subprocess.Popen[bytes]) -> None:
    """Interrupt a process and its session, as Ctrl+C does; kill what is left after some time."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(INTERRUPT_SECONDS)
        os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def run_beside(*command: str) -> Iterator[None]:
    """Run `command` in the background, for so long at most."""
    process = subprocess.Popen([*command], cwd=ROOT, start_new_session=True)
    try:
        yield
    finally:
        if process.poll() is None:
            stop_session(process)


def run_legs(legs: dict[str, Leg]) -> dict[str, int]:
    """Run legs beside each other as far as MAX_PROCESSES allows; return their exit codes.

    They start in this order. One that needs more processes runs alone.
    """
    waiting, running, codes = [*legs], dict[Future[int], LegProcess](), dict[str, int]()
    with ThreadPoolExecutor() as threads:
        try:
            while waiting or running:
                while waiting and _has_room(legs[waiting[0]], running.values()):
                    name = waiting.pop(0)
                    is_alone = len(legs) == 1 or legs[name].processes >= MAX_PROCESSES
                    process = LegProcess(name, legs[name], is_alone=is_alone)
                    running[threads.submit(process.relay)] = process
                for ended in wait(running, return_when=FIRST_COMPLETED).done:
                    codes[running.pop(ended).name] = ended.result()
        finally:
            for process in running.values():
                stop_session(process.process)
    return codes


def _has_room(leg: Leg, running: Iterable[LegProcess]) -> bool:
    """Return True if `leg` may start beside those that are `running`."""
    used = sum(process.leg.processes for process in running)
    return not used or used + leg.processes <= MAX_PROCESSES
