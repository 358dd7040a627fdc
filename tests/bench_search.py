"""Measures the search: `make bench-search`, on SQLite and on a PostgreSQL of its own.

Time until a page of results is made on a large site (10,000 news items, 200 reports of 60 pages)
beside that on a small one (80 and 20 of 6), for words that nearly all have and words that few have.
"""

import contextlib
import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time

from .measuring import Goal, at_most, tell
from .postgresql_cluster import Missing, database
from .subprocesses import ROOT

ROUNDS = 25
SIZES = {"small": (80, 20, 6), "large": (10_000, 200, 60)}
# What is looked for → its words on each site.
QUERIES = {
    "a common word": "research",
    "two common words": "research evidence",
    "a common beginning": "re",
    "a rare word": "{rare}",
    "a word and a number": "evidence {rare}",
    "nothing, and a guess": "reserch",
}
MOST = 2


def child(size: str) -> None:
    """Generate a site; then for each line that comes in print milliseconds of a search for it.

    And how many results it has, as JSON.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = "bhp_site.settings"
    import django

    django.setup()
    logging.disable(logging.INFO)
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from bhp_site.search.matching import find
    from bhp_site.search.query import parse_terms

    settings.ALLOWED_HOSTS.append("testserver")
    news, reports, pages = SIZES[size]
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("generate", news=news, reports=reports, partners=reports // 4, pages=pages)
    client = Client()
    print("ready", flush=True)
    for line in sys.stdin:
        query = line.strip().format(rare=news // 2)
        start = time.perf_counter()
        response = client.get("/search/", {"q": query})
        spent = (time.perf_counter() - start) * 1000
        assert response.status_code == 200
        print(json.dumps((spent, len(find(parse_terms(query), {}).ranked))), flush=True)


class Site:
    """A process that has generated a site and waits to be asked."""

    def __init__(self, size: str, folder: str, env: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench_search", size],
            cwd=ROOT,
            env=os.environ | {"DATA_DIR": folder} | env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def line(self) -> str:
        assert self.process.stdout
        said = self.process.stdout.readline()
        if not said:
            raise SystemExit("A site could not be made, or asked: see above.")
        return said

    def ask(self, query: str) -> tuple[float, int]:
        assert self.process.stdin
        print(query, file=self.process.stdin, flush=True)
        spent, number = json.loads(self.line())
        return spent, number

    def end(self) -> None:
        self.process.terminate()
        self.process.wait()


def compare(name: str, urls: list[dict[str, str]]) -> list[Goal]:
    """Generate a site of each size, one after the other, and ask them in turns."""
    with contextlib.ExitStack() as stack:
        sites = []
        for size, env in zip(SIZES, urls, strict=True):
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bhp-bench-"))
            site = Site(size, folder, env)
            stack.callback(site.end)
            while site.line() != "ready\n":
                pass
            sites.append(site)
        runs: dict[str, list[list[tuple[float, int]]]] = {}
        for query, words in QUERIES.items():
            # The first one of each site looks who may see what, as after every change.
            for site in sites:
                site.ask(words)
            runs[query] = [[site.ask(words) for site in sites] for _ in range(ROUNDS)]
    return goals_of(name, runs)


def goals_of(name: str, runs: dict[str, list[list[tuple[float, int]]]]) -> list[Goal]:
    goals = []
    print(f"\n{name:<24}" + "".join(f"{size:>26}" for size in SIZES) + f"{'×':>8}")
    for query, rounds in runs.items():
        small, large = (
            statistics.median(each[0] for each in of) for of in zip(*rounds, strict=True)
        )
        cells = "".join(
            f"{f'{number:,} found':>16}{spent:>7.1f} ms"
            for spent, (_, number) in zip((small, large), rounds[0], strict=True)
        )
        print(f"{query:<24}{cells}{large / small:>7.2f}")
        goals.append(at_most(f"search of a large site: {query}, {name}", large / small, MOST))
    return goals


def search() -> list[Goal]:
    goals = compare("SQLite", [{}, {}])
    try:
        with database() as small, database() as large:
            goals += compare("PostgreSQL", [{"DATABASE_URL": small}, {"DATABASE_URL": large}])
    except Missing as missing:
        print(f"\nNot measured on PostgreSQL: there is no {missing}.")
    return goals


if __name__ == "__main__":
    child(sys.argv[1]) if sys.argv[1:] else tell(search())
