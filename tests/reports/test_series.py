"""Reports that follow one another: before and after, and an address of the latest."""

import datetime
from typing import Any

import pytest
from django.test import Client

from reports.models import ReportSeries

from ..factories import ReportPageFactory
from ..page_states import HIDDEN


@pytest.fixture
def series(report_index: Any) -> ReportSeries:
    made = ReportSeries.objects.create(name="Reports of activity", slug="activity")
    for year in (2020, 2024, 2022):
        ReportPageFactory(
            parent=report_index,
            title=f"Report {year}",
            slug=f"report-{year}",
            series=made,
            date=datetime.date(year, 11, 1),
        )
    return made


def get_text(client: Client, year: int) -> str:
    response = client.get(f"/reports/report-{year}/")
    assert response.status_code == 200
    return response.text


def test_each_report_leads_to_those_beside_it(series: ReportSeries, client: Client) -> None:
    text = get_text(client, 2022)
    assert 'Later: <a href="/reports/report-2024/" rel="next">Report 2024</a>' in text
    assert 'Earlier: <a href="/reports/report-2020/" rel="prev">Report 2020</a>' in text
    assert "There is a later report in this series" in text
    latest = get_text(client, 2024)
    assert "This is the latest report in this series." in latest
    assert "There is a later report" not in latest
    assert "Later:" not in latest
    assert "Earlier:" not in get_text(client, 2020)
    assert '"CreativeWorkSeries"' in text


def test_what_a_report_covers_counts_before_its_date(
    series: ReportSeries, report_index: Any, client: Client
) -> None:
    ReportPageFactory(
        parent=report_index,
        title="Late account",
        slug="late",
        series=series,
        period_start=datetime.date(2018, 1, 1),
        period_end=datetime.date(2019, 1, 1),
        date=datetime.date(2026, 1, 1),
    )
    assert client.get("/reports/latest/activity/").url == "/reports/report-2024/"


def test_the_latest_has_an_address(series: ReportSeries, client: Client) -> None:
    response = client.get("/reports/latest/activity/")
    assert (response.status_code, response.url) == (302, "/reports/report-2024/")
    assert response.headers["Cache-Control"] == "no-cache"
    assert client.get("/reports/latest/other/").status_code == 404
    assert client.post("/reports/latest/activity/").status_code == 405
    ReportSeries.objects.create(name="Empty", slug="empty")
    assert client.get("/reports/latest/empty/").status_code == 404


@pytest.mark.parametrize("state", [s for s in HIDDEN if not s.startswith("below")])
def test_hidden_reports_are_none_of_it(
    series: ReportSeries, report_index: Any, client: Client, state: str
) -> None:
    page = ReportPageFactory(
        parent=report_index,
        title="Secret",
        series=series,
        live=False,
        date=datetime.date(2030, 1, 1),
    )
    HIDDEN[state](page)
    assert client.get("/reports/latest/activity/").url == "/reports/report-2024/"
    assert "Secret" not in get_text(client, 2024)


def test_a_report_of_no_series_says_nothing_of_one(report_index: Any, client: Client) -> None:
    page = ReportPageFactory(parent=report_index)
    assert "latest report in this series" not in client.get(page.get_url()).text


def test_a_deleted_series_leaves_its_reports(series: ReportSeries, client: Client) -> None:
    series.delete()
    assert "Later:" not in get_text(client, 2022)


def test_editors_make_series(
    series: ReportSeries, editor_client: Client, publisher_client: Client
) -> None:
    listing = "/admin/snippets/reports/reportseries/"
    assert "Reports of activity" in editor_client.get(listing).text
    assert editor_client.get(f"{listing}add/").status_code == 200
    assert editor_client.get(f"{listing}delete/{series.pk}/").status_code == 302
    assert publisher_client.get(f"{listing}delete/{series.pk}/").status_code == 200
