"""Measures memory beside an empty Wagtail site, and whether it grows: `make bench-memory`.

Both sites run under granian with as many workers and threads, and have answered the same. Then the
site is asked 100,000 times: for pages that are kept, for what is never kept, for what is not there.
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

ABOVE = 60  # megabytes
GROWN = 8
WARM, MANY = 200, 100_000
# Of so many requests one is for an address that Django answers.
RARE = 50
CONNECTIONS = 16
THREADS = "4"


@contextlib.contextmanager
def empty_site() -> Iterator[Server]:
    """Wagtail with all that its own template for new projects installs, and nothing else."""
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


def ask(server: Server, times: int, *paths: str) -> None:
    """So often over some connections that stay open, each path in its turn."""

    def read(number: int) -> None:
        client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        for path in itertools.islice(itertools.cycle(paths), number, times // CONNECTIONS + number):
            client.request("GET", path, headers={"Host": "localhost"})
            client.getresponse().read()
        client.close()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(read, range(CONNECTIONS)))


def memory(site: Server) -> list[Goal]:
    say_others()
    with empty_site() as empty:
        for server in (empty, site):
            ask(server, WARM, "/", "/admin/login/", "/nothing/")
        before, least = site.memory(), empty.memory()
    print(f"\nAn empty Wagtail site takes {least:.0f} MB, the site {before:.0f}.")
    kept = ["/", "/news/?page=1&utm_source=x", "/partners/", "/news/feed.xml"]
    rarely = ["/search/?q=health", "/nothing/", "/admin/login/"]
    rounds = [path for other in rarely for path in [*(kept * (RARE // len(kept))), other]]
    taken = [before]
    for _ in range(4):
        ask(site, MANY // 4, *rounds)
        taken.append(site.memory())
    print(f"After each of four times {MANY // 4:,} requests:", end=" ")
    print(", ".join(f"{each:.0f}" for each in taken[1:]), "MB.")
    return [
        at_most("memory above an empty Wagtail site", before - least, ABOVE, " MB"),
        at_most(
            "growth from the first quarter of 100,000 requests to the last",
            taken[-1] - taken[1],
            GROWN,
            " MB",
        ),
    ]


def main() -> None:
    with site_of_its_own(DEMO="1") as folder, serve(folder) as site:
        tell(memory(site))


if __name__ == "__main__":
    main()
