"""What the benches share: they ask in turns, over and over, and count what the servers took.

A rate depends on who else is busy; processor time, which the system counts, does not.
"""

import http.client
import os
import re
import shutil
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from .server.live_server import Server

ROUNDS, SECONDS = 5, 3
CODING = "br"
TICK = os.sysconf("SC_CLK_TCK")
# Cores that others may take before it is said.
OTHERS = 1 / 3


class Goal(NamedTuple):
    """What a bench has found, in words, and whether that is enough."""

    what: str
    found: str
    goal: str
    holds: bool


def at_least(what: str, found: float, goal: float) -> Goal:
    return Goal(what, f"{found:.2f}", f"≥ {goal:g}", found >= goal)


def at_most(what: str, found: float, goal: float, unit: str = "") -> Goal:
    return Goal(what, f"{found:.2f}{unit}", f"≤ {goal:g}{unit}", found <= goal)


@dataclass
class Way:
    """How something is asked for: of `servers`, the first of which is told, the rest behind it."""

    servers: list[Server]
    path: str
    headers: tuple[str, ...] = ()
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    @property
    def cost(self) -> float:
        """Microseconds of processor an answer, of all `servers` together."""
        return statistics.median(self.costs)

    def ask(self, connections: int) -> None:
        before = processor_time(self.servers)
        asked_each_second = rate(self.servers[0].port, self.path, connections, *self.headers)
        self.rates.append(asked_each_second)
        taken = processor_time(self.servers) - before
        self.costs.append(taken / (asked_each_second * SECONDS) * 1e6)


def compare(what: str, connections: int, ways: dict[str, Way]) -> None:
    """Ask in all `ways` in turns, and print them beside the first."""
    say_others()
    for way in ways.values():
        way.rates.clear()
        way.costs.clear()
    for _ in range(ROUNDS):
        for way in ways.values():
            way.ask(connections)
    if shutil.which("wrk"):
        print(
            "\n$", *command(*next((w.servers[0].port, w.path) for w in ways.values()), connections)
        )
    first = next(iter(ways.values()))
    print(f"\n{f'{what}, {connections} connections':<36}{'requests/s':>11}{'×':>7}", end="")
    print(f"{'from–to':>16}{'µs each':>10}{'×':>6}{'from–to':>14}")
    for name, way in ways.items():
        spread = f"{min(way.rates):.0f}–{max(way.rates):.0f}"
        print(f"{name:<36}{way.rate:>11.0f}{way.rate / first.rate:>7.2f}{spread:>16}", end="")
        spread = f"{min(way.costs):.0f}–{max(way.costs):.0f}"
        print(f"{way.cost:>10.0f}{way.cost / first.cost:>6.1f}{spread:>14}")


def processor_time(servers: list[Server]) -> float:
    """Seconds of processor that all processes of `servers` have taken."""
    taken = 0
    for pid in (pid for server in servers for pid in (server.process.pid, *server.workers())):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        taken += int(fields[11]) + int(fields[12])
    return taken / TICK


def say_others() -> None:
    """Say so where others are busy, while nothing is asked."""

    def state() -> list[int]:
        return [int(n) for n in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]

    before = state()
    time.sleep(1)
    spent = [after - b for after, b in zip(state(), before, strict=True)]
    busy = (sum(spent[:8]) - spent[3] - spent[4]) / TICK
    if busy > OTHERS:
        print(f"\nOthers take {busy:.1f} of {os.cpu_count()} cores: read the processor time.")


def command(
    port: int, path: str, connections: int, *headers: str, seconds: int = SECONDS
) -> list[str]:
    """As wrk is told to ask."""
    sent = ("Host: localhost", f"Accept-Encoding: {CODING}", *headers)
    words = [word for header in sent for word in ("-H", header)]
    address = f"http://127.0.0.1:{port}{path}"
    return ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", *words, address]


def rate(port: int, path: str, connections: int, *headers: str) -> float:
    """Answers a second; SystemExit where one is no success."""
    if not shutil.which("wrk"):
        return slower_rate(port, path, connections, *headers)
    asked = command(port, path, connections, *headers)
    said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if not found or ("Non-2xx" in said and not any("None-Match" in one for one in headers)):
        raise SystemExit(said)
    return float(found[1])


def slower_rate(port: int, path: str, connections: int, *headers: str) -> float:
    """The same as Python asks: it needs more of the machine than the servers do."""
    sent = {"Host": "localhost", "Accept-Encoding": CODING}
    sent |= dict(header.split(": ", 1) for header in headers)
    counts: list[int] = []
    end = time.monotonic() + SECONDS

    def read() -> None:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        buffer, count = memoryview(bytearray(1 << 20)), 0
        while time.monotonic() < end:
            client.request("GET", path, headers=sent)
            answer = client.getresponse()
            while answer.readinto(buffer):
                pass
            assert answer.status in (200, 304), answer.status
            count += 1
        counts.append(count)

    run_threads(read, connections)
    assert len(counts) == connections, "a connection has failed"
    return sum(counts) / SECONDS


def run_threads(target: Callable[[], None], number: int) -> None:
    """Run `target` in so many threads at once, and wait until all have ended."""
    threads = [threading.Thread(target=target) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def lines(goals: list[Goal]) -> Iterator[str]:
    for goal in goals:
        mark = "" if goal.holds else "  !"
        yield f"{goal.what:<62}{goal.found:>12}{goal.goal:>12}{mark}"


def tell(goals: list[Goal]) -> None:
    """Print what was to be reached, and whether it was."""
    print(f"\n{'':<62}{'found':>12}{'goal':>12}", *lines(goals), sep="\n")
