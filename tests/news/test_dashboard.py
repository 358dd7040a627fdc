"""The dashboard's panel “Publish a report release”, in each state of a release."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.models import Page

from news.models import NewsPage
from reports.models import ReportPage
from tests.factories import NewsPageFactory, ReportPageFactory, SiteDocumentFactory, offer

from .conftest import rewrite


def open_dashboard(client: Client) -> BeautifulSoup:
    return BeautifulSoup(client.get("/admin/").text, "html.parser")


def get_first_sections(client: Client) -> list[str]:
    """Return the ids of the dashboard's first two sections."""
    return [str(one["id"]) for one in open_dashboard(client).select(".bhp-dashboard__section")[:2]]


def get_steps(client: Client) -> list[tuple[bool, str, list[str]]]:
    """Each step: whether it is done, its words, and where its links lead."""
    steps = open_dashboard(client).select(".bhp-steps > li")
    assert len(steps) == 4
    return [
        (
            "(done)" in step.text,
            re.sub(r"\s+", " ", step.text).strip(),
            [str(link["href"]) for link in step.select("a")],
        )
        for step in steps
    ]


def list_done(client: Client) -> list[bool]:
    return [step[0] for step in get_steps(client)]


@pytest.fixture
def report(news_index: Page, report_index: Page) -> ReportPage:
    report = ReportPageFactory(parent=report_index, live=False, title="Report of Activity")
    report.save_revision()
    return report


def test_at_first_it_leads_to_a_new_report(
    news_index: Page, report_index: Page, publisher_client: Client
) -> None:
    steps = get_steps(publisher_client)
    assert list_done(publisher_client) == [False] * 4
    address = f"/admin/pages/add/reports/reportpage/{report_index.pk}/"
    assert steps[0][2] == [address]
    assert publisher_client.get(address).status_code == 200
    assert [step[2] for step in steps[1:]] == [[], [], []]


def test_with_a_report_it_asks_for_the_file(report: ReportPage, publisher_client: Client) -> None:
    steps = get_steps(publisher_client)
    assert [step[0] for step in steps] == [True, False, False, False]
    assert "Report of Activity" in steps[0][1]
    address, _, anchor = steps[1][2][0].partition("#")
    assert address == f"/admin/pages/{report.pk}/edit/"
    assert f'id="{anchor}"' in publisher_client.get(address).text


def test_with_a_file_it_asks_for_the_announcement(
    report: ReportPage, news_index: Page, publisher_client: Client
) -> None:
    offer(report, SiteDocumentFactory(title="The whole report"))
    report.save_revision()
    steps = get_steps(publisher_client)
    assert [step[0] for step in steps] == [True, True, False, False]
    assert "The whole report" in steps[1][1]
    assert steps[2][2] == [f"/admin/pages/add/news/newspage/{news_index.pk}/"]


def test_with_an_announcement_it_is_ready(release: NewsPage, publisher_client: Client) -> None:
    steps = get_steps(publisher_client)
    assert [step[0] for step in steps] == [True, True, True, False]
    assert "Report published (1 quote)" in steps[2][1]
    assert "Ready. When you publish the announcement" in steps[3][1]
    assert steps[3][2] == [f"/admin/pages/{release.pk}/edit/"]


def test_an_unfinished_report_is_named_as_what_is_missing(
    unfinished: NewsPage, publisher_client: Client
) -> None:
    assert "is not ready to be published with it" in get_steps(publisher_client)[3][1]


def test_an_announcement_without_quotes_says_so(
    release: NewsPage, publisher_client: Client
) -> None:
    release.body = []
    release.save_revision()
    assert "(no quote yet)" in get_steps(publisher_client)[2][1]


def test_a_release_at_hand_stands_first_with_its_next_step(
    release: NewsPage, publisher_client: Client
) -> None:
    assert get_first_sections(publisher_client) == ["report-release", "waiting"]
    next_steps = open_dashboard(publisher_client).select(".bhp-steps .is-next p:first-of-type")
    assert [step.text for step in next_steps] == ["4. Publish"]


def test_without_a_release_at_hand_the_steps_come_after_what_waits(
    published: NewsPage, publisher_client: Client
) -> None:
    assert get_first_sections(publisher_client) == ["waiting", "report-release"]


def test_once_published_it_starts_anew(published: NewsPage, publisher_client: Client) -> None:
    assert list_done(publisher_client) == [False] * 4


def test_an_announcement_of_a_live_report_is_the_release_at_hand(
    published: NewsPage, publisher_client: Client
) -> None:
    news = NewsPageFactory(
        parent=published.get_parent(), live=False, title="Second news", report=published.report
    )
    news.save_revision()
    steps = get_steps(publisher_client)
    assert [step[0] for step in steps] == [True, True, True, False]
    assert "Second news" in steps[2][1]


def test_news_without_a_report_is_no_release(published: NewsPage, publisher_client: Client) -> None:
    news = NewsPageFactory(parent=published.get_parent(), live=False, title="Other news")
    news.save_revision()
    assert list_done(publisher_client) == [False] * 4


def test_editors_see_it_too(release: NewsPage, editor_client: Client) -> None:
    assert list_done(editor_client) == [True, True, True, False]


def test_without_indexes_it_leads_nowhere(home: Any, admin_client: Client) -> None:
    assert [step[2] for step in get_steps(admin_client)] == [[], [], [], []]


def test_more_quotes_are_counted(published: NewsPage, chair: Any, publisher_client: Client) -> None:
    news = rewrite(
        published, *({"speaker": chair.pk, "words": words} for words in ("One.", "Two."))
    )
    news.unpublish()
    news.save_revision()
    assert "(2 quotes)" in get_steps(publisher_client)[2][1]
