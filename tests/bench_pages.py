"""Measures every page type beside a trivial Django view in the same run: `make bench-pages`.

For each: database queries, bytes sent (compressed), and processor time of an answer made anew, in
milliseconds and as a multiple of the trivial view's. Medians of rounds in which all take turns, so
that a noisy machine slows all alike. What exceeds its budget is marked.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .measuring import Goal, tell
from .server.live_server import INHERITED, site_of_its_own
from .subprocesses import ROOT

ROUNDS = 15
QUERIES, QUERIES_OF_HOME = 10, 8
BYTES, MULTIPLE = 8 * 1024, 40
# No page types: they are what is looked for, or listed.
OTHERS = {"search", "news feed"}
# All chapters at once are longer than a page.
LONG = {"whole report"}


def addresses() -> dict[str, str]:
    """One address of every kind of page: the type's name → its fullest page."""
    from wagtail.models import get_page_models

    from bhp_site.core.pages import BasePage
    from reports.chapters import WHOLE_EDITION
    from reports.models import ReportPage

    found = {"(trivial view)": "/trivial/"}
    for model in get_page_models():
        if issubclass(model, BasePage):
            pages = sorted(model.objects.visible(), key=lambda page: -len(page.text))
            if pages:
                found[model.__name__] = pages[0].get_url()
    for report in ReportPage.objects.visible():
        if report.edition:
            fullest = max(report.edition, key=lambda chapter: len(chapter.text))
            parts = {
                "report's contents": "",
                "chapter": fullest.slug,
                "whole report": WHOLE_EDITION,
            }
            found |= {name: report.get_edition_url(None, part) for name, part in parts.items()}
    return found | {"search": "/search/?q=health", "news feed": "/news/feed.xml"}


def measure(
    client: Any, address: str, clock: Callable[[], float] = time.process_time
) -> tuple[int, int, float]:
    """Queries, bytes and seconds (of the processor, unless `clock` says) of one answer."""
    from django.db import connection

    count = 0

    def counting(execute: Callable[..., Any], *args: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*args)

    with connection.execute_wrapper(counting):
        start = clock()
        response = client.get(address, headers={"accept-encoding": "gzip"})
        body = b"".join(response) if response.streaming else response.content
        spent = clock() - start
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}")
    return count, len(body), spent


def trivial(request: Any) -> Any:
    from django.http import HttpResponse

    return HttpResponse("ok")


def child() -> None:
    """Measure the site in DATA_DIR, and print it; the exit code says whether all is within."""
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client
    from django.urls import path

    from bhp_site import urls

    urls.urlpatterns.insert(0, path("trivial/", trivial))
    settings.ALLOWED_HOSTS.append("testserver")
    pages, client = addresses(), Client()
    for address in pages.values():
        measure(client, address)
    runs: dict[str, list[tuple[int, int, float]]] = {name: [] for name in pages}
    for _ in range(ROUNDS):
        for name, address in pages.items():
            runs[name].append(measure(client, address))
    base = statistics.median(run[2] for run in runs["(trivial view)"])
    print(f"\n{'page':<26}{'queries':>8}{'bytes':>9}{'ms':>8}{'× trivial':>11}{'from–to, ms':>16}")
    within = True
    for name, taken in runs.items():
        queries, size, _ = taken[-1]
        times = sorted(run[2] * 1000 for run in taken)
        middle = statistics.median(times)
        multiple = middle / 1000 / base
        most = QUERIES_OF_HOME if name == "HomePage" else QUERIES
        fits = queries <= most and multiple <= MULTIPLE
        fits = fits and (size <= BYTES or name in LONG)
        fits = fits or name in OTHERS
        within = within and fits
        print(f"{name:<26}{queries:>8}{size:>9}{middle:>8.1f}{multiple:>11.1f}", end="")
        print(f"{f'{times[0]:.1f}–{times[-1]:.1f}':>16}{'' if fits else '  !'}")
    sys.exit(not within)


def pages(folder: Path) -> list[Goal]:
    variables = {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "bhp_site.settings"}
    command = [sys.executable, "-m", "tests.bench_pages", "child"]
    sys.stdout.flush()
    done = subprocess.run(command, cwd=ROOT, env=INHERITED | variables)
    goal = f"{QUERIES}, {MULTIPLE}×, 8 KB"
    found = "within" if done.returncode == 0 else "exceeded"
    return [Goal("pages made anew: queries, trivial views, bytes", found, goal, found == "within")]


def main() -> None:
    with site_of_its_own(DEMO="1") as folder:
        tell(pages(folder))


if __name__ == "__main__":
    child() if sys.argv[1:] else main()
