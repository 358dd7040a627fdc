"""Jobs run when their time has come, whatever happens to the others."""

import threading
from types import SimpleNamespace

import pytest

from bhp_site.jobs import JOBS
from bhp_site.tasks.scheduler import RETRY_SECONDS, Job, Scheduler


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    """Jobs close connections, which only a test with a database has."""


def test_a_job_runs_at_once_and_then_at_its_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter((1000.0, 1000.0, 1009.0, 1009.0, 1010.0, 1010.0, 1060.0, 1060.0))
    monkeypatch.setattr("bhp_site.tasks.scheduler.monotonic", lambda: next(times))
    runs: list[str] = []
    scheduler = Scheduler(
        [
            Job("often", lambda: runs.append("often"), 10),
            Job("rarely", lambda: runs.append("rarely"), 60),
        ]
    )
    for _ in range(4):
        scheduler.run_due_jobs()
    assert runs == ["often", "rarely", "often", "often", "rarely"]


def test_a_job_that_fails_is_repeated_soon_and_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = 1000.0
    monkeypatch.setattr("bhp_site.tasks.scheduler.monotonic", lambda: now)
    monkeypatch.setattr("bhp_site.tasks.scheduler.connection.close", lambda: None)
    runs: list[str] = []

    def fail() -> None:
        runs.append("fail")
        raise OSError("the database is away")

    scheduler = Scheduler(
        [Job("Fail", fail, 3600), Job("Go on", lambda: runs.append("go on"), 3600)]
    )
    scheduler.run_due_jobs()
    now += RETRY_SECONDS
    scheduler.run_due_jobs()
    assert runs == ["fail", "go on", "fail"]
    assert "The job “Fail” failed" in caplog.text
    assert "the database is away" in caplog.text


def test_it_runs_until_it_is_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs: list[int] = []
    monkeypatch.setattr("bhp_site.tasks.scheduler.close_old_connections", lambda: None)

    def stop() -> None:
        runs.append(1)
        if len(runs) == 2:
            scheduler.stop()

    scheduler = Scheduler([Job("Stop", stop, 0.1)])
    watchdog = threading.Timer(20, scheduler.stop)
    watchdog.start()
    scheduler.run()
    watchdog.cancel()
    assert len(runs) == 2


def test_every_job_of_the_site_runs(
    site: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    scheduler = Scheduler(JOBS)
    scheduler.run_due_jobs()
    assert "failed" not in caplog.text
    assert len({job.name for job in JOBS}) == len(JOBS)
