"""More content for a site, and how many queries its screens take then."""

from collections.abc import Iterable
from types import SimpleNamespace

import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.models import MembershipEvent, Role
from tests.factories import (
    NewsPageFactory,
    PartnerPageFactory,
    PersonFactory,
    QuotePageFactory,
    ReportPageFactory,
    SiteDocumentFactory,
    ThemePageFactory,
)


def add_content(site: SimpleNamespace, count: int) -> None:
    """Add `count` pages of each type, people and documents."""
    for number in range(count):
        for page in (site.partner_index, site.report_index, site.news_index, site.themes):
            page.refresh_from_db()
        partner = PartnerPageFactory(parent=site.partner_index)
        partner.events.add(MembershipEvent(order=number))
        partner.save()
        PersonFactory(roles=[Role(title="Dean", partner=partner)])
        ReportPageFactory(parent=site.report_index)
        QuotePageFactory(parent=NewsPageFactory(parent=site.news_index))
        theme = ThemePageFactory(parent=site.themes)
        partner.themes.add(theme)
        partner.save()
        SiteDocumentFactory(title=f"Document {number} of {count}")


def count_queries(client: Client, addresses: Iterable[str]) -> dict[str, int]:
    """Return the number of queries that each address takes, which must answer."""
    counts = {}
    for address in addresses:
        # Once a minute, a session is renewed.
        with time_machine.travel(timezone.now(), tick=False):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200, address
        # Wagtail asks for each page whether there are others below it.
        counts[address] = sum("SELECT 1" not in one["sql"] for one in queries.captured_queries)
    return counts
