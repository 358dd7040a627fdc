"""What those who run the site can see: readiness, lines of the log, and counts; never more."""

import json
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Revision

from bhp_site.core.monitoring import logs, metrics
from bhp_site.core.monitoring.collectors import SiteCollector
from bhp_site.core.monitoring.error_reports import clean_report
from bhp_site.core.monitoring.logs import JsonFormatter, TextFormatter
from bhp_site.jobs import JOBS
from bhp_site.tasks import heartbeat
from bhp_site.tasks.models import Heartbeat, QueuedTask

from ..page_states import DAY, schedule

TOKEN = "a token of twenty characters"


@pytest.fixture
def processes(db: None) -> None:
    """Scheduler and worker are alive, and nothing is in the queue.

    What the shared databases have there is due since they were built, which may be long ago.
    """
    QueuedTask.objects.all().delete()
    for name in (heartbeat.SCHEDULER, heartbeat.WORKER):
        heartbeat.record_heartbeat(name)


def list_failing(client: Client) -> set[str]:
    """Return the names of the checks that fail."""
    answer = client.get("/readyz")
    failed = {name for name, said in answer.json()["checks"].items() if said != "ok"}
    assert answer.status_code == (503 if failed else 200)
    assert bool(answer.headers.get("Retry-After")) == bool(failed)
    return failed


def test_a_site_in_order_is_ready(home: Page, client: Client, processes: None) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "checks": {
            "database": "ok",
            "clock": "ok",
            "storage": "ok",
            "schedule": "ok",
            "jobs": "ok",
            "scheduler": "ok",
            "worker": "ok",
            "tasks": "ok",
            "cache": "ok",
            "page_cache": "ok",
            "media": "ok",
        },
    }
    assert "no-store" in answer.headers["Cache-Control"]


def test_each_part_that_fails_is_named_and_no_more_is_told(
    site: SimpleNamespace,
    client: Client,
    processes: None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: Any,
) -> None:
    schedule(site.standard)
    late = Revision.objects.filter(approved_go_live_at__isnull=False)
    late.update(approved_go_live_at=late.get().approved_go_live_at - 2 * DAY)
    assert list_failing(client) == {"schedule"}
    late.delete()

    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=1))
        assert list_failing(client) == {"storage"}

    def away(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError("password=secret")

    with monkeypatch.context() as down:
        down.setattr(caches["shared"], "set", away)
        assert list_failing(client) == {"cache"}
    with monkeypatch.context() as read_only:
        read_only.setattr(Path, "write_bytes", away)
        assert list_failing(client) == {"storage"}
    with monkeypatch.context() as down:
        down.setattr(connection, "cursor", away)
        assert "database" in list_failing(client)
        assert b"secret" not in client.get("/readyz").content
    assert "password=secret" in caplog.text


def test_processes_that_hang_and_late_jobs_are_named(
    home: Page, client: Client, processes: None, caplog: Any
) -> None:
    def hang(name: str, seconds: float) -> None:
        since = timezone.now() - timedelta(seconds=seconds)
        Heartbeat.objects.update_or_create(name=name, defaults={"renewed_at": since})

    hang("scheduler", 21)
    assert list_failing(client) == {"scheduler"}
    hang("scheduler", 1)
    hang("worker", 21)
    assert list_failing(client) == {"worker"}
    hang("worker", 1)
    job = JOBS[0]
    hang(f"job: {job.name}", job.interval_seconds + 29)
    assert list_failing(client) == set()
    hang(f"job: {job.name}", job.interval_seconds + 31)
    assert list_failing(client) == {"jobs"}
    assert job.name in caplog.text


def test_a_subfolder_that_is_read_only_is_noticed(
    home: Page,
    client: Client,
    processes: None,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    covers = settings.MEDIA_ROOT / "covers"
    covers.mkdir(parents=True)
    assert list_failing(client) == set()
    # As root, only a mount can do this: no permission keeps root from writing.
    monkeypatch.setattr(os, "access", lambda path, mode: path != covers)
    assert list_failing(client) == {"storage"}


def test_media_that_are_not_mounted_are_noticed(
    site: SimpleNamespace, client: Client, processes: None, settings: Any, tmp_path: Path
) -> None:
    assert list_failing(client) == set()
    settings.MEDIA_ROOT = tmp_path
    assert list_failing(client) == {"media"}


@pytest.mark.parametrize("host", ["10.0.0.7:8000", "[fd00::7]", "unknown.example.org"])
def test_probes_may_use_any_host(home: Page, client: Client, processes: None, host: str) -> None:
    for address in ("/healthz", "/readyz"):
        assert client.get(address, headers={"Host": host}).status_code == 200
    assert client.get("/search/", headers={"Host": host}).status_code == 400


def test_metrics_tell_what_is_worth_an_alert(home: Page, processes: None) -> None:
    heartbeat.record_job(JOBS[0].name)
    metrics = {metric.name: metric.samples for metric in SiteCollector().collect()}
    checks = {sample.labels["check"]: sample.value for sample in metrics["bhp_check_ok"]}
    assert checks["database"] == checks["scheduler"] == 1
    (job,) = metrics["bhp_job_last_success_timestamp_seconds"]
    assert job.labels["job"] == JOBS[0].name
    assert {sample.labels["status"] for sample in metrics["bhp_emails"]} == {"waiting", "failing"}
    assert metrics["bhp_overdue_pages"][0].value == 0
    assert metrics["bhp_disk_free_bytes"][0].value > 0
    assert metrics["bhp_overdue_enquiries"][0].value == 0
    assert metrics["bhp_sign_in_failures_last_hour"][0].value == 0
    rules = (Path(configured.BASE_DIR) / "docs/alert-rules.yml").read_text()
    assert {*re.findall(r"bhp_(?:check|emails|overdue|disk|sign)\w+", rules)} <= {
        *metrics,
        "bhp_emails",
    }


def test_logs_and_error_reports_show_no_password() -> None:
    url = "redis://:secret@cache:6379/0 and postgres://site:secret@host/name"
    assert "secret" not in logs.hide_tokens(url)
    assert "postgres://site:…@host/name" in logs.hide_tokens(url)
    reset = "GET /admin/password_reset/confirm/MQ/c8x2ab-0123456789abcdef/ 200"
    assert logs.hide_tokens(reset) == "GET /admin/password_reset/confirm/…/ 200"
    request = {"method": "GET", "url": "/a/", "cookies": "secret", "query_string": "q=secret"}
    report = clean_report({"message": url, "request": request, "user": {"id": "secret"}})
    assert report["request"] == {"method": "GET", "url": "/a/"}
    assert "secret" not in json.dumps(report)


def test_an_answer_tells_its_requests_id(home: Page, client: Client, settings: Any) -> None:
    first = client.get("/search/", headers={"X-Request-ID": "given-by-anybody"})
    again = client.get("/search/")
    assert len(first.headers["X-Request-ID"]) == 32
    assert first.headers["X-Request-ID"] != again.headers["X-Request-ID"]
    settings.BEHIND_PROXY = True
    for given, kept in (("given-by-proxy", True), ("bad\tid-here", False), ("a" * 65, False)):
        answer = client.get("/search/", headers={"X-Request-ID": given})
        assert (answer.headers["X-Request-ID"] == given) is kept
    everybody = client.get("/", **{logs.ANONYMOUS_REQUEST_KEY: True})
    assert "X-Request-ID" not in everybody.headers


def test_requests_are_logged_where_asked_for_without_the_visitor(
    home: Page, client: Client, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bhp_site.core.monitoring.logs")
    client.get("/search/?q=illness")
    assert not caplog.records
    settings.LOG_REQUESTS = True
    client.get("/search/?q=illness", headers={"User-Agent": "Firefox"})
    (record,) = caplog.records
    assert record.getMessage().startswith("GET /search/ 200 ")
    said = json.loads(JsonFormatter().format(record))
    assert said["details"]["status"] == 200
    assert not {"illness", "Firefox", "127.0.0.1"} & {*json.dumps(said).replace('"', " ").split()}


def test_a_line_says_which_request_it_belongs_to() -> None:
    record = logging.LogRecord("bhp_site", logging.ERROR, "", 0, "Line\none %s", ("ü",), None)
    token = logs.request_id.set("12345678")
    assert TextFormatter("{message}", style="{").format(record) == "Line\none ü [12345678]"
    line = JsonFormatter().format(record)
    logs.request_id.reset(token)
    assert "\n" not in line
    said = json.loads(line)
    assert (said["message"], said["request"], said["level"]) == ("Line\none ü", "12345678", "ERROR")
    assert said["time"].endswith("Z")
    assert "request" not in json.loads(JsonFormatter().format(record))


def test_a_traceback_stays_in_its_line() -> None:
    try:
        raise ValueError("no such thing")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "Failed", (), sys.exc_info())
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert "no such thing" in json.loads(line)["error"]


@pytest.fixture
def counting(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.METRICS_TOKEN, settings.METRICS_DIR = TOKEN, tmp_path / "metrics"
    yield
    metrics._instruments.clear()


def test_without_a_token_there_is_nothing_to_see(home: Page, client: Client) -> None:
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    assert not metrics._instruments


COUNT = """
import os, sys
from bhp_site.__main__ import configure
configure()
from bhp_site.core.monitoring import metrics
metrics.observe_request("GET", 404, 0.02)
metrics.observe_request("BREW", 405, 0.02)
metrics.count_cached_response(200)
metrics.count_failed_upload()
metrics.count_refusal("permission")
with metrics.measure_database():
    from django.db import connection
    connection.cursor().execute("SELECT 1")
"""


def test_processes_are_counted_together_for_the_holder_of_the_token(
    home: Page, client: Client, counting: None, settings: Any, tmp_path: Path
) -> None:
    metrics.reset_metrics()
    variables = {"DATA_DIR": str(tmp_path), "METRICS_TOKEN": TOKEN, "PATH": "/usr/bin"}
    for _ in range(2):
        command = [sys.executable, "-c", COUNT]
        subprocess.run(command, cwd=configured.BASE_DIR, env=variables, check=True)
    for said in ("", "Bearer wrong", TOKEN):
        assert client.get("/metrics", headers={"Authorization": said}).status_code == 404
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert 'bhp_request_seconds_count{method="GET",status="4xx"} 2.0' in answer.text
    assert 'bhp_request_seconds_count{method="other",status="4xx"} 2.0' in answer.text
    assert 'bhp_page_cache_responses_total{status="2xx"} 2.0' in answer.text
    assert "bhp_upload_failures_total 2.0" in answer.text
    assert 'bhp_refusals_total{reason="permission"} 2.0' in answer.text
    assert re.search(r"bhp_database_seconds_count [23].0", answer.text)
    assert 'bhp_tasks{status="ready"}' in answer.text
    assert "bhp_task_delay_seconds" in answer.text
    metrics.reset_metrics()
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert "bhp_page_cache" not in answer.text
