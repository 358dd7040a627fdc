"""Receivers and hooks of a publication that raise (F8), in the real processes of a site."""

import json
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from ..server.live_server import ask
from ..smtp_sink import SmtpSink, run_smtp_sink
from .faulty_app import REFUSED
from .launched_site import LaunchedSite
from .outcomes import Outcome, scale

# Pages are due after 25 seconds, a scheduler looks every ten, and a failed update of the index is
# repeated after ten.
WAIT_SECONDS = 90
SUBSCRIBER = "person0@example.com"
SETTINGS = "tests.faults.faulty_settings"

SUBSCRIBE = """
from tests.bench_alert_kills import create_subscribers
create_subscribers(1)
"""
SCHEDULE = """
import datetime, sys
from django.utils import timezone
from news.models import NewsIndexPage
from tests.factories import NewsPageFactory
for title in {titles!r}:
    page = NewsPageFactory(
        parent=NewsIndexPage.objects.get(), live=False, title=title, summary="A sentence.",
        date=timezone.localdate(),
    )
    page.go_live_at = timezone.now() + datetime.timedelta(seconds=25)
    page.save_revision().publish()
"""
# Prints for each page: whether it is live, whether it is scheduled, how often it was published
# according to its log, and whether the admin's search finds it.
LOOK = """
import json
from news.models import NewsPage
from wagtail.models import PageLogEntry
rows = []
for title in {titles!r}:
    page = NewsPage.objects.get(title=title)
    entries = PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish.scheduled")
    scheduled = page.revisions.exclude(approved_go_live_at=None).exists()
    found = page.pk in [each.pk for each in NewsPage.objects.search(title)]
    rows.append([page.live, scheduled, entries.count(), found])
print(json.dumps(rows))
"""
TRY_AGAIN = """
from bhp_site.tasks.models import QueuedTask
QueuedTask.objects.run_again()
"""


class Proxy(ThreadingHTTPServer):
    """A proxy that notes which paths it was asked to purge, and can refuse that."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), PurgeHandler)
        self.refuses = False
        self.purged: list[str] = []


class PurgeHandler(BaseHTTPRequestHandler):
    """The method PURGE."""

    server: Proxy

    def do_PURGE(self) -> None:
        """Note the path, or refuse."""
        if not self.server.refuses:
            self.server.purged.append(self.path)
        self.send_response(500 if self.server.refuses else 200)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Log nothing."""


@contextmanager
def run_proxy() -> Iterator[Proxy]:
    """Run a proxy in a thread of this process."""
    with Proxy() as proxy:
        threading.Thread(target=proxy.serve_forever, args=[0.05], daemon=True).start()
        try:
            yield proxy
        finally:
            proxy.shutdown()


def raise_in_receivers() -> Outcome:
    """Let receivers, purges, search and mail fail while scheduled pages are published."""
    outcome = Outcome()
    with (
        tempfile.TemporaryDirectory(prefix="bhp-faults-") as folder,
        run_smtp_sink() as sink,
        run_proxy() as proxy,
    ):
        backend = "wagtail.contrib.frontend_cache.backends.HTTPBackend"
        location = f"http://127.0.0.1:{proxy.server_port}"
        purged = {"proxy": {"BACKEND": backend, "LOCATION": location}}
        variables = {
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
            "WAGTAILFRONTENDCACHE": json.dumps(purged),
        }
        site = LaunchedSite(Path(folder), **variables)
        try:
            site.python(SUBSCRIBE)
            for number in range(scale(20, 2)):
                fail_once(site, sink, proxy, number, outcome)
        finally:
            site.end()
    return outcome


def fail_once(
    site: LaunchedSite, sink: SmtpSink, proxy: Proxy, number: int, outcome: Outcome
) -> None:
    """Let everything fail at two publications, and note what has become of them."""
    titles = [f"Published {number}", f"{REFUSED} {number}"]
    failing = site.data / "failing"
    failing.touch()
    sink.refusals[SUBSCRIBER], proxy.refuses = "451 Try again later", True
    ask(site.port, "/")
    site.python(SCHEDULE.format(titles=titles))
    rows = wait_for(site, titles, lambda rows: rows[0][0])
    expected = [True, False, 1], [False, True, 0]
    outcome.expect((rows[0][:3], rows[1][:3]) == expected, f"while all fails: {rows}")
    # Long enough for all side effects to have been tried.
    time.sleep(3)
    failing.unlink()
    sink.refusals.clear()
    proxy.refuses, proxy.purged = False, []
    rows = wait_for(site, titles, lambda rows: all(row[0] and row[3] for row in rows))
    outcome.expect(rows == [[True, False, 1, True]] * 2, f"afterwards: {rows}")
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline and not ("/" in proxy.purged and has_mail(sink, titles)):
        # As an administrator does; by itself an e-mail is tried again after five minutes.
        site.python(TRY_AGAIN)
        time.sleep(2)
    outcome.expect("/" in proxy.purged, "the proxy was not purged again")
    subjects = [str(email.message["Subject"]) for email in sink.received]
    outcome.expect(has_mail(sink, titles), f"an alert was not sent, or twice: {subjects}")
    outcome.repeats += 1


def has_mail(sink: SmtpSink, titles: list[str]) -> bool:
    """Return True if the subscriber got one e-mail about each page."""
    subjects = [str(email.message["Subject"]) for email in sink.received]
    return all(subjects.count(f"Announcement: {title}") == 1 for title in titles)


def wait_for(site: LaunchedSite, titles: list[str], is_reached: Any) -> list[list[Any]]:
    """Return the state of the pages once it is reached, or after WAIT_SECONDS."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        rows: list[list[Any]] = json.loads(site.python(LOOK.format(titles=titles)))
        if is_reached(rows) or time.monotonic() > deadline:
            return rows
        time.sleep(1)
