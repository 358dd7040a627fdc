"""A wrong clock, and a night on which the clocks change (F12).

The processes of the site are told another time; PostgreSQL has the right one.
"""

import datetime
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from ..postgresql_cluster import Cluster, run_cluster
from ..schema_cache import restore_schema
from ..server.live_server import ask
from .launched_site import LaunchedSite
from .outcomes import Outcome, scale

HOUR_SECONDS = 3600
# The scheduler looks every ten seconds.
LOOK_SECONDS = 25

# For each page: how many seconds from now, by the clock of the process, it is due.
SCHEDULE = """
import datetime
from django.utils import timezone
from news.models import NewsIndexPage
from tests.factories import NewsPageFactory
for title, seconds in {pages!r}.items():
    page = NewsPageFactory(parent=NewsIndexPage.objects.get(), live=False, title=title)
    page.go_live_at = timezone.now() + datetime.timedelta(seconds=seconds)
    page.save_revision().publish()
"""
LOOK = """
import json
from news.models import NewsPage
from wagtail.models import PageLogEntry
rows = {{}}
for page in NewsPage.objects.filter(title__in={titles!r}):
    entries = PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish.scheduled")
    rows[page.title] = [page.live, entries.count()]
print(json.dumps(rows))
"""
UNDUE, DUE = [False, 0], [True, 1]


class Clock:
    """The time that the processes of a site are told."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "clock"
        self.set(0)
        self.variables = {
            "DJANGO_SETTINGS_MODULE": "tests.faults.clock_settings",
            "FAULTY_CLOCK": str(self.path),
        }

    def set(self, seconds: float) -> None:
        """Set the clock ahead by so many seconds; back if they are negative."""
        new = self.path.with_suffix(".new")
        new.write_text(f"{seconds:.0f}")
        new.replace(self.path)
        # All processes look several times a second.
        time.sleep(1)


def set_clocks() -> Outcome:
    """Set the clock of a site an hour ahead and back, and let it pass nights of changed clocks."""
    outcome = Outcome()
    with run_cluster() as cluster, tempfile.TemporaryDirectory(prefix="bhp-faults-") as folder:
        clock = Clock(Path(folder))
        restore_schema(cluster.url)
        site = LaunchedSite(Path(folder), DATABASE_URL=cluster.url, **clock.variables)
        try:
            for number in range(scale(5, 1)):
                set_wrong(site, clock, cluster, number, outcome)
                for night in (get_autumn_night(), get_spring_night()):
                    pass_night(site, clock, f"{night} {number}", night, outcome)
                outcome.repeats += 1
        finally:
            site.end()
    return outcome


def set_wrong(
    site: LaunchedSite, clock: Clock, cluster: Cluster, number: int, outcome: Outcome
) -> None:
    """Set the clock an hour ahead, an hour back and right again, while pages are scheduled."""
    soon, later = f"Soon {number}", f"Later {number}"
    clock.set(0)
    site.python(SCHEDULE.format(pages={soon: 2, later: HOUR_SECONDS / 2}))
    clock.set(HOUR_SECONDS)
    rows = look(site, [soon, later], lambda rows: rows[soon] == DUE, LOOK_SECONDS)
    time.sleep(LOOK_SECONDS / 2)
    rows = look(site, [soon, later])
    outcome.expect(rows == {soon: DUE, later: UNDUE}, f"an hour ahead: {rows}")
    check_visitors(site, "an hour ahead", outcome)
    check_clocks(site, cluster, HOUR_SECONDS, outcome)
    clock.set(-HOUR_SECONDS)
    time.sleep(LOOK_SECONDS / 2)
    check_visitors(site, "an hour back", outcome)
    check_clocks(site, cluster, -HOUR_SECONDS, outcome)
    clock.set(0)
    time.sleep(LOOK_SECONDS / 2)
    rows = look(site, [soon, later])
    outcome.expect(rows == {soon: DUE, later: UNDUE}, f"right again: {rows}")
    check_visitors(site, "right again", outcome)


def pass_night(
    site: LaunchedSite, clock: Clock, name: str, night: datetime.datetime, outcome: Outcome
) -> None:
    """Let the hour pass at which the clocks change at `night`, with pages due before and after."""
    offset = (night - datetime.datetime.now(datetime.UTC)).total_seconds()
    # The clock begins ten seconds before the hour; both pages name the same time on a clock face
    # in autumn, and times on both sides of the missing hour in spring.
    clock.set(offset - 10)
    pages = {f"{name} before": 5, f"{name} after": HOUR_SECONDS + 5}
    before, after = pages
    site.python(SCHEDULE.format(pages=pages))
    rows = look(site, [*pages], lambda rows: rows[before] == DUE, LOOK_SECONDS)
    time.sleep(LOOK_SECONDS / 2)
    rows = look(site, [*pages])
    outcome.expect(rows == {before: DUE, after: UNDUE}, f"{name}: {rows}")
    clock.set(offset + HOUR_SECONDS - 10)
    rows = look(site, [*pages], lambda rows: rows[after] == DUE, LOOK_SECONDS * 2)
    outcome.expect(rows == {before: DUE, after: DUE}, f"{name}, an hour later: {rows}")
    check_visitors(site, name, outcome)
    clock.set(0)


def look(
    site: LaunchedSite,
    titles: list[str],
    is_reached: Callable[[dict[str, Any]], bool] = lambda rows: True,
    seconds: float = 0,
) -> dict[str, Any]:
    """Return for each page whether it is live, and how often it was published by schedule."""
    deadline = time.monotonic() + seconds
    while True:
        rows: dict[str, Any] = json.loads(site.python(LOOK.format(titles=titles)))
        if is_reached(rows) or time.monotonic() > deadline:
            return rows
        time.sleep(1)


def check_clocks(site: LaunchedSite, cluster: Cluster, seconds: float, outcome: Outcome) -> None:
    """Note a scheduler whose clock was not set, and a site that does not tell of it."""
    with psycopg.connect(cluster.url) as connection:
        row = connection.execute(
            "SELECT EXTRACT(EPOCH FROM renewed_at - now()) FROM tasks_heartbeat"
            " WHERE name = 'scheduler'"
        ).fetchone()
    assert row
    outcome.expect(abs(float(row[0]) - seconds) < 120, f"the scheduler is {row[0]:.0f} s ahead")
    _, body = ask(site.port, "/readyz")
    outcome.expect(b'"clock": "failing"' in body, f"the operator is told {body!r}")


def check_visitors(site: LaunchedSite, when: str, outcome: Outcome) -> None:
    """Note what visitors do not get."""
    for path in ("/", "/news/", "/search/?q=word"):
        status = ask(site.port, path)[0].status
        outcome.expect(status == 200, f"{when}: {path} is answered {status}")


def get_autumn_night() -> datetime.datetime:
    """Return when the clocks of last year went back in the United Kingdom."""
    return get_last_sunday(10)


def get_spring_night() -> datetime.datetime:
    """Return when the clocks of last year went forward in the United Kingdom."""
    return get_last_sunday(3)


def get_last_sunday(month: int) -> datetime.datetime:
    """Return 01:00 UTC on the last Sunday of a month of last year that has 31 days."""
    year = datetime.datetime.now(datetime.UTC).year - 1
    last = datetime.datetime(year, month, 31, 1, tzinfo=datetime.UTC)
    return last - datetime.timedelta(days=(last.weekday() + 1) % 7)
