"""Measures the search: `make bench-search`, on SQLite and on a PostgreSQL of its own.

Time until a page of results is made on a large site (10,000 news items, 200 reports of 60 pages)
beside that on a small one (80 and 20 of 6), for words that nearly all have and words that few have.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

from .launcher.conftest import ROOT
from .run import database

ROUNDS = 15
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
    """Generate a site, and print as JSON: what is looked for → milliseconds, results."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bhp_site.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from bhp_site.search.finding import find
    from bhp_site.search.terms import terms_of

    settings.ALLOWED_HOSTS.append("testserver")
    news, reports, pages = SIZES[size]
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("generate", news=news, reports=reports, partners=reports // 4, pages=pages)
    client, found = Client(), {}
    for name, words in QUERIES.items():
        query = words.format(rare=news // 2)
        times = []
        for _ in range(ROUNDS + 1):
            start = time.perf_counter()
            response = client.get("/search/", {"q": query})
            times.append(time.perf_counter() - start)
            assert response.status_code == 200
        # The first one of each site looks who may see what, as after every change.
        median = statistics.median(times[1:]) * 1000
        found[name] = median, len(find(terms_of(query), {}).results)
    print(json.dumps(found))


def ask(size: str, **env: str) -> dict[str, tuple[float, int]]:
    with tempfile.TemporaryDirectory(prefix="bhp-bench-") as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench_search", size],
            cwd=ROOT,
            env=os.environ | {"DATA_DIR": folder} | env,
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    return json.loads(done.stdout.splitlines()[-1])


def tell(name: str, found: dict[str, dict[str, tuple[float, int]]]) -> None:
    print(f"\n{name:<24}" + "".join(f"{size:>26}" for size in found) + f"{'×':>8}")
    for query in QUERIES:
        small, large = (found[size][query] for size in SIZES)
        ratio = large[0] / small[0]
        cells = "".join(
            f"{f'{number:,} found':>16}{spent:>7.1f} ms" for spent, number in (small, large)
        )
        print(f"{query:<24}{cells}{ratio:>7.2f}{'!' if ratio > MOST else ''}")


def main() -> None:
    tell("SQLite", {size: ask(size) for size in SIZES})
    found = {}
    for size in SIZES:
        with database() as url:
            found[size] = ask(size, DATABASE_URL=url)
    tell("PostgreSQL", found)


if __name__ == "__main__":
    child(sys.argv[1]) if sys.argv[1:] else main()
