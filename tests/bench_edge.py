"""Measures pages that are kept, beside nginx and granian with the same bytes: `make bench-edge`.

nginx serves the bytes of the home page, as a browser gets them, as a file: the limit. granian
serves the same answer from an application that does nothing else. All take turns; medians of
rounds, so that a noisy machine slows all alike. Processor time is what the system says of the
servers' processes. Wants nginx and wrk; without nginx granian's own static mount is the limit.
"""

import contextlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bhp_site.__main__ import configure

from .bench_files import limit
from .front.serving import INHERITED, Server, ask, serve
from .launcher.conftest import ROOT, free_port

ROUNDS, SECONDS = 5, 3
CODING = "br"
TICK = os.sysconf("SC_CLK_TCK")
PREPARE = """
from bhp_site import __main__ as launcher
launcher.configure()
launcher.prepare_alone()
"""
# A process that publishes when a line comes in, and says when that was done.
PUBLISH = """
import sys, time
from bhp_site import __main__ as launcher
launcher.configure()
from bhp_site.home.models import HomePage
for line in sys.stdin:
    home = HomePage.objects.get()
    home.intro = line.strip()
    home.save_revision().publish()
    print(time.monotonic(), flush=True)
"""


def processor_time(server: Server) -> float:
    """Seconds of processor that the server's processes have taken."""
    taken = 0
    for pid in (server.process.pid, *server.workers()):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        taken += int(fields[11]) + int(fields[12])
    return taken / TICK


def others() -> float:
    """Cores that were busy with anything in the last moment."""

    def state() -> list[int]:
        return [int(n) for n in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]

    before = state()
    time.sleep(1)
    spent = [after - b for after, b in zip(state(), before, strict=True)]
    return (sum(spent) - spent[3] - spent[4]) / TICK


def rate(port: int, path: str, connections: int, *headers: str) -> float:
    """Answers a second, as wrk counts them; SystemExit where one is no success."""
    sent = [word for header in (f"Accept-Encoding: {CODING}", *headers) for word in ("-H", header)]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", *sent]
    said = subprocess.run(
        [*command, "-H", "Host: localhost", f"http://127.0.0.1:{port}{path}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if "Non-2xx" in said and not headers:
        raise SystemExit(said)
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert found, said
    return float(found[1])


def compare(ways: dict[str, tuple[Server, str, tuple[str, ...]]]) -> None:
    for connections in (16, 64):
        rates: dict[str, list[float]] = {way: [] for way in ways}
        costs: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(ROUNDS):
            for way, (server, path, headers) in ways.items():
                before = processor_time(server)
                rates[way].append(rate(server.port, path, connections, *headers))
                taken = processor_time(server) - before
                costs[way].append(taken / (rates[way][-1] * SECONDS) * 1e6)
        base, cost = (statistics.median(values[next(iter(ways))]) for values in (rates, costs))
        print(f"\n{connections} connections".ljust(29), f"{'requests/s':>11}", end="")
        print(f"{'×':>7}{'from–to':>16}{'µs each':>9}{'×':>6}")
        for way in ways:
            middle, each = statistics.median(rates[way]), statistics.median(costs[way])
            spread = f"{min(rates[way]):.0f}–{max(rates[way]):.0f}"
            print(f"{way:<28}{middle:>12.0f}{middle / base:>7.2f}{spread:>16}", end="")
            print(f"{each:>9.0f}{each / cost:>6.1f}")


class Publisher:
    """Publishes the home page, from a process that is none of the server's."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PUBLISH],
            cwd=ROOT,
            env=INHERITED | {"DATA_DIR": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.publish("Warm")

    def publish(self, words: str) -> float:
        """When it was done."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{words}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


def delay(site: Server, publisher: Publisher, words: str) -> float:
    """Seconds until the last old answer after a change, of forty new ones in a row."""
    done = last = publisher.publish(words)
    fresh = 0
    while fresh < 40:
        _, body = ask(site.port, "/")
        fresh = fresh + 1 if words.encode() in body else 0
        last = last if fresh else time.monotonic()
    return last - done


def renders(site: Server, publisher: Publisher, kept: Path) -> int:
    """How often the home page was made during six changes in six seconds under load."""
    load = subprocess.Popen(
        ["wrk", "-t1", "-c64", "-d7s", "-H", "Host: localhost", f"http://127.0.0.1:{site.port}/"],
        stdout=subprocess.DEVNULL,
    )
    made = [kept.stat().st_ino]
    end = time.monotonic() + 6.5
    for number in range(6):
        publisher.publish(f"Under load {number}")
        while time.monotonic() < end - 5.5 + number:
            # Each copy is a new file in the place of the one before.
            with contextlib.suppress(FileNotFoundError):
                if (found := kept.stat().st_ino) != made[-1]:
                    made.append(found)
            time.sleep(0.002)
    load.wait()
    return len(made) - 1


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    configure()
    from bhp_site.edge.store import Key, Store

    if not shutil.which("wrk"):
        raise SystemExit("Install wrk: it asks faster than Python can.")
    servers: list[Server] = []
    with tempfile.TemporaryDirectory(prefix="bhp-bench-") as name:
        folder = Path(name)
        print("Preparing a demonstration site …", file=sys.stderr)
        variables = INHERITED | {"DATA_DIR": name}
        subprocess.run([sys.executable, "-c", PREPARE], cwd=ROOT, env=variables, check=True)
        print(f"Others take {others():.1f} of {os.cpu_count()} cores.")
        try:
            servers.append(site := serve(folder))
            answer, body = ask(site.port, "/", Accept_Encoding=CODING)
            page = folder / "limit" / "documents" / "page.html"
            page.parent.mkdir(parents=True)
            page.write_bytes(body)
            kind, nginx = limit(folder / "limit", folder / "limit")
            servers.append(nginx)
            own = {"server", "date"}
            sent = json.dumps([pair for pair in answer.getheaders() if pair[0] not in own])
            port, log = free_port(), folder / "log"
            command = [sys.executable, "-m", "granian", "--interface", "rsgi", "--workers", "2"]
            command += ["--port", str(port), "--http", "1", "tests.front.constant:application"]
            servers.append(constant := Server(command, port, log, BODY=str(page), HEADERS=sent))
            print(f"The home page as {CODING}: {len(body):,} bytes.")
            compare(
                {
                    kind: (nginx, "/documents/page.html", ()),
                    "granian, a constant": (constant, "/", ()),
                    "the site": (site, "/", ()),
                    "the site, not modified": (
                        site,
                        "/",
                        (f"If-None-Match: {answer.headers['ETag']}",),
                    ),
                }
            )
            publisher = Publisher(folder)
            delays = [delay(site, publisher, f"Words {number}") for number in range(ROUNDS)]
            print(
                f"\nA change is everywhere after {statistics.median(delays) * 1000:.0f} ms, ",
                end="",
            )
            print(f"at the most {max(delays) * 1000:.0f}.")
            kept = Store(folder / "edge", 0, 0)._path(Key("localhost", False, "/", ""))
            print(f"Six changes in six seconds: {renders(site, publisher, kept)} renders.")
            publisher.process.terminate()
            publisher.process.wait()
        finally:
            for server in servers:
                server.end()


if __name__ == "__main__":
    main()
