"""Kills a real server while it publishes releases: `make bench-release-kills`, N=50.

After each kill the server is started again, and of each release either all is public or nothing.
Prints how many were complete, and how many untouched. SEED=… repeats the same moments.
"""

import http.client
import json
import os
import random
import secrets
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from .files.sending import TIMEOUT_SECONDS, Sending
from .killable_site import KillableSite

# Longer than publishing usually takes, so that some kills come after it.
LATEST_MOMENT = 1.2

PREPARE = """
import datetime
import json
from news.models import NewsIndexPage, Release
from partners.models import PartnerIndexPage
from reports.models import ReportDownload, ReportIndexPage
from bhp_site.home.models import HomePage
from tests.factories import (
    NewsPageFactory, PartnerPageFactory, PersonFactory, ReportPageFactory, SiteDocumentFactory,
    StandardPageFactory,
)
releases = []
for number in range({count}):
    document = SiteDocumentFactory(title=f"Report {{number}}", slug=f"report-{{number}}")
    report = ReportPageFactory(
        parent=ReportIndexPage.objects.get(), live=False, title=f"Report {{number}}",
        summary="What was done.", date=datetime.date(2026, 3, 1),
    )
    report.downloads = [ReportDownload(document=document)]
    partner = PartnerPageFactory(
        parent=PartnerIndexPage.objects.get(), live=False, title=f"Trust {{number}}"
    )
    page = StandardPageFactory(
        parent=HomePage.objects.get(), live=False, title=f"About trust {{number}}"
    )
    person = PersonFactory(name=f"Speaker Number {{number}}", live=False)
    news = NewsPageFactory(
        parent=NewsIndexPage.objects.get(), live=False, title=f"News {{number}}", report=report,
        summary="It is published.", date=datetime.date(2026, 3, 1),
    )
    news.body = [
        {{"type": "quote", "value": {{"speaker": person.pk, "words": "A word.", "role": "Chair"}}}}
    ]
    news.partners = [partner]
    news.publish_partners = True
    news.save()
    for draft in (report, partner, page, person, news):
        draft.save_revision()
    release = Release.objects.create(announcement=news)
    release.pages.add(page)
    release.people.add(person)
    pages = [news.pk, report.pk, partner.pk, page.pk]
    urls = [news.url, report.url, partner.url, page.url, document.url]
    releases.append({{"pk": release.pk, "pages": pages, "person": person.pk, "urls": urls}})
print(json.dumps(releases))
"""


class ReleaseSite(KillableSite):
    """A site with `count` releases and one more to measure, each with all that can belong to it."""

    def __init__(self, folder: Path, random_numbers: random.Random, count: int) -> None:
        super().__init__(folder, random_numbers, PREPARE.format(count=count + 1))
        first, *self.releases = json.loads(self.output[-2])
        begin = time.monotonic()
        self.publish(first).join()
        self.usual_seconds = time.monotonic() - begin
        assert self.check(first) == "complete", "a release cannot be published at all"

    def publish(self, release: dict[str, Any]) -> Sending:
        """Press the button that publishes `release`; return the thread that waits for it."""
        path = f"/admin/releases/{release['pk']}/"
        sending = Sending(self.port, path, self.cookies, {"act": "publish"})
        sending.start()
        return sending

    def kill_during(self, release: dict[str, Any]) -> str:
        """Kill the server while it publishes `release`; return what is public of it."""
        sending = self.publish(release)
        time.sleep(self.random.uniform(0, self.usual_seconds * LATEST_MOMENT))
        self.kill()
        sending.join()
        self.start()
        state = self.check(release)
        assert state == "complete" or not sending.status, "what was said to be published is not"
        return state

    def check(self, release: dict[str, Any]) -> str:
        """Return “complete” or “untouched”; raise AssertionError for anything between them."""
        states = {*self.read_rows(release), *map(self.is_public, release["urls"])}
        assert len(states) == 1, f"release {release['pk']} is published in part"
        return "complete" if states.pop() else "untouched"

    def read_rows(self, release: dict[str, Any]) -> list[bool]:
        """Return for each page and person whether it is live, and for the release and its quote."""
        news, *_ = pages = release["pages"]
        queries = [("SELECT live FROM wagtailcore_page WHERE id = ?", key) for key in pages]
        queries += [
            ("SELECT live FROM partners_person WHERE id = ?", release["person"]),
            ("SELECT published_at IS NOT NULL FROM news_release WHERE id = ?", release["pk"]),
            (
                "SELECT COUNT(*) FROM wagtailcore_page parent JOIN wagtailcore_page quote "
                "ON quote.path LIKE parent.path || '____' AND quote.live WHERE parent.id = ?",
                news,
            ),
            (
                "SELECT COUNT(*) FROM wagtailcore_pagelogentry "
                "WHERE action = 'wagtail.publish' AND page_id = ?",
                news,
            ),
        ]
        with closing(self.database()) as database:
            return [bool(database.execute(query, [key]).fetchone()[0]) for query, key in queries]

    def is_public(self, url: str) -> bool:
        """Return whether a visitor gets the page or document at `url`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        with closing(connection):
            connection.request("GET", url)
            status = connection.getresponse().status
        assert status in (200, 404), f"{url} is answered {status}"
        return status == 200


def main() -> None:
    rounds = int(os.environ.get("N") or 50)
    seed = int(os.environ.get("SEED") or secrets.randbelow(10**9))
    print(f"{rounds} kills, SEED={seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="bhp-kills-") as folder:
        site = ReleaseSite(Path(folder), random.Random(seed), rounds)
        try:
            found = Counter(site.kill_during(release) for release in site.releases)
        finally:
            site.kill()
    for state, times in sorted(found.items()):
        print(f"{state:<12}{times:>4}")
    print(f"{found.total()} kills: of every release all was public, or nothing.")


if __name__ == "__main__":
    main()
