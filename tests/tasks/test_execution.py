"""Tasks are run once, repeated after failures, and taken over from workers that died."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus as Status
from django_tasks.exceptions import InvalidTaskError
from wagtail.models import Collection

from bhp_site.tasks.backends import is_enqueued
from bhp_site.tasks.cleanup import FAILED_RETENTION, SUCCESSFUL_RETENTION, delete_finished_tasks
from bhp_site.tasks.execution import Attempt, LeaseLost, claim, complete_task
from bhp_site.tasks.models import STOPPED, QueuedTask

from ..running_tasks import run_tasks
from .sample_tasks import (
    add_collection,
    calls,
    fail,
    fail_for_good,
    record,
    record_attempt,
    record_inline,
    record_once,
)


@pytest.fixture(autouse=True)
def _no_calls(db: None) -> None:
    calls.clear()


def claim_next() -> Attempt:
    queued = claim(QueuedTask.objects.due(), lease_seconds=60)
    assert queued
    return Attempt(queued)


def let_leases_expire() -> None:
    QueuedTask.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    QueuedTask.objects.release_expired()


def test_a_task_is_run_once_and_then_successful() -> None:
    result = record.enqueue("one")
    assert result.status == Status.READY
    assert run_tasks() == 1
    assert calls == ["one"]
    queued = QueuedTask.objects.get(pk=result.id)
    assert (queued.status, queued.attempts) == (Status.SUCCESSFUL, 1)
    assert queued.finished_at


def test_a_task_of_a_transaction_that_is_rolled_back_does_not_exist() -> None:
    with transaction.atomic():
        record.enqueue("one")
        transaction.set_rollback(True)
    assert run_tasks() == 0


def test_a_task_of_another_backend_is_refused() -> None:
    index = import_string("modelsearch.tasks.insert_or_update_object_task")
    with pytest.raises(InvalidTaskError, match="Declare the task"):
        index.using(backend="database").enqueue("core", "siteimage", "1")


def test_a_task_for_later_waits() -> None:
    record.using(run_after=timezone.now() + timedelta(hours=1)).enqueue("later")
    record.enqueue("now")
    assert run_tasks() == 1
    assert calls == ["now"]


def test_tasks_run_by_priority_then_by_time() -> None:
    record.enqueue(1)
    record.enqueue(2)
    record.using(priority=5).enqueue(3)
    run_tasks()
    assert calls == [3, 1, 2]


def test_a_task_may_ask_for_the_number_of_its_attempt() -> None:
    record_attempt.enqueue()
    run_tasks()
    assert calls == [1]


def test_a_failure_is_repeated_with_growing_pauses_and_then_given_up() -> None:
    fail.enqueue()
    pauses = []
    for _ in range(3):
        QueuedTask.objects.update(run_after=timezone.now())
        assert run_tasks() == 1
        queued = QueuedTask.objects.get()
        pauses.append(round((queued.run_after - timezone.now()).total_seconds()))
    assert pauses == [10, 20, 40]
    assert queued.status == Status.FAILED
    assert queued.error == "ValueError: the disk is full"
    assert "Traceback" in queued.traceback
    assert run_tasks() == 0
    assert is_enqueued(fail)


def test_a_task_may_say_that_to_repeat_it_would_not_help() -> None:
    fail_for_good.enqueue()
    run_tasks()
    queued = QueuedTask.objects.get()
    assert queued.status == Status.FAILED
    assert queued.error == "Nothing was done, because the file is damaged."


def test_a_task_whose_code_is_gone_fails() -> None:
    record.enqueue("one")
    QueuedTask.objects.update(path="bhp_site.tasks.nothing")
    assert run_tasks() == 1
    assert QueuedTask.objects.get().status == Status.FAILED


def test_a_failed_task_can_be_tried_again() -> None:
    fail_for_good.enqueue()
    run_tasks()
    assert QueuedTask.objects.all().run_again() == 1
    assert run_tasks() == 1
    assert QueuedTask.objects.get().attempts == 1


def test_a_task_of_a_dead_worker_is_run_by_another() -> None:
    record.enqueue("one")
    claim_next()
    assert run_tasks() == 0
    let_leases_expire()
    assert QueuedTask.objects.get().error == STOPPED
    assert run_tasks() == 1
    assert calls == ["one"]
    assert QueuedTask.objects.get().error == ""


def test_a_task_that_ends_every_worker_is_given_up() -> None:
    fail.enqueue()
    for _ in range(fail.max_attempts):
        claim_next()
        let_leases_expire()
    queued = QueuedTask.objects.get()
    assert (queued.status, queued.error) == (Status.FAILED, STOPPED)


def test_a_renewed_lease_does_not_expire() -> None:
    record.enqueue("one")
    attempt = claim_next()
    QueuedTask.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    attempt.renew(60)
    assert QueuedTask.objects.release_expired() == 0


def test_a_worker_that_stops_gives_its_tasks_back() -> None:
    record.enqueue("one")
    claim_next().release()
    assert run_tasks() == 1
    assert QueuedTask.objects.get().attempts == 1


def test_a_worker_that_lost_its_lease_completes_nothing() -> None:
    record.enqueue("one")
    late = claim_next()
    let_leases_expire()
    with pytest.raises(LeaseLost):
        late.complete()
    late.fail(ValueError("late"))
    assert QueuedTask.objects.get().status == Status.READY


def test_effects_are_committed_with_the_end_of_their_task_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add_child = Collection.add_child

    def lose_lease(self: Any, **kwargs: Any) -> Any:
        add_child(self, **kwargs)
        let_leases_expire()
        raise RuntimeError("killed here")

    add_collection.enqueue("Reports")
    with monkeypatch.context() as killed:
        killed.setattr(Collection, "add_child", lose_lease)
        run_tasks()
    assert not Collection.objects.filter(name="Reports").exists()
    QueuedTask.objects.update(run_after=timezone.now())
    assert run_tasks() == 1
    assert Collection.objects.filter(name="Reports").count() == 1


def test_outside_a_task_it_is_a_transaction() -> None:
    with complete_task():
        Collection.get_first_root_node().add_child(name="Reports")
    assert Collection.objects.filter(name="Reports").exists()


def test_equal_calls_that_wait_are_made_once() -> None:
    for value in ("one", "two", "one", "one"):
        record_once.enqueue(value)
        record.enqueue(value)
    assert run_tasks(record_once) == 2
    assert calls == ["one", "two"]
    assert run_tasks(record) == 4


def test_an_equal_call_that_comes_while_one_runs_is_made_afterwards() -> None:
    record_once.enqueue("one")
    claim_next()
    record_once.enqueue("one")
    assert run_tasks() == 1


def test_without_a_worker_a_task_may_run_after_the_commit(
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        record_inline.enqueue("one")
        record.enqueue("two")
        assert calls == []
    # What a task enqueues waits for a worker.
    assert calls == ["one"]
    assert {*QueuedTask.objects.filter(status=Status.READY).values_list("path", flat=True)} == {
        record.module_path,
        record_inline.module_path,
    }


def test_with_a_worker_no_task_runs_in_a_request(
    worker_alive: None, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        record_inline.enqueue("one")
    assert calls == []


def test_finished_tasks_are_deleted_after_a_while() -> None:
    record.enqueue("one")
    fail_for_good.enqueue()
    record.enqueue("waiting")
    run_tasks(fail_for_good)
    run_tasks(record)
    assert delete_finished_tasks() == 0
    QueuedTask.objects.update(finished_at=timezone.now() - 2 * SUCCESSFUL_RETENTION)
    assert delete_finished_tasks() == 2
    QueuedTask.objects.update(finished_at=timezone.now() - 2 * FAILED_RETENTION)
    assert delete_finished_tasks() == 1
