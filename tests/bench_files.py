"""Measures how fast documents are sent, and what slow clients cost: `make bench-files`.

A file of 4 MB is requested in turns from the site and from nginx with sendfile; alone also of a
site whose documents are in a bucket. Then pages are requested: alone, beside stalled readers of a
file of 50 MB, and beside stalled uploads.
"""

import contextlib
import os
import statistics
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from .bucket import run_bucket
from .measuring import ROUNDS, Goal, Way, at_least, compare, rate, say_others, tell
from .server import nginx
from .server.live_server import Server, serve, site_of_its_own

SHORT_FILE_BYTES, LONG_FILE_BYTES = 4_000_000, 50_000_000
CONNECTIONS = 16
# Shares of nginx's rate, and of the rate of pages without stalled clients.
MIN_FILE_SHARE, MIN_PAGE_SHARE = 1.0, 0.9


def measure_files(site: Server, folder: Path, place: str = "a folder") -> list[Goal]:
    """Compare the rate of a document of 4 MB, kept in `place`, with nginx's sendfile."""
    address = f"/documents/numbers-{SHORT_FILE_BYTES}.csv"
    if not nginx.NGINX:
        print("\nnginx is not installed: there is nothing to compare files with.")
        compare("4 MB", CONNECTIONS, {"the site": Way([site], address)})
        return []
    root = folder / "sendfile"
    root.mkdir()
    path = next(path for path in folder.rglob("*.csv") if path.stat().st_size == SHORT_FILE_BYTES)
    os.link(path, root / "file.csv")
    with nginx.start_static(root) as static_server:
        limit, direct = Way([static_server], "/file.csv"), Way([site], address)
        compare(f"4 MB in {place}", CONNECTIONS, {"nginx, sendfile": limit, "the site": direct})
        what = f"4 MB file in {place}, of nginx's sendfile"
        return [at_least(what, direct.rate / limit.rate, MIN_FILE_SHARE)]


def measure_files_in_bucket() -> list[Goal]:
    """Compare a document of which the machine has a local copy, and its bucket the original."""
    with run_bucket() as bucket:
        variables = {"STORAGE_URL": bucket.url}
        with site_of_its_own(SHORT_FILE_BYTES, **variables) as folder:
            with serve(folder, fast_path=True, **variables) as site:
                return measure_files(site, folder, "a bucket")


def measure_stalled_clients(site: Server) -> list[Goal]:
    """Compare the rate of pages beside stalled downloads and uploads with the rate alone."""
    path = f"/documents/numbers-{LONG_FILE_BYTES}.csv"
    cases: dict[str, Callable[[], AbstractContextManager[object]]] = {
        "quiet": nullcontext,
        "20 stalled readers": lambda: site.stalled_readers(20, path),
        "200 stalled readers": lambda: site.stalled_readers(200, path),
        "12 stalled uploads": lambda: site.stalled_uploads(12),
    }
    say_others()
    rate(site.port, "/", 8)
    before = site.memory()
    rates: dict[str, list[float]] = {case: [] for case in cases}
    memory: dict[str, float] = {}
    for _ in range(ROUNDS):
        for case, begin in cases.items():
            with begin():
                rates[case].append(rate(site.port, "/", 8))
                memory.setdefault(case, site.memory())
    base = statistics.median(rates["quiet"])
    print(
        f"\n{'pages beside stalled readers, 50 MB':<36}{'pages/s':>11}{'×':>7}{'from–to':>16}",
        end="",
    )
    print(f"{'MB':>8}{'grown':>8}")
    goals = []
    for case, taken in rates.items():
        middle, grown = statistics.median(taken), memory[case] - before
        spread = f"{min(taken):.0f}–{max(taken):.0f}"
        print(f"{case:<36}{middle:>11.0f}{middle / base:>7.2f}{spread:>16}", end="")
        print(f"{memory[case]:>8.0f}{grown:>8.0f}")
        goals.append(
            at_least(f"pages beside {case}, of the quiet rate", middle / base, MIN_PAGE_SHARE)
        )
    return goals[1:]


def main() -> None:
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(site_of_its_own(SHORT_FILE_BYTES, LONG_FILE_BYTES))
        site = stack.enter_context(serve(folder))
        goals = [*measure_files(site, folder), *measure_stalled_clients(site)]
    tell([*goals, *measure_files_in_bucket()])


if __name__ == "__main__":
    main()
