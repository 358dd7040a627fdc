"""Downloads are counted once each, beside the answer, with nothing about who asked."""

import csv
import datetime
import io
import multiprocessing
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import OperationalError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from wagtail.models import PageViewRestriction

from bhp_site.core import buffered_counters
from bhp_site.files import download_counts
from bhp_site.files.models import SiteDocument
from bhp_site.files.versions.models import DocumentVersion, DownloadCount

from ..conftest import signed_in
from ..factories import SiteDocumentFactory, UserFactory, offer

CSV = "/admin/files/downloads.csv"


@pytest.fixture(autouse=True)
def _nothing_waits() -> Iterator[None]:
    download_counts.download_counter.pending.clear()
    yield
    download_counts.download_counter.pending.clear()


@pytest.fixture
def document(site: SimpleNamespace) -> SiteDocument:
    """A file that anybody may have."""
    return site.document


def count_downloads() -> int:
    """How many downloads are written, once all that wait are."""
    download_counts.download_counter.flush()
    return sum(DownloadCount.objects.values_list("downloads", flat=True))


def make_day(version: DocumentVersion, days_ago: int, downloads: int) -> None:
    day = timezone.localdate() - datetime.timedelta(days=days_ago)
    DownloadCount.objects.create(version=version, day=day, downloads=downloads)


def test_downloads_of_a_day_add_up(client: Client, document: SiteDocument) -> None:
    for times in (2, 1):
        for _ in range(times):
            client.get(document.url)
        download_counts.download_counter.flush()
    row = DownloadCount.objects.get()
    assert (row.version, row.downloads) == (document.versions.get(), 3)
    assert row.day == timezone.localdate()


def test_each_version_is_counted_by_itself(client: Client, document: SiteDocument) -> None:
    client.get(document.url)
    client.get(document.versions.get().url)
    assert count_downloads() == 2
    assert DownloadCount.objects.get().version.number == 1


@pytest.mark.parametrize("asked, expected", [("0-", 1), ("0-99", 1), ("100-", 0), ("-20", 0)])
def test_a_resumed_download_counts_once(
    client: Client, document: SiteDocument, asked: str, expected: int
) -> None:
    assert client.get(document.url, headers={"range": f"bytes={asked}"}).status_code == 206
    assert count_downloads() == expected


def test_asking_about_a_file_is_no_download(client: Client, document: SiteDocument) -> None:
    client.head(document.url)
    client.post(document.url)
    client.get("/documents/nothing.pdf")
    client.get(document.url, headers={"range": f"bytes={document.file_size}-"})
    client.get(f"/documents/{document.pk}/upload.pdf")
    assert count_downloads() == 0


@pytest.mark.parametrize("known_by", ["ETag", "Last-Modified"])
def test_who_has_it_already_is_not_counted(
    client: Client, document: SiteDocument, known_by: str
) -> None:
    seen = client.get(document.url)[known_by]
    download_counts.download_counter.pending.clear()
    header = {"ETag": "if-none-match", "Last-Modified": "if-modified-since"}[known_by]
    assert client.get(document.url, headers={header: seen}).status_code == 304
    assert count_downloads() == 0


@pytest.mark.parametrize(
    "program",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 (compatible; Yahoo! Slurp)",
        "facebookexternalhit/1.1",
        "WhatsApp/2.23.20.0",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "Mozilla/5.0 (Windows NT 6.1) SkypeUriPreview Preview/0.5",
    ],
)
def test_robots_are_not_counted(client: Client, document: SiteDocument, program: str) -> None:
    client.get(document.url, headers={"user-agent": program})
    assert count_downloads() == 0


@pytest.mark.parametrize(
    "program",
    [
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Mozilla/5.0 (Linux; Android 12; CUBOT NOTE 20) AppleWebKit/537.36 Chrome/120.0",
        "curl/8.5.0",
        "",
    ],
)
def test_people_are(client: Client, document: SiteDocument, program: str) -> None:
    client.get(document.url, headers={"user-agent": program})
    assert count_downloads() == 1


def test_an_editor_counts_as_a_reader_of_public_files_alone(
    editor_client: Client, document: SiteDocument
) -> None:
    draft = SiteDocumentFactory(title="Draft")
    assert editor_client.get(draft.url).status_code == 200
    assert count_downloads() == 0
    editor_client.get(document.url)
    assert count_downloads() == 1


def test_readers_who_gave_a_password_are_counted(
    site: SimpleNamespace, client: Client, document: SiteDocument
) -> None:
    guard = PageViewRestriction.objects.create(
        page=site.report, restriction_type="password", password="in confidence"
    )
    session = client.session
    session[guard.passed_view_restrictions_session_key] = [guard.pk]
    session.save()
    assert client.get(document.url)["Cache-Control"] == "private, no-store"
    assert count_downloads() == 1


def test_counting_asks_no_database(
    rf: Any, document: SiteDocument, django_assert_num_queries: Any
) -> None:
    response = SimpleNamespace(status_code=200, headers={"Cache-Control": "public, no-cache"})
    version = document.versions.get()
    with django_assert_num_queries(0):
        download_counts.count_download(rf.get(document.url), response, version)
    assert count_downloads() == 1


def test_a_database_that_is_away_loses_nothing(
    client: Client, document: SiteDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get(document.url)
    with monkeypatch.context() as away:
        away.setattr(DownloadCount.objects, "bulk_create", lambda *a, **k: fail())
        with pytest.raises(OperationalError), transaction.atomic():
            download_counts.download_counter.flush()
        client.get(document.url)
    assert count_downloads() == 2


def fail() -> None:
    raise OperationalError("the database is away")


def test_a_version_deleted_meanwhile_holds_up_nothing(
    client: Client, document: SiteDocument
) -> None:
    other = SiteDocumentFactory(title="Deleted soon")
    download_counts.download_counter.pending[other.versions.get().pk, timezone.localdate()] = 5
    other.delete()
    client.get(document.url)
    assert count_downloads() == 1
    assert count_downloads() == 1


def test_two_processes_add_to_one_row(document: SiteDocument) -> None:
    version = document.versions.get()
    make_day(version, 0, 7)
    download_counts.download_counter.pending[version.pk, timezone.localdate()] = 2
    assert count_downloads() == 9


def test_a_thread_writes_by_itself_and_closes_its_connection(
    document: SiteDocument, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.COUNTER_FLUSH_SECONDS = 0.01
    done = threading.Event()
    closed, tried = [], []

    def write() -> None:
        tried.append(threading.current_thread().name)
        if len(tried) == 1:
            raise OperationalError("the database is away")
        download_counts.download_counter.pending.clear()
        done.set()

    monkeypatch.setattr(download_counts.download_counter, "flush", write)
    monkeypatch.setattr(
        buffered_counters, "connection", SimpleNamespace(close=lambda: closed.append(1))
    )
    monkeypatch.setattr(download_counts.download_counter, "is_started", False)
    monkeypatch.setattr(buffered_counters, "Finalize", lambda *args, **kwargs: None)
    Client().get(document.url)
    assert done.wait(60)
    deadline = time.monotonic() + 60
    while len(closed) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    # Nothing is written by itself any more: the thread ends.
    settings.COUNTER_FLUSH_SECONDS = 0
    assert len(closed) >= 2
    assert set(tried) == {"downloads"}


def test_what_waits_is_written_when_a_forked_worker_ends(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.COUNTER_FLUSH_SECONDS = 3600
    monkeypatch.setattr(download_counts.download_counter, "is_started", False)
    monkeypatch.setattr(
        download_counts.download_counter, "_flush_in_thread", (tmp_path / "written").touch
    )
    worker = multiprocessing.get_context("fork").Process(
        target=download_counts.download_counter._start
    )
    worker.start()
    worker.join(10)
    assert (tmp_path / "written").exists()


def list_rows(client: Client, query: str = "") -> list[list[str]]:
    response = client.get(CSV + query)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return [*csv.reader(io.StringIO(response.content.decode("utf-8-sig")))]


def test_editors_take_the_counts_as_csv(editor_client: Client, document: SiteDocument) -> None:
    make_day(document.versions.get(), 1, 12)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    assert list_rows(editor_client) == [
        ["date", "file", "version", "downloads"],
        [yesterday.isoformat(), "The report", "1", "12"],
    ]


def test_csv_of_some_files_has_no_others(editor_client: Client, document: SiteDocument) -> None:
    others = [SiteDocumentFactory(title=title) for title in ("Other", "Third")]
    for one in (document, *others):
        make_day(one.versions.get(), 0, 1)
    query = f"?document={document.pk}&document={others[0].pk}"
    assert [row[1] for row in list_rows(editor_client, query)[1:]] == ["Other", "The report"]


def test_csv_tells_of_no_file_that_its_reader_does_not_see(
    guest_client: Client, document: SiteDocument
) -> None:
    make_day(document.versions.get(), 0, 1)
    assert len(list_rows(guest_client)) == 1


def test_csv_holds_no_formula(editor_client: Client, db: None) -> None:
    make_day(SiteDocumentFactory(title='=HYPERLINK("x")').versions.get(), 0, 1)
    assert list_rows(editor_client)[1][1] == '\'=HYPERLINK("x")'


@pytest.mark.parametrize("key", ["x", "-1", "", "9" * 30, "１２x"])
def test_csv_of_nonsense_is_not_found(editor_client: Client, key: str) -> None:
    assert editor_client.get(f"{CSV}?document={key}").status_code == 404


def test_csv_is_for_who_works_in_the_admin(client: Client, document: SiteDocument) -> None:
    assert client.get(CSV).status_code == 302
    assert signed_in(UserFactory()).get(CSV).status_code == 302


def find_cells(html: str, heading: str) -> list[list[str]]:
    """The rows of the table whose first column is called `heading`."""
    tables = BeautifulSoup(html, "html.parser").find_all("table")
    (table,) = [t for t in tables if t.th and t.th.text == heading and "Total" in t.text]
    return [[td.text for td in tr.find_all("td")] for tr in table.tbody.find_all("tr")]


def test_a_files_own_screen_shows_its_downloads(
    publisher_client: Client, document: SiteDocument
) -> None:
    make_day(document.versions.get(), 40, 30)
    make_day(document.versions.get(), 29, 4)
    response = publisher_client.get(reverse("wagtaildocs:edit", args=[document.pk]))
    assert find_cells(response.text, "Version") == [["1", "34", "4"]]
    assert f"{CSV}?document={document.pk}" in response.text


def test_so_does_the_screen_of_a_report(
    site: SimpleNamespace, editor_client: Client, document: SiteDocument
) -> None:
    easy = SiteDocumentFactory(title="Easy read")
    offer(site.report, easy)
    make_day(document.versions.get(), 40, 30)
    make_day(document.versions.get(), 0, 4)
    response = editor_client.get(reverse("wagtailadmin_pages:edit", args=[site.report.pk]))
    assert find_cells(response.text, "Document") == [
        ["Easy read", "1", "0", "0"],
        ["The report", "1", "34", "4"],
    ]
    assert f"{CSV}?document={document.pk}&amp;document={easy.pk}" in response.text


def test_a_report_without_files_says_so(editor_client: Client, report_index: Any) -> None:
    url = reverse("wagtailadmin_pages:add", args=["reports", "reportpage", report_index.pk])
    assert "The report has no documents to download yet" in editor_client.get(url).text
