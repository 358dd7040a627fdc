"""Measures the search: `make bench-search`, on SQLite and on a PostgreSQL of its own.

Processor time of a page of results on a large site (10,000 news items, 200 reports of 60 pages)
beside that on a small one (80 and 20 of 6), for words that nearly all have and words that few have;
then how many pages a second are read from a PDF, with the child's start.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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
PAGES = 500


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

    from .bench import measure

    settings.ALLOWED_HOSTS.append("testserver")
    news, reports, pages = SIZES[size]
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("generate", news=news, reports=reports, partners=reports // 4, pages=pages)
    client, found = Client(), {}
    for name, words in QUERIES.items():
        query = words.format(rare=news // 2)
        measure(client, f"/search/?q={query}")
        runs = [measure(client, f"/search/?q={query}") for _ in range(ROUNDS)]
        number = len(find(terms_of(query), {}).results)
        found[name] = statistics.median(run[2] for run in runs) * 1000, number, runs[-1][0]
    print(json.dumps(found))


def ask(size: str, **env: str) -> dict[str, tuple[float, int, int]]:
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


def tell(name: str, found: dict[str, dict[str, tuple[float, int, int]]]) -> None:
    print(f"\n{name:<24}" + "".join(f"{size:>26}" for size in found) + f"{'×':>8}")
    for query in QUERIES:
        small, large = (found[size][query] for size in SIZES)
        ratio = large[0] / small[0]
        cells = "".join(
            f"{f'{number:,} found':>16}{spent:>7.1f} ms" for spent, number, _ in (small, large)
        )
        print(f"{query:<24}{cells}{ratio:>7.2f}{'!' if ratio > MOST else ''}")


def extraction() -> None:
    import pikepdf

    from bhp_site.files.reading import read_texts

    from .files.pdfs import write

    pdf = pikepdf.new()
    for number in range(PAGES):
        pdf.add_blank_page(page_size=(595, 842))
        write(pdf, number, "research evidence trial " * 60)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "many.pdf")
        pdf.save(path)
        rates = []
        for _ in range(5):
            start = time.perf_counter()
            read = read_texts(path, ".pdf")
            rates.append(len(read.pages) / (time.perf_counter() - start))
    print(f"\nextraction: {statistics.median(rates):,.0f} pages a second ({PAGES} pages)")


def main() -> None:
    tell("SQLite", {size: ask(size) for size in SIZES})
    found = {}
    for size in SIZES:
        with database() as url:
            found[size] = ask(size, DATABASE_URL=url)
    tell("PostgreSQL", found)
    extraction()


if __name__ == "__main__":
    child(sys.argv[1]) if sys.argv[1:] else main()
