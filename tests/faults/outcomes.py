"""What the faults share: visitors, counted responses, and the outcome of repeats."""

import os
import statistics
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from ..server.live_server import Server, ask

REPEATS = int(os.environ.get("REPEATS") or 2)
FAULT_SECONDS = float(os.environ.get("SECONDS") or 5)
# As many repeats as this are the long form.
LONG_REPEATS = 20
# After a fault everything must be answered again within this time.
RECOVERY_SECONDS = 5
# Below this, twice the quiet time is within what a busy machine varies by.
MIN_SLOW_SECONDS = 0.2
UNCACHED = "/search/?q=word"
SIZES = (1_000_000,)
CACHED_PATHS = ("/", f"/documents/numbers-{SIZES[0]}.csv")
ALLOWED_STATUSES = {200, 206, 304, 503}


def scale(long: int, short: int) -> int:
    """Return how often to repeat: `long` times in the long form, `short` in the short one."""
    return max(short, round(long * REPEATS / LONG_REPEATS)) if REPEATS > 2 else short


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

    def expect_quick(self, quiet: float, during: dict[str, float]) -> None:
        """Note the times in which 95 of 100 requests were answered, before and during faults.

        In the long form, for which the machine should be quiet, twice the first is a problem.
        """
        self.figures.append(f"p95 {quiet:.2f} s quiet")
        for name, seconds in during.items():
            self.figures.append(f"{seconds:.2f} s {name}")
            is_quick = seconds < max(2 * quiet, MIN_SLOW_SECONDS)
            self.expect(is_quick or REPEATS < LONG_REPEATS, f"{name}: too slow")


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


def conclude(outcome: Outcome, recoveries: list[float]) -> Outcome:
    """Add the times of recovery, and the problem if one is too long."""
    outcome.figures.append(f"back after {max(recoveries):.1f} s at most")
    outcome.expect(max(recoveries) <= RECOVERY_SECONDS, "recovery took too long")
    return outcome
