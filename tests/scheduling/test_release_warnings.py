"""Who changes part of a scheduled release is told at once that it will not be published."""

import datetime
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from bhp_site.core.models import User
from bhp_site.files.models import SiteDocument
from news.models import NewsPage
from reports.models import ReportPage

from ..admin_forms import read_form, send
from ..factories import SiteDocumentFactory, offer
from ..files.uploading import BAD, WHY

WARNING = "The release of “Report published” on"


@pytest.fixture
def scheduled(release: NewsPage, publisher: User) -> NewsPage:
    release.go_live_at = timezone.now() + datetime.timedelta(days=1)
    release.save_revision(user=publisher).publish(user=publisher)
    return release


@pytest.fixture
def report(scheduled: NewsPage) -> ReportPage:
    return ReportPage.objects.get(pk=scheduled.report_id)


def save(client: Client, page: Any, **changes: Any) -> str:
    response = send(client, page, **changes)
    return str(client.get(response.url).text)


def test_an_editor_who_takes_the_document_off_the_report_is_warned(
    report: ReportPage, publisher_client: Client
) -> None:
    text = save(publisher_client, report, **{"downloads-0-DELETE": "on"})
    assert WARNING in text
    assert "will not be published: The report “Report of Activity” has no" in text


def test_a_change_that_stops_nothing_gives_no_warning(
    report: ReportPage, publisher_client: Client
) -> None:
    assert "will not be published" not in save(publisher_client, report, title="Report of Activity")


def test_an_editor_who_may_not_publish_reads_that_a_publisher_must_check_the_change(
    report: ReportPage, editor_client: Client
) -> None:
    text = save(editor_client, report, title="Another title")
    assert "will not be published" in text
    assert "they do not have permission to publish it" in text


def test_a_page_outside_the_release_gives_no_warning(
    scheduled: NewsPage, report: ReportPage, publisher_client: Client
) -> None:
    ReportPage.objects.filter(pk=report.pk).update(locked=True)
    index = report.get_parent().specific
    assert "will not be published" not in save(publisher_client, index, title="Reports")


def test_autosave_shows_no_warning(report: ReportPage, publisher_client: Client) -> None:
    address = f"/admin/pages/{report.pk}/edit/"
    data = read_form(publisher_client, address) | {"highlights-count": "0", "body-count": "0"}
    data |= {"story-count": "0", "downloads-0-DELETE": "on"}
    response = publisher_client.post(address, data, headers={"accept": "application/json"})
    assert response["Content-Type"] == "application/json"
    assert not list(response.wsgi_request._messages)


def test_who_takes_back_the_reason_of_its_document_is_warned(
    report: ReportPage, publisher_client: Client
) -> None:
    file = ContentFile(BAD, "scan.pdf")
    document = SiteDocumentFactory(title="The scan", file=file, accessibility_reason=WHY)
    offer(report, document)
    report.save_revision()
    response = publisher_client.post(
        f"/admin/documents/edit/{document.pk}/",
        {
            "title": document.title,
            "slug": document.slug,
            "language": "en",
            "cover": document.cover_id or "",
            "accessibility_reason": "",
            "collection": document.collection_id,
        },
        follow=True,
    )
    assert SiteDocument.objects.get(pk=document.pk).accessibility_reason == ""
    assert WARNING in response.text
    assert "Some people cannot use the document “The scan”" in response.text
