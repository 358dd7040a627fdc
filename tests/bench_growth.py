"""Measures what grows with a site: `make bench-growth`, SIZES=10,600,1000,10000 news items.

On SQLite, with DATABASE=postgresql on one of its own.

For each size a site of its own is generated, with a fifth as many reports and a twentieth as many
partners, but as many as there are news items up to 60. Queries, and the time beside that of
the smallest site whose lists are all full: a list of ten rows is shorter than one of fifty,
whatever else there is. Medians of rounds. Each site is measured by a process that does nothing
else.
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

from .postgresql_cluster import database
from .subprocesses import ROOT

SIZES = os.environ.get("SIZES", "10,600,1000,10000")
# So many news items fill every list, of a year and of a partner too.
FULL = 600
ROUNDS = 15
MOST = 1.5


def child(news: int) -> None:
    """Generate a site, and print as JSON: address → queries and milliseconds."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bhp_site.settings"
    import django

    django.setup()
    logging.disable(logging.INFO)
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from bhp_site.core.models import User
    from news.models import NewsIndexPage, NewsPage
    from partners.models import PartnerPage
    from reports.models import ReportIndexPage, ReportPage

    from .bench_pages import measure

    settings.ALLOWED_HOSTS.append("testserver")
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    least = min(news, 60)
    call_command(
        "generate", news=news, reports=max(least, news // 5), partners=max(least, news // 20)
    )
    visitor, editor = Client(), Client()
    editor.force_login(User.objects.create_superuser("editor@example.org", "a long password"))
    page, report, partner = (m.objects.last() for m in (NewsPage, ReportPage, PartnerPage))
    assert page
    assert report
    assert partner
    year = page.date.year
    indexes = NewsIndexPage.objects.get(), ReportIndexPage.objects.get()
    visited = {
        "home": "/",
        "news": "/news/",
        "news, of a year": f"/news/?year={year}",
        "news, of a partner": f"/news/?partner={partner.slug}",
        "an announcement": page.get_url(),
        "reports": "/reports/",
        "a report": report.get_url(),
        "partners": "/partners/",
        "a partner": partner.get_url(),
        "quotes": "/quotes/",
        "news feed": "/news/feed.xml",
        "sitemap": "/sitemap.xml",
    }
    edited = {
        "editor: dashboard": "/admin/",
        "editor: list of news": f"/admin/pages/{indexes[0].pk}/",
        "editor: list of reports": f"/admin/pages/{indexes[1].pk}/",
        "editor: an announcement": f"/admin/pages/{page.pk}/edit/",
        "editor: a report": f"/admin/pages/{report.pk}/edit/",
        "editor: choose a page": "/admin/choose-page/",
        "editor: files": "/admin/documents/",
    }
    asked = [(name, visitor, url) for name, url in visited.items()]
    asked += [(name, editor, url) for name, url in edited.items()]
    found: dict[str, tuple[int, float]] = {}
    for name, client, url in asked:
        measure(client, url)
        # By the clock on the wall: a database may be another process.
        runs = [measure(client, url, time.perf_counter) for _ in range(ROUNDS)]
        found[name] = runs[-1][0], statistics.median(run[2] for run in runs) * 1000
    print(json.dumps(found))


def main() -> None:
    sizes = [int(size) for size in SIZES.split(",")]
    found = []
    for size in sizes:
        print(f"Generating {size:,} news items …", file=sys.stderr)
        with contextlib.ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bhp-bench-"))
            variables = {"DATA_DIR": folder}
            if os.environ.get("DATABASE") == "postgresql":
                variables["DATABASE_URL"] = stack.enter_context(database())
            done = subprocess.run(
                [sys.executable, "-m", "tests.bench_growth", str(size)],
                cwd=ROOT,
                env=os.environ | variables,
                stdout=subprocess.PIPE,
                check=True,
                text=True,
            )
        found.append(json.loads(done.stdout.splitlines()[-1]))
    base = next((each for size, each in zip(sizes, found, strict=True) if size >= FULL), found[0])
    print(f"{'queries, ms, × full lists':<28}", *(f"{f'{size:,} news':>22}" for size in sizes))
    for name in base:
        print(f"{name:<28}", end="")
        for each in found:
            queries, spent = each[name]
            ratio = spent / base[name][1]
            print(f"{queries:>8}{spent:>8.1f}{ratio:>6.2f}{'!' if ratio > MOST else ' '}", end="")
        print()


if __name__ == "__main__":
    child(int(sys.argv[1])) if sys.argv[1:] else main()
