"""Measures what grows with a site: `make bench-growth`, SIZES=10,600,1000,10000 news items.

On SQLite, with DATABASE=postgresql on one of its own.

For each size a site of its own is generated, with a fifth as many reports and a twentieth as many
partners, but as many as there are news items up to 60. Every public page type, list and feed, and
every screen of the admin is requested: those without an object in their address, and those of the
latest object of each type. Queries, and the time beside that of the smallest site whose lists are
all full: a list of ten rows is shorter than one of fifty, whatever else there is. Medians of
rounds (ROUNDS=5). Each site is measured by a process that does nothing else.

Counted is processor time, of PostgreSQL's processes too. Each request takes turns with one for a
screen that is the same on every site, and growth is that of the multiple of its time: a machine
that is busier during one half of the run slows both.
"""

import contextlib
import functools
import gc
import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from .measuring import Goal, at_most, tell
from .postgresql_cluster import database
from .subprocesses import ROOT

SIZES = os.environ.get("SIZES", "10,600,1000,10000")
DATABASE = os.environ.get("DATABASE", "sqlite")
# So many news items fill every list, of a year and of a partner too.
FULL = 600
ROUNDS = int(os.environ.get("ROUNDS") or 5)
PAGES_OF_REPORT = 6
MOST, MOST_OF_SEARCH, MOST_QUERIES = 1.5, 2.0, 10
# Queries, median milliseconds, and the multiple of the time of `REFERENCE`, of an address.
Measured = tuple[int, float, float]
SEARCHES = tuple(f"admin: search in {name}" for name in ("documents", "images", "pages"))
# What varies by less than this is not growth.
MIN_GROWTH_MS = 2.0
# The list of sites: one row, whatever the content.
REFERENCE = "/admin/sites/"
# Seconds of its latest answers.
references: deque[float] = deque(maxlen=20)
# Screens that end the session, raise an error on purpose, or are no screens.
LEFT_OUT = ("logout/", "failwhale/", "sprite", "jsi18n", "login", "password_reset", "session/")


def child(news: int) -> None:
    """Generate a site, and print as JSON: name of the address → `measure_often`."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bhp_site.settings"
    import django

    django.setup()
    logging.disable(logging.INFO)
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from bhp_site.core.models import User

    settings.ALLOWED_HOSTS.append("testserver")
    # Another connection would have another process, whose time begins at nothing.
    connection.settings_dict["CONN_MAX_AGE"] = None
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    least = min(news, 60)
    call_command(
        "generate",
        news=news,
        reports=max(least, news // 5),
        partners=max(least, news // 20),
        pages=PAGES_OF_REPORT,
    )
    forget_generating()
    visitor, editor = Client(), Client()
    editor.force_login(User.objects.create_superuser("editor@example.org", "a long password"))
    editor.get(REFERENCE)
    found = {}
    for name, url in get_public_addresses():
        # The lists of a small site have no second page.
        if visitor.get(url).status_code == 200:
            found[name] = measure_often(visitor, url, editor)
    for name, url in get_admin_addresses(editor):
        found[f"admin: {name}"] = measure_often(editor, url, editor)
    print(json.dumps(found))


def forget_generating() -> None:
    """Leave nothing of what was generated in memory or in SQLite's log, as after a restart.

    PostgreSQL counts what was generated, as autovacuum does within some minutes.
    """
    from django.db import connection

    gc.collect()
    gc.freeze()
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)" if is_sqlite else "ANALYZE")


def measure_often(client: Any, url: str, editor: Any) -> Measured:
    """Measure responses of `url`, which has answered before, and of the reference in turn."""
    from .bench_pages import measure

    runs = []
    for _ in range(ROUNDS):
        runs.append(measure(client, url, read_processor_time))
        references.append(measure(editor, REFERENCE, read_processor_time)[2])
    spent = statistics.median(run[2] for run in runs)
    return runs[-1][0], spent * 1000, spent / statistics.median(references)


def read_processor_time() -> float:
    """Return the seconds of this process, and of PostgreSQL's process of the open connection."""
    seconds = time.process_time()
    if DATABASE == "postgresql":
        seconds += int(find_backend().read_text().split()[0]) / 1e9
    return seconds


@functools.cache
def find_backend() -> Path:
    """Return where Linux counts the nanoseconds of the connection's process."""
    from django.db import connection

    connection.ensure_connection()
    return Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")


def get_public_addresses() -> Iterator[tuple[str, str]]:
    """Yield name and address of the latest page of each type, and of lists and feeds."""
    from wagtail.models import get_page_models

    from bhp_site.core.pages import BasePage
    from bhp_site.themes.models import ThemePage
    from news.models import NewsPage, QuotePage
    from partners.models import PartnerPage
    from reports.models import ReportPage

    for model in get_page_models():
        if issubclass(model, BasePage) and (page := model.objects.visible().last()):
            yield model.__name__, page.get_url()
    models: list[Any] = [NewsPage, PartnerPage, ReportPage, ThemePage, QuotePage]
    page, partner, report, theme, quote = (model.objects.last() for model in models)
    yield "news, page 2", "/news/?page=2"
    yield "news, last full page", f"/news/?page={NewsPage.objects.count() // 12 or 1}"
    yield "news, of a year", f"/news/?year={page.date.year}"
    yield "news, of a kind", f"/news/?kind={page.kind}"
    yield "news, of a partner", f"/news/?partner={partner.slug}"
    yield "news, calls", "/news/?kind=call"
    yield "reports, page 2", "/reports/?page=2"
    yield "members, by kind", "/partners/?order=kind"
    yield "members, on a day", "/partners/?on=2013-06-01"
    yield "alerts", "/alerts/"
    yield "alerts, of a partner", f"/alerts/?topic=page-{partner.pk}"
    yield "a document", report.downloads.get().document.url
    yield "a citation", f"{report.get_url()}cite.bib"
    # Not asked: `partners/register.csv` and `.json`, which are lists of every partner, and
    # searches, which count all results: `bench_search` measures those.
    for name in ("news/feed.xml", "news/feed.json", "reports/feed.xml", "reports/feed.json"):
        yield name, f"/{name}"
    yield "feed of a partner", f"{partner.get_url()}feed.xml"
    for name in ("sitemap.xml", "sitemap-pages.xml", "robots.txt"):
        yield name, f"/{name}"
    if quote:
        yield "quotes, page 2", "/quotes/?page=2"
        yield "quotes, of a year", f"/quotes/?year={quote.date.year}"
        yield "quotes, of a person", f"/quotes/?{urlencode({'person': quote.name})}"
    if theme:
        yield "feed of a theme", f"{theme.get_url()}feed.json"
        yield "a theme, page 2", f"{theme.get_url()}?page=2"
        yield "quotes, of a theme", f"/quotes/?theme={theme.slug}"


def get_admin_addresses(editor: Any) -> Iterator[tuple[str, str]]:
    """Yield name and address of each screen that answers an administrator."""
    from wagtail.models import get_page_models

    from bhp_site.core.models import SiteImage
    from bhp_site.core.pages import BasePage
    from bhp_site.files.models import SiteDocument
    from partners.people import Person

    from .permissions.addresses import list_routes

    addresses = {route: f"/admin/{route}" for route in list_routes() if "<" not in route}
    for model in get_page_models():
        page = model.objects.last() if issubclass(model, BasePage) else None
        if page is not None:
            addresses[f"edit {model.__name__}"] = f"/admin/pages/{page.pk}/edit/"
            addresses[f"list in {model.__name__}"] = f"/admin/pages/{page.pk}/"
            addresses[f"history of {model.__name__}"] = f"/admin/pages/{page.pk}/history/"
            addresses[f"use of {model.__name__}"] = f"/admin/pages/{page.pk}/usage/"
    document, image, person = (m.objects.last() for m in (SiteDocument, SiteImage, Person))
    assert document
    assert image
    assert person
    addresses["edit a document"] = f"/admin/documents/edit/{document.pk}/"
    addresses["edit an image"] = f"/admin/images/{image.pk}/"
    addresses["edit a person"] = f"/admin/snippets/partners/person/edit/{person.pk}/"
    for name in ("documents", "images", "pages"):
        addresses[f"search in {name}"] = f"/admin/{name}/search/?q=generated"
    addresses["search in documents"] = "/admin/documents/?q=generated"
    addresses["search in images"] = "/admin/images/?q=generated"
    for name, url in addresses.items():
        if any(part in url for part in LEFT_OUT):
            continue
        if (status := editor.get(url).status_code) == 200:
            yield name, url
        else:
            print(f"No screen: {url} ({status})", file=sys.stderr)


def main() -> int:
    """Measure all sizes and print them; return 1 if a goal was missed."""
    sizes = [int(size) for size in SIZES.split(",")]
    found = []
    for size in sizes:
        print(f"Generating {size:,} news items …", file=sys.stderr)
        with contextlib.ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bhp-bench-"))
            variables = {"DATA_DIR": folder}
            if DATABASE == "postgresql":
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
    print(f"{'queries, ms, × full lists':<44}", *(f"{f'{size:,} news':>22}" for size in sizes))
    for name in base:
        print(f"{name[:44]:<44}", end="")
        for each in found:
            queries, spent, multiple = each.get(name, (0, 0.0, 0.0))
            ratio = multiple / base[name][2]
            limit = MOST_OF_SEARCH if name in SEARCHES else MOST
            mark = "!" if ratio > limit and spent - base[name][1] > MIN_GROWTH_MS else " "
            print(f"{queries:>8}{spent:>8.1f}{ratio:>6.2f}{mark}", end="")
        print()
    goals = build_goals(base, found[-1])
    tell(goals)
    return 0 if all(goal.holds for goal in goals) else 1


def build_goals(base: dict[str, Measured], largest: dict[str, Measured]) -> list[Goal]:
    """Return how well the largest site reaches the goals."""
    goals = []
    # An export has a row for each object; the form for invitations offers each partner.
    measured = [name for name in base if not name.endswith((".csv", "export/", "invitations/"))]
    kinds = {
        "public pages": [name for name in measured if not name.startswith("admin: ")],
        "screens of the admin": [
            name for name in measured if name.startswith("admin: ") and name not in SEARCHES
        ],
        # For a word that all objects have.
        "searches in the admin": [name for name in measured if name in SEARCHES],
    }
    for kind, names in kinds.items():
        grown = {
            name: largest[name][2] / base[name][2]
            for name in names
            if name in largest and largest[name][1] - base[name][1] > MIN_GROWTH_MS
        }
        most = max(grown, key=lambda name: grown[name], default="")
        limit = MOST_OF_SEARCH if kind == "searches in the admin" else MOST
        goals.append(at_most(f"growth of {kind} ({most[:30]})", grown.get(most, 1), limit))
    public = [name for name in largest if not name.startswith("admin: ")]
    most = max(public, key=lambda name: largest[name][0])
    goals.append(at_most(f"queries of a public page ({most})", largest[most][0], MOST_QUERIES))
    return goals


if __name__ == "__main__":
    if sys.argv[1:]:
        child(int(sys.argv[1]))
    else:
        sys.exit(main())
