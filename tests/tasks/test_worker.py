"""A worker takes tasks from its queues, watches over them, and gives them back when it stops."""

import os
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tasks import task

from bhp_site.tasks import execution, worker
from bhp_site.tasks.execution import Attempt, claim
from bhp_site.tasks.heartbeat import is_worker_alive
from bhp_site.tasks.models import QueuedTask
from bhp_site.tasks.worker import Worker

from .sample_tasks import calls, record

released = threading.Event()


@task(backend="database", queue_name="slow", timeout_seconds=60)
def wait() -> None:
    calls.append("waiting")
    released.wait(30)


def run_until(condition: Callable[[], bool], queue_names: list[str]) -> None:
    """Run a worker until `condition` holds; its threads have ended afterwards."""
    running = Worker(queue_names, lease_seconds=1)

    def stop() -> None:
        deadline = time.monotonic() + 30
        while not condition() and time.monotonic() < deadline:
            time.sleep(0.02)
        running.stop()

    watcher = threading.Thread(target=stop)
    watcher.start()
    running.run()
    watcher.join()


@pytest.fixture(autouse=True)
def _no_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    calls.clear()
    released.clear()
    monkeypatch.setattr(worker, "POLL_SECONDS", 0.05)


def test_a_worker_runs_the_tasks_of_its_queues(committing_db: None) -> None:
    record.enqueue("one")
    record.using(queue_name="slow").enqueue("two")
    run_until(lambda: len(calls) == 2, ["default", "slow"])
    assert {*calls} == {"one", "two"}
    assert {*QueuedTask.objects.values_list("status", flat=True)} == {"SUCCESSFUL"}
    assert is_worker_alive()


def test_a_slow_task_keeps_no_short_one_waiting_and_is_given_back(
    committing_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "STOP_SECONDS", 0.1)
    wait.enqueue()
    record.enqueue("one")
    run_until(lambda: {*calls} == {"waiting", "one"}, ["default", "slow"])
    queued = QueuedTask.objects.get(path=wait.module_path)
    assert (queued.status, queued.attempts) == ("READY", 0)
    released.set()
    for thread in threading.enumerate():
        if thread.name == "queue-slow":
            thread.join(10)
    queued.refresh_from_db()
    assert queued.status == "READY"


def test_a_worker_goes_on_after_the_database_was_away(
    committing_db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    run_task = execution.run_task
    failures = [OSError("the database is away")]

    def fail_once(*args: Any) -> bool:
        if failures:
            raise failures.pop()
        return run_task(*args)

    monkeypatch.setattr(worker, "run_task", fail_once)
    record.enqueue("one")
    run_until(lambda: calls == ["one"], ["default"])
    assert calls == ["one"]
    assert "the database is away" in caplog.text


def test_a_task_that_takes_too_long_ends_its_worker(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends: list[int] = []
    monkeypatch.setattr(os, "_exit", ends.append)
    wait.enqueue()
    queued = claim(QueuedTask.objects.due(), lease_seconds=60)
    assert queued
    attempt = Attempt(queued, started=time.monotonic() - wait.timeout_seconds - 1)
    monkeypatch.setattr(worker, "running", {attempt})
    Worker(["slow"]).supervise()
    assert ends == [1]
    queued.refresh_from_db()
    assert (queued.status, queued.error) == (
        "READY",
        "TimeoutError: It took longer than 60 seconds",
    )


def test_leases_are_renewed_and_those_of_dead_workers_taken_back(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    record.enqueue("own")
    record.enqueue("of a dead worker")
    own, other = (claim(QueuedTask.objects.due(), lease_seconds=60) for _ in range(2))
    assert own
    assert other
    QueuedTask.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    monkeypatch.setattr(worker, "running", {Attempt(own)})
    Worker(["default"]).supervise()
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.status, other.status) == ("RUNNING", "READY")
