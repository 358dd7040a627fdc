"""A file that some people cannot use is offered once somebody has said why."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, WorkflowState

from bhp_site.core.publishing.publication import PublishingRefused
from bhp_site.core.publishing.scheduled import publish_due
from bhp_site.files.models import SiteDocument
from bhp_site.files.publishing_checks import get_serious_findings
from news.models import NewsPage
from reports.models import ReportPage

from ..admin_forms import get_messages, read_form, send
from ..factories import (
    NewsPageFactory,
    ReportPageFactory,
    SiteDocumentFactory,
    StandardPageFactory,
    offer,
)
from ..page_states import DAY, publish
from .packages import build_sound_file
from .test_documents import make_upload, send_file
from .test_privacy import WAYS
from .uploading import GOOD, WHY

PUBLISH, SUBMIT, APPROVE = "action-publish", "action-submit", "action-workflow-action"
NOON = datetime.datetime(2030, 6, 1, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture
def report(file: SiteDocument, report_index: Page) -> ReportPage:
    """A draft that offers it."""
    report = ReportPageFactory(parent=report_index, live=False, title="Report of Activity")
    offer(report, file)
    report.save_revision()
    return report


def accept(file: SiteDocument, reason: str = WHY) -> None:
    file.accessibility_reason = reason
    file.save()


def reload(page: Any) -> Any:
    return type(page).objects.get(pk=page.pk)


def publish_with_reason(report: ReportPage, file: SiteDocument) -> ReportPage:
    """`report`, live since a time when a reason was given."""
    accept(file)
    publish(report)
    accept(file, "")
    return reload(report)


def said(response: Any, file: SiteDocument) -> str:
    """What the editor is told, which names the file and leads to its screen."""
    words = get_messages(response)
    assert "Some people cannot use the document “The scan”" in words
    assert all(finding.title in words for finding in get_serious_findings(file))
    soup = BeautifulSoup(words, "html.parser")
    assert soup.find("a", string="Check “The scan”")["href"].endswith(f"edit/{file.pk}/")
    return words


def test_the_editor_keeps_the_draft_and_is_told_why(
    report: ReportPage, file: SiteDocument, publisher_client: Client
) -> None:
    response = send(publisher_client, report, PUBLISH, title="Changed title")
    assert "Saved, but not published." in said(response, file)
    assert not reload(report).live
    assert reload(report).get_latest_revision_as_object().title == "Changed title"
    assert not PageLogEntry.objects.filter(action="wagtail.publish").exists()
    again_asked = publisher_client.get(response.url)
    assert again_asked.status_code == 200
    assert "Changed title" in again_asked.text


def test_a_new_page_is_kept_as_a_draft(
    file: SiteDocument, report_index: Page, publisher_client: Client
) -> None:
    address = f"/admin/pages/add/reports/reportpage/{report_index.pk}/"
    form = read_form(publisher_client, address) | {
        "title": "New",
        "slug": "new",
        "summary": "What was done.",
        "body-count": "0",
        "highlights-count": "0",
        "downloads-TOTAL_FORMS": "1",
        "downloads-0-document": str(file.pk),
        "downloads-0-ORDER": "1",
        PUBLISH: "1",
    }
    response = publisher_client.post(address, form)
    assert "Saved, but not published." in said(response, file)
    new = ReportPage.objects.get(slug="new")
    assert not new.live
    assert new.get_latest_revision_as_object().downloads.get().document == file


def test_with_a_reason_it_is_published(
    report: ReportPage, file: SiteDocument, publisher_client: Client
) -> None:
    send_file(publisher_client, file, accessibility_reason=WHY)
    assert "has been published" in get_messages(send(publisher_client, report, PUBLISH))
    assert reload(report).live


def test_a_good_file_needs_none(report_index: Page) -> None:
    report = ReportPageFactory(parent=report_index, live=False)
    good = make_upload(GOOD, "strategy.pdf")
    offer(report, SiteDocumentFactory(file=good, accessibility_reason=""))
    table = make_upload(build_sound_file("csv"), "table.csv")
    offer(report, SiteDocumentFactory(file=table, accessibility_reason=""))
    publish(report)
    assert report.live


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_every_way_of_offering_counts(
    file: SiteDocument, news_index: Page, way: Callable[[Any, SiteDocument], None]
) -> None:
    news = NewsPageFactory(parent=news_index, live=False)
    way(news, file)
    with pytest.raises(PublishingRefused, match="The scan"):
        news.save_revision().publish()
    assert not reload(news).live
    accept(file)
    publish(news)
    assert news.live


def test_a_link_to_nothing_keeps_nothing_back(home: Page) -> None:
    page = StandardPageFactory(parent=home, live=False)
    links = "".join(f'<a linktype="document" id="{key}">x</a>' for key in ("0", "x", "9" * 30))
    page.body = [("paragraph", f"<p>{links}</p>")]
    publish(page)
    assert page.live


def test_a_live_page_stays_and_its_next_publication_asks(
    report: ReportPage, file: SiteDocument, publisher_client: Client, client: Client
) -> None:
    report = publish_with_reason(report, file)
    assert client.get(file.url).status_code == 200
    said(send(publisher_client, report, PUBLISH, title="Changed title"), file)
    assert (reload(report).live, reload(report).title) == (True, "Report of Activity")
    assert reload(report).get_latest_revision_as_object().title == "Changed title"


def test_so_does_that_of_an_unpublished_one(
    report: ReportPage, file: SiteDocument, publisher_client: Client
) -> None:
    report = publish_with_reason(report, file)
    report.unpublish()
    said(send(publisher_client, report, PUBLISH), file)
    assert not reload(report).live


def test_a_file_taken_off_the_page_keeps_nothing_back(
    report: ReportPage, file: SiteDocument, publisher_client: Client
) -> None:
    report = publish_with_reason(report, file)
    changes = {"downloads-0-DELETE": "1"}
    assert "has been published" in get_messages(send(publisher_client, report, PUBLISH, **changes))


@pytest.mark.parametrize("live", [False, True], ids=["a draft", "a live page"])
def test_it_cannot_be_scheduled_in_the_editor(
    report: ReportPage, file: SiteDocument, publisher_client: Client, live: bool
) -> None:
    if live:
        report = publish_with_reason(report, file)
    tomorrow = (timezone.localtime() + DAY).replace(second=0, microsecond=0)
    response = send(publisher_client, report, PUBLISH, go_live_at=f"{tomorrow:%d/%m/%Y %H:%M}")
    assert "Saved, but not published." in said(response, file)
    assert reload(report).live == live
    assert not report.revisions.exclude(approved_go_live_at=None).exists()
    assert reload(report).get_latest_revision_as_object().go_live_at == tomorrow


def bulk(client: Client, *pages: Page) -> Any:
    query = "&".join(f"id={page.pk}" for page in pages)
    address = f"/admin/bulk/wagtailcore/page/publish/?{query}&next=/admin/"
    return client.post(address, {"include_descendants": ""})


def test_bulk_publishing_is_refused_whole(
    report: ReportPage, file: SiteDocument, news_index: Page, publisher_client: Client
) -> None:
    other = NewsPageFactory(parent=news_index, live=False)
    other.save_revision()
    said(bulk(publisher_client, other, report), file)
    assert not reload(report).live
    assert not reload(other).live


def test_so_is_scheduling_a_live_page_in_bulk(
    report: ReportPage, file: SiteDocument, publisher_client: Client
) -> None:
    report = publish_with_reason(report, file)
    report.go_live_at = timezone.now() + DAY
    report.save_revision()
    said(bulk(publisher_client, report), file)
    assert not report.revisions.exclude(approved_go_live_at=None).exists()


def test_a_scheduled_page_waits_for_the_reason(
    report: ReportPage, file: SiteDocument, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    accept(file)
    report.go_live_at = NOON
    with time_machine.travel(NOON - DAY, tick=False):
        report.save_revision().publish()
    accept(file, "")
    with time_machine.travel(NOON, tick=False):
        assert publish_due() == 0
        assert not reload(report).live
        assert "The scan" in caplog.text
        assert "Traceback" not in caplog.text
        accept(file)
        assert publish_due() == 1
    assert reload(report).live


@pytest.fixture
def submitted(report: ReportPage, editor_client: Client) -> Any:
    """The task of who has to approve the report."""
    assert "submitted for moderation" in get_messages(send(editor_client, report, SUBMIT))
    state = WorkflowState.objects.get(status=WorkflowState.STATUS_IN_PROGRESS)
    return state.current_task_state


def test_approval_is_refused_and_may_come_later(
    report: ReportPage, file: SiteDocument, submitted: Any, publisher_client: Client
) -> None:
    address = f"/admin/pages/workflow/action/{report.pk}/approve/{submitted.pk}/"
    said(publisher_client.post(address, {"comment": ""}), file)
    assert not reload(report).live
    submitted.refresh_from_db()
    assert submitted.status == "in_progress"
    accept(file)
    publisher_client.post(address, {"comment": ""})
    assert reload(report).live


def test_so_is_approval_beside_the_text(
    report: ReportPage, file: SiteDocument, submitted: Any, publisher_client: Client
) -> None:
    # Else the date, whose default is a function, would count as a change to be approved first.
    unchanged = {"initial-date": "24/11/2022"}
    act = unchanged | {"workflow-action-name": "approve"}
    response = send(publisher_client, report, APPROVE, **act)
    assert "Saved, but not published." in said(response, file)
    assert not reload(report).live
    submitted.refresh_from_db()
    assert submitted.status == "in_progress"


def test_an_editor_who_may_not_publish_cannot_by_a_reason(
    report: ReportPage, file: SiteDocument, editor_client: Client
) -> None:
    accept(file)
    send(editor_client, report, PUBLISH)
    assert not reload(report).live


def test_a_copy_of_a_page_is_refused_too(
    report: ReportPage, file: SiteDocument, report_index: Page, publisher_client: Client
) -> None:
    report = publish_with_reason(report, file)
    form = {
        "new_title": "Copy",
        "new_slug": "copy",
        "new_parent_page": report_index.pk,
        "publish_copies": "on",
    }
    said(publisher_client.post(f"/admin/pages/{report.pk}/copy/", form), file)
    assert not ReportPage.objects.filter(slug="copy").exists()


@pytest.fixture
def announcement(report: ReportPage, news_index: Page) -> NewsPage:
    news = NewsPageFactory(parent=news_index, live=False, title="It is out", report=report)
    news.save_revision()
    return news


def test_an_announcement_waits_for_its_report(
    announcement: NewsPage, report: ReportPage, file: SiteDocument, publisher_client: Client
) -> None:
    response = send(publisher_client, announcement, PUBLISH, title="Changed title")
    assert "Saved, but not published." in said(response, file)
    assert not reload(announcement).live
    assert not reload(report).live
    assert reload(announcement).get_latest_revision_as_object().title == "Changed title"
    accept(file)
    send(publisher_client, announcement, PUBLISH)
    assert reload(report).live


def list_steps(client: Client) -> list[Any]:
    soup = BeautifulSoup(client.get("/admin/").text, "html.parser")
    return soup.select(".bhp-steps > li")


def test_the_dashboard_counts_what_is_to_be_looked_at(
    announcement: NewsPage, file: SiteDocument, publisher_client: Client
) -> None:
    file.findings = [{"code": code, "pages": []} for code in ("not_tagged", "no_headings")]
    file.save(update_fields=["findings"])
    _, its_file, _, publication = list_steps(publisher_client)
    assert "2 accessibility problems to check" in its_file.text
    assert its_file.a["href"] == f"/admin/documents/edit/{file.pk}/"
    assert "(done)" not in its_file.text
    assert "Some people cannot use the document “The scan”" in publication.text


def test_advice_keeps_nothing_back(
    announcement: NewsPage, file: SiteDocument, publisher_client: Client
) -> None:
    file.findings = [{"code": "no_headings", "pages": []}]
    file.save(update_fields=["findings"])
    its_file = list_steps(publisher_client)[1]
    assert "1 accessibility problem to check" in its_file.text
    assert "(done)" in its_file.text
    send(publisher_client, announcement, PUBLISH)
    assert reload(announcement).live


def test_a_reason_settles_it(
    announcement: NewsPage, file: SiteDocument, publisher_client: Client
) -> None:
    accept(file)
    _, its_file, _, publication = list_steps(publisher_client)
    assert "accessibility" not in its_file.text
    assert "(done)" in its_file.text
    assert "Ready. When you publish the announcement" in publication.text
