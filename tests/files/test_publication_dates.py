"""A version is as old as its report, or as an editor says; never as old as its upload."""

import datetime
import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import ModelLogEntry

from bhp_site.core.text.dates import Precision
from bhp_site.files.models import SiteDocument, load_current_versions
from bhp_site.files.versions.publication_dates import get_publication_date
from bhp_site.search.models import Entry

from ..factories import NewsPageFactory, SiteDocumentFactory, offer, pdf_bytes
from ..page_states import publish, unpublish

MARCH = datetime.datetime(2031, 3, 4, 12, tzinfo=datetime.UTC)


def replace(document: SiteDocument) -> None:
    document.file = ContentFile(pdf_bytes("New"), name="new.pdf")
    document.version_reason = "A blank page says nothing to anybody."
    document.save()


def get_words(response: Any) -> str:
    return " ".join(BeautifulSoup(response.text, "html.parser").text.split())


@pytest.fixture
def report(site: SimpleNamespace) -> Any:
    """A live report of November 2022, as exact as that."""
    site.report.date = datetime.date(2022, 11, 1)
    site.report.date_precision = Precision.MONTH
    site.report.save()
    publish(site.report)
    return site.report


def get_citation(client: Client, report: Any, number: int, extension: str) -> str:
    return client.get(f"/reports/{report.slug}/cite.{extension}?version={number}").text


def test_the_first_version_has_the_date_of_its_report(
    report: Any, site: SimpleNamespace, client: Client
) -> None:
    page = client.get(report.url)
    assert "Activity report · November 2022" in get_words(page)
    assert '"datePublished": "2022-11"' in page.text
    document = site.document
    assert document.current_version.publication.iso == "2022-11"
    entry = Entry.objects.get(document=document, number=0)
    assert entry.date == datetime.date(2022, 11, 1)
    # A corrected date is followed at once.
    report.date = datetime.date(2021, 5, 1)
    publish(report)
    entry.refresh_from_db()
    assert entry.date == datetime.date(2021, 5, 1)
    assert "Activity report · May 2021" in get_words(client.get(report.url))


def test_a_later_version_has_the_day_it_became_public(
    report: Any, site: SimpleNamespace, client: Client
) -> None:
    with time_machine.travel(MARCH):
        replace(site.document)
    page = get_words(client.get(report.url))
    assert "Updated 4 March 2031" in page
    assert "Version 2, 4 March 2031" in page
    assert re.search(r"Version 1 \(PDF, \d KB\), November 2022\. First version\.", page)


def test_a_version_that_was_private_counts_from_its_publication(
    site: SimpleNamespace, report: Any
) -> None:
    unpublish(site.news)
    unpublish(report)
    replace(site.document)
    version = site.document.versions.get(number=2)
    assert version.public_at is None
    with time_machine.travel(MARCH):
        publish(report)
    version.refresh_from_db()
    assert get_publication_date(version).iso == "2031-03-04"
    # Being published again changes nothing.
    unpublish(report)
    publish(report)
    version.refresh_from_db()
    assert get_publication_date(version).iso == "2031-03-04"


def test_a_document_of_an_announcement_alone_has_its_date(site: SimpleNamespace) -> None:
    document = SiteDocumentFactory()
    offer(site.news, document)
    found = get_publication_date(document.versions.get())
    assert (found.date, found.precision) == (site.news.date, site.news.date_precision)


def test_of_announcements_a_live_one_counts_then_the_earliest(site: SimpleNamespace) -> None:
    document = SiteDocumentFactory()
    days = {"draft": 1, "later": 3, "earlier": 2}
    for name, day in days.items():
        fields = {"date": datetime.date(2020, 1, day), "live": name != "draft"}
        offer(NewsPageFactory(parent=site.news_index, **fields), document)
    assert get_publication_date(document.versions.get()).iso == "2020-01-02"


def test_one_query_reads_the_current_versions_with_their_dates(
    report: Any, site: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    alone, unused = SiteDocumentFactory(), SiteDocumentFactory()
    offer(site.news, alone)
    documents = SiteDocument.objects.in_bulk([site.document.pk, alone.pk, unused.pk])
    with django_assert_num_queries(1):
        load_current_versions(documents.values())
        found = [documents[key].current_version.publication.iso for key in sorted(documents)]
    uploaded = unused.versions.get().created_at.date()
    expected = ["2022-11", site.news.date.isoformat(), uploaded.isoformat()]
    assert dict(zip(sorted(documents), found, strict=True)) == dict(
        zip([site.document.pk, alone.pk, unused.pk], expected, strict=True)
    )


def set_date(client: Client, version: Any, date: str, precision: str = "day") -> Any:
    address = f"/admin/files/versions/{version.pk}/published/"
    return client.post(address, {"published_date": date, "published_precision": precision})


def test_a_publisher_sets_the_date_which_is_logged_and_followed(
    report: Any, site: SimpleNamespace, client: Client, publisher: Any, publisher_client: Client
) -> None:
    document = site.document
    replace(document)
    second = document.versions.get(number=2)
    assert set_date(publisher_client, second, "2023-06-01", "month").status_code == 302
    page = get_words(client.get(report.url))
    assert "Version 2, June 2023" in page
    assert "Updated June 2023" in page
    ris, bib = (get_citation(client, report, 2, name) for name in ("ris", "bib"))
    assert "PY  - 2023\r\n" in ris
    assert "DA  - 2023/06//\r\n" in ris
    assert "year = {2023}" in bib
    (item,) = json.loads(get_citation(client, report, 2, "json"))
    assert item["issued"] == {"date-parts": [[2023, 6]]}
    assert "PY  - 2022\r\n" in get_citation(client, report, 1, "ris")
    assert Entry.objects.get(document=document, number=0).date == datetime.date(2023, 6, 1)
    entry = ModelLogEntry.objects.get(action="files.date")
    assert (entry.user, entry.object_id) == (publisher, str(document.pk))
    assert entry.message == "Version 2: published June 2023"
    screen = get_words(publisher_client.get(f"/admin/documents/edit/{document.pk}/"))
    assert "June 2023" in screen
    # Emptied, the default holds again.
    assert set_date(publisher_client, second, "").status_code == 302
    second.refresh_from_db()
    assert get_publication_date(second).date == second.public_at.date()


def test_a_date_that_cannot_be_is_refused(
    site: SimpleNamespace, publisher_client: Client, editor_client: Client
) -> None:
    version = site.document.versions.get()
    for date in ("2999-01-01", "0001-01-01", "yesterday"):
        assert set_date(publisher_client, version, date).status_code == 200
    assert "This date is in the future" in set_date(publisher_client, version, "2999-01-01").text
    set_date(editor_client, version, "2020-01-01")
    version.refresh_from_db()
    assert version.published_date is None
