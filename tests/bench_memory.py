"""Measures memory, compared with an empty Wagtail site, and its growth: `make bench-memory`.

Both sites run in granian with the same numbers of workers and threads and answer the same requests.
Then the site gets 100,000 requests: for cached pages, for uncacheable ones and for missing ones.
"""

import contextlib
import http.client
import itertools
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .measuring import Goal, at_most, say_others, tell
from .server.live_server import INHERITED, Server, serve, site_of_its_own
from .subprocesses import ROOT, free_port

MAX_DIFFERENCE_MEGABYTES = 60
MAX_GROWTH_MEGABYTES = 8
WARM_UP_REQUESTS, REQUESTS = 200, 100_000
# One request of so many is for a URL that Django answers.
DJANGO_INTERVAL = 50
CONNECTIONS = 16
THREADS = "4"


@contextlib.contextmanager
def empty_site() -> Iterator[Server]:
    """Start a site with what Wagtail's project template installs, and nothing else."""
    with tempfile.TemporaryDirectory(prefix="bhp-empty-") as folder:
        variables = {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "tests.empty.settings"}
        migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=ROOT, env=INHERITED | variables, check=True)
        port = free_port()
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1"]
        command += ["--workers", "2", "--blocking-threads", THREADS, "--port", str(port)]
        command.append("tests.empty.wsgi:application")
        with Server(command, port, Path(folder, "log"), **variables) as server:
            yield server


def send_requests(server: Server, times: int, *paths: str) -> None:
    """Request all `paths` in turn, so many `times` in all, over connections that stay open."""

    def read(number: int) -> None:
        client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        for path in itertools.islice(itertools.cycle(paths), number, times // CONNECTIONS + number):
            client.request("GET", path, headers={"Host": "localhost"})
            client.getresponse().read()
        client.close()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(read, range(CONNECTIONS)))


def measure_memory(site: Server) -> list[Goal]:
    """Compare the site's memory with an empty site's, and before with after many requests."""
    say_others()
    with empty_site() as empty:
        for server in (empty, site):
            send_requests(server, WARM_UP_REQUESTS, "/", "/admin/login/", "/nothing/")
        before, empty_site_megabytes = site.memory(), empty.memory()
    print(f"\nAn empty Wagtail site takes {empty_site_megabytes:.0f} MB, the site {before:.0f}.")
    cached = ["/", "/news/?page=1&utm_source=x", "/partners/", "/news/feed.xml"]
    uncached = ["/search/?q=health", "/nothing/", "/admin/login/"]
    rounds = [
        path
        for path_of_django in uncached
        for path in [*(cached * (DJANGO_INTERVAL // len(cached))), path_of_django]
    ]
    measured = [before]
    for _ in range(4):
        send_requests(site, REQUESTS // 4, *rounds)
        measured.append(site.memory())
    print(f"After each of four times {REQUESTS // 4:,} requests:", end=" ")
    print(", ".join(f"{each:.0f}" for each in measured[1:]), "MB.")
    return [
        at_most(
            "memory above an empty Wagtail site",
            before - empty_site_megabytes,
            MAX_DIFFERENCE_MEGABYTES,
            " MB",
        ),
        at_most(
            "growth from the first quarter of 100,000 requests to the last",
            measured[-1] - measured[1],
            MAX_GROWTH_MEGABYTES,
            " MB",
        ),
    ]


def main() -> None:
    with site_of_its_own(DEMO="1") as folder, serve(folder) as site:
        tell(measure_memory(site))


if __name__ == "__main__":
    main()
