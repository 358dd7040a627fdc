"""Measures cached pages, and how soon a change is visible: `make bench-page-cache`.

nginx serves the home page's bytes as a file, which is the measure. granian serves the same bytes
from an application that does nothing else. The site is measured with and without its fast path.
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

from .measuring import CODING, ROUNDS, Goal, Way, at_least, at_most, command, compare, tell
from .server import nginx
from .server.live_server import INHERITED, Server, ask, serve, site_of_its_own
from .subprocesses import ROOT, free_port

# Goals for the site's rate as a share of nginx's, by number of connections.
FAST_SHARES = {16: 0.6, 64: 0.7}
PLAIN_SHARES = {16: 0.4, 64: 0.5}
# A process that publishes when a line comes in, and says when that was done.
PUBLISH = """
import sys, time
from bhp_site.__main__ import configure
configure()
from bhp_site.home.models import HomePage
for line in sys.stdin:
    home = HomePage.objects.get()
    home.intro = line.strip()
    home.save_revision().publish()
    print(time.monotonic(), flush=True)
"""


@contextlib.contextmanager
def start_servers(site: Server, folder: Path) -> Iterator[dict[str, Way]]:
    """Start every server that can serve the home page; yield how to request it, by name."""
    response, body = ask(site.port, "/", Accept_Encoding=CODING)
    root = folder / "limit"
    root.mkdir()
    (root / "page.html").write_bytes(body)
    print(f"The home page as {CODING}: {len(body):,} bytes.")
    headers = [pair for pair in response.getheaders() if pair[0] not in ("server", "date")]
    options = ["--interface", "rsgi", "--workers", "2", "--http", "1", "--port", f"{free_port()}"]
    process = [sys.executable, "-m", "granian", *options, "tests.server.constant_app:application"]
    if_none_match = f"If-None-Match: {response.headers['ETag']}"
    with contextlib.ExitStack() as stack:
        ways = {}
        if nginx.NGINX:
            static_server = stack.enter_context(nginx.start_static(root))
            ways["nginx, a file"] = Way([static_server], "/page.html")
        variables = {"BODY": str(root / "page.html"), "HEADERS": json.dumps(headers)}
        constant = Server(process, int(options[-1]), folder / "log", **variables)
        ways["granian, a constant"] = Way([stack.enter_context(constant)], "/")
        plain = stack.enter_context(serve(folder, fast_path=False))
        ways["the site without fast path"] = Way([plain], "/")
        ways["the site"] = Way([site], "/")
        ways["the site, not modified"] = Way([site], "/", (if_none_match,))
        yield ways


def measure_cached_pages(site: Server, folder: Path) -> list[Goal]:
    """Compare the rates of all servers over 16 and 64 connections."""
    goals = []
    with start_servers(site, folder) as ways:
        page, not_modified = ways["the site"], ways["the site, not modified"]
        for connections in FAST_SHARES:
            compare("a page", connections, ways)
            of = f"{connections} connections"
            share = page.rate / ways["granian, a constant"].rate
            goals.append(at_least(f"cached page, of the constant, {of}", share, 0.8))
            if limit := ways.get("nginx, a file"):
                plain_share = ways["the site without fast path"].rate / limit.rate
                goals += [
                    at_least(
                        f"cached page, of nginx, {of}",
                        page.rate / limit.rate,
                        FAST_SHARES[connections],
                    ),
                    at_least(
                        f"the same without fast path, {of}", plain_share, PLAIN_SHARES[connections]
                    ),
                    at_most(f"its processor time, of nginx's, {of}", page.cost / limit.cost, 3),
                ]
            goals.append(at_least(f"304, of the full page, {of}", not_modified.rate / page.rate, 1))
    return goals


class Publisher:
    """Publishes the home page from a process of its own."""

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

    def publish(self, text: str) -> float:
        """Publish the home page with this introduction; return the monotonic time after that."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{text}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def end(self) -> None:
        self.process.terminate()
        self.process.wait()


def measure_delay(site: Server, publisher: Publisher, text: str) -> float:
    """Return the seconds from a change to the last stale response, before 40 fresh ones."""
    published_at = last_stale_at = publisher.publish(text)
    fresh_responses = 0
    while fresh_responses < 40:
        _, body = ask(site.port, "/")
        fresh_responses = fresh_responses + 1 if text.encode() in body else 0
        last_stale_at = last_stale_at if fresh_responses else time.monotonic()
    return last_stale_at - published_at


def count_renders(site: Server, publisher: Publisher, file: Path) -> int:
    """Return how often the cached `file` was rendered during 6 changes in 6 seconds under load."""
    load = subprocess.Popen(command(site.port, "/", 64, seconds=7), stdout=subprocess.DEVNULL)
    inodes = [file.stat().st_ino]
    end = time.monotonic() + 6.5
    for number in range(6):
        publisher.publish(f"Under load {number}")
        while time.monotonic() < end - 5.5 + number:
            # Each cached response is a new file that replaces the previous one.
            with contextlib.suppress(FileNotFoundError):
                if (inode := file.stat().st_ino) != inodes[-1]:
                    inodes.append(inode)
            time.sleep(0.002)
    load.wait()
    return len(inodes) - 1


def measure_changes(site: Server, folder: Path) -> list[Goal]:
    """Measure how soon a change is visible everywhere, and how often a page is rendered."""
    from bhp_site.server.page_cache.keys import CacheKey
    from bhp_site.server.page_cache.store import CacheStore

    publisher = Publisher(folder)
    delays = [measure_delay(site, publisher, f"Text {number}") for number in range(ROUNDS)]
    middle, last = statistics.median(delays) * 1000, max(delays) * 1000
    print(f"\nA change is everywhere after {middle:.0f} ms, at the most {last:.0f}.")
    goals = [at_most("until every worker serves a change", max(delays), 1, " s")]
    if shutil.which("wrk"):
        key = CacheKey("localhost", False, "/", "")
        file = CacheStore(folder / "page_cache", 0, 0).get_path(key)
        renders = count_renders(site, publisher, file)
        goals.append(at_most("renders for 6 changes in 6 s, 64 connections", renders, 6))
    publisher.end()
    return goals


def main() -> None:
    with site_of_its_own(DEMO="1") as folder, serve(folder) as site:
        tell([*measure_cached_pages(site, folder), *measure_changes(site, folder)])


if __name__ == "__main__":
    main()
