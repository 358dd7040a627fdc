"""Measures pages that are kept, and how soon a change is everywhere: `make bench-page-cache`.

nginx serves the bytes of the home page, as a browser gets them, as a file: the limit. granian
serves the same answer from an application that does nothing else. Where nginx is not installed,
that is the limit.
"""

import contextlib
import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from .launcher.conftest import ROOT, free_port
from .measuring import CODING, ROUNDS, Goal, Way, at_least, at_most, command, compare, tell
from .server import nginx
from .server.live_server import INHERITED, Server, ask, serve, site_of_its_own

# Goals of the rate beside nginx's, by connections.
SHARES = {16: 0.4, 64: 0.5}
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


@contextlib.contextmanager
def kept_ways(site: Server, folder: Path) -> Iterator[dict[str, Way]]:
    """The home page, of whoever can serve it."""
    answer, body = ask(site.port, "/", Accept_Encoding=CODING)
    root = folder / "limit"
    root.mkdir()
    (root / "page.html").write_bytes(body)
    print(f"The home page as {CODING}: {len(body):,} bytes.")
    own = {"server", "date"}
    sent = json.dumps([pair for pair in answer.getheaders() if pair[0] not in own])
    options = ["--interface", "rsgi", "--workers", "2", "--http", "1", "--port", f"{free_port()}"]
    process = [sys.executable, "-m", "granian", *options, "tests.server.constant_app:application"]
    tag = f"If-None-Match: {answer.headers['ETag']}"
    with contextlib.ExitStack() as stack:
        ways = {}
        if nginx.NGINX:
            limit = stack.enter_context(nginx.start_static(root))
            ways["nginx, a file"] = Way([limit], "/page.html")
        variables = {"BODY": str(root / "page.html"), "HEADERS": sent}
        constant = Server(process, int(options[-1]), folder / "log", **variables)
        ways["granian, a constant"] = Way([stack.enter_context(constant)], "/")
        ways["the site"] = Way([site], "/")
        ways["the site, not modified"] = Way([site], "/", (tag,))
        yield ways


def kept(site: Server, folder: Path) -> list[Goal]:
    goals = []
    with kept_ways(site, folder) as ways:
        limit, page, again = (ways.get("nginx, a file"), ways["the site"], [*ways.values()][-1])
        for connections, share in SHARES.items():
            compare("a page", connections, ways)
            of = f"{connections} connections"
            constant = ways["granian, a constant"]
            share_of_it = page.rate / constant.rate
            goals.append(at_least(f"cached page, of the constant, {of}", share_of_it, 0.8))
            if limit:
                goals += [
                    at_least(f"cached page, of nginx, {of}", page.rate / limit.rate, share),
                    at_most(f"its processor time, of nginx's, {of}", page.cost / limit.cost, 3),
                ]
            goals.append(at_least(f"304, of the full page, {of}", again.rate / page.rate, 1))
    return goals


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

    def end(self) -> None:
        self.process.terminate()
        self.process.wait()


def delay(site: Server, publisher: Publisher, words: str) -> float:
    """Seconds until the last old answer after a change, of forty new ones in a row."""
    done = last = publisher.publish(words)
    fresh = 0
    while fresh < 40:
        _, body = ask(site.port, "/")
        fresh = fresh + 1 if words.encode() in body else 0
        last = last if fresh else time.monotonic()
    return last - done


def renders(site: Server, publisher: Publisher, copy: Path) -> int:
    """How often the home page was made during six changes in six seconds under load."""
    load = subprocess.Popen(command(site.port, "/", 64, seconds=7), stdout=subprocess.DEVNULL)
    made = [copy.stat().st_ino]
    end = time.monotonic() + 6.5
    for number in range(6):
        publisher.publish(f"Under load {number}")
        while time.monotonic() < end - 5.5 + number:
            # Each copy is a new file in the place of the one before.
            with contextlib.suppress(FileNotFoundError):
                if (found := copy.stat().st_ino) != made[-1]:
                    made.append(found)
            time.sleep(0.002)
    load.wait()
    return len(made) - 1


def changes(site: Server, folder: Path) -> list[Goal]:
    from bhp_site.server.page_cache.keys import CacheKey
    from bhp_site.server.page_cache.store import CacheStore

    publisher = Publisher(folder)
    delays = [delay(site, publisher, f"Words {number}") for number in range(ROUNDS)]
    middle, last = statistics.median(delays) * 1000, max(delays) * 1000
    print(f"\nA change is everywhere after {middle:.0f} ms, at the most {last:.0f}.")
    goals = [at_most("until every worker serves a change", max(delays), 1, " s")]
    if shutil.which("wrk"):
        copy = CacheStore(folder / "page_cache", 0, 0).get_path(
            CacheKey("localhost", False, "/", "")
        )
        found = renders(site, publisher, copy)
        goals.append(at_most("renders for 6 changes in 6 s, 64 connections", found, 6))
    publisher.end()
    return goals


def main() -> None:
    with site_of_its_own(DEMO="1") as folder, serve(folder) as site:
        tell([*kept(site, folder), *changes(site, folder)])


if __name__ == "__main__":
    main()
