"""Measures how much one machine does of what no cache answers: `make bench-capacity`.

Searches, forms and screens of the admin of the demonstration, asked for over as many connections as
Django has threads, as requests a second; and uploads of a PDF of 60 pages, in seconds each, until
its words are read. E-mails a second are printed by `bench_alert_kills`.
"""

import itertools
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

from .bench_kills import ADD
from .bench_uploads import UploadSite
from .measuring import ROUNDS, SECONDS, run_threads, say_others
from .pdf.pdfs import make_blank, write
from .prepared_sites import DEMO
from .server.live_server import ask

# Of a web server with the default settings: WORKERS × THREADS.
CONNECTIONS = 8
PAGES = 60
UPLOADS = 10
WORDS = ("health", "research", "report", "partners", "data", "trials", "care", "patients")


class BusySite(UploadSite):
    """The demonstration with two worker processes, and a signed-in editor."""

    prepared = DEMO

    def get(self, path: str) -> None:
        """Ask for `path` as the editor; the answer must be a success."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer, _ = ask(self.port, path, Cookie=cookies)
        assert answer.status == 200, f"{path} answered {answer.status}"

    def get_editor(self) -> str:
        """Return the address at which the latest announcement is edited."""
        with closing(self.database()) as database:
            found = database.execute("SELECT MAX(page_ptr_id) FROM news_newspage").fetchone()
        return f"/admin/pages/{found[0]}/edit/"


def build_searches() -> Iterator[str]:
    """Yield addresses of searches, none of them twice, so that no cache answers."""
    for number in itertools.count(1):
        first, second = WORDS[number % len(WORDS)], WORDS[number // len(WORDS) % len(WORDS)]
        yield f"/search/?q={first}+{second}+{number}"


def measure_rate(get: Callable[[str], None], paths: Iterator[str]) -> float:
    """Return how many of `paths` a second are answered over all connections."""
    lock, counts = threading.Lock(), list[int]()
    end = time.monotonic() + SECONDS

    def read() -> None:
        count = 0
        while time.monotonic() < end:
            with lock:
                path = next(paths)
            get(path)
            count += 1
        counts.append(count)

    run_threads(read, CONNECTIONS)
    assert len(counts) == CONNECTIONS, "a connection has failed"
    return sum(counts) / SECONDS


def make_report(seed: int) -> bytes:
    """Return a PDF with words on each of its pages, like no other."""
    pdf, words = make_blank(PAGES), random.Random(seed)
    for number in range(PAGES):
        write(pdf, number, " ".join(words.choices(WORDS, k=300)))
    file = BytesIO()
    pdf.save(file)
    return file.getvalue()


def measure_uploads(site: BusySite) -> list[float]:
    """Return the seconds until each of some reports is stored, and read."""
    spent = []
    for seed in range(UPLOADS):
        data = make_report(seed)
        start = time.monotonic()
        path, form = site.prepare(ADD, data)
        form.pop("again")
        site.post(path, form)
        spent.append(time.monotonic() - start)
    return spent


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bhp-capacity-", ignore_cleanup_errors=True) as folder:
        site = BusySite(Path(folder), random.Random(1))
        try:
            say_others()
            measured = {
                "searches": build_searches(),
                "a form": itertools.repeat("/alerts/"),
                "the pages in the admin": itertools.repeat("/admin/pages/"),
                "the editor of an announcement": itertools.repeat(site.get_editor()),
            }
            print(f"\n{f'{CONNECTIONS} connections':<30}{'requests/s':>12}{'from–to':>14}")
            for name, paths in measured.items():
                rates = [measure_rate(site.get, paths) for _ in range(ROUNDS)]
                spread = f"{min(rates):.0f}–{max(rates):.0f}"
                print(f"{name:<30}{statistics.median(rates):>12.0f}{spread:>14}", flush=True)
            seconds = measure_uploads(site)
            spread = f"{min(seconds):.2f}–{max(seconds):.2f}"
            print(f"\nA PDF of {PAGES} pages: {statistics.median(seconds):.2f} s ({spread})")
        finally:
            site.kill()


if __name__ == "__main__":
    main()
