"""Runs single tasks: claims one under a lease, calls its function, and records the result.

An attempt holds a lease that its worker renews. When the worker dies the lease expires, and another
worker makes the next attempt. An attempt whose lease has expired can no longer complete the task:
see `complete_task`.
"""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from traceback import format_exc
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import TaskContext, TaskResult, TaskResultStatus
from django_tasks.base import Task, TaskError
from django_tasks.signals import task_finished, task_started

from .errors import TemporaryFailure
from .models import MAX_ERROR_LENGTH, QueuedTask

logger = logging.getLogger(__name__)

MAX_RETRY_SECONDS = 6 * 60 * 60
# The same after a TemporaryFailure, whose pauses grow with the age of the task.
MAX_TEMPORARY_RETRY_SECONDS = 10 * 60


class PermanentFailure(Exception):
    """Raised by a task that would fail again; the message is a sentence for the list of tasks."""


class LeaseLost(Exception):
    """This attempt took so long that another worker has taken the task over."""


@dataclass(frozen=True)
class Attempt:
    """One attempt of this process at a task; `queued` is the row as it was claimed."""

    queued: QueuedTask
    started: float = field(default_factory=monotonic)

    def get_row(self) -> "models.QuerySet[QueuedTask]":
        """Return a queryset of the task's row; empty if the attempt is over or lost its lease."""
        running = QueuedTask.objects.filter(status=TaskResultStatus.RUNNING)
        return running.filter(pk=self.queued.pk, lease=self.queued.lease)

    def renew(self, lease_seconds: float) -> None:
        """Renew the lease until `lease_seconds` from now, so that no other worker gets the task."""
        expires_at = timezone.now() + timedelta(seconds=lease_seconds)
        self.get_row().update(lease_expires_at=expires_at)

    def release(self) -> None:
        """Return the task to the queue without counting this attempt: the worker is stopping."""
        self.get_row().update(
            status=TaskResultStatus.READY,
            lease="",
            run_after=timezone.now(),
            attempts=models.F("attempts") - 1,
        )

    def complete(self) -> None:
        """Record success; raises LeaseLost if the task is no longer this attempt's."""
        completed = self.get_row().update(
            status=TaskResultStatus.SUCCESSFUL,
            finished_at=timezone.now(),
            error="",
            traceback="",
        )
        if not completed:
            raise LeaseLost

    def postpone(self, error: BaseException, retry_seconds: int) -> None:
        """Return the task to the queue without counting this attempt: `error` is temporary."""
        now = timezone.now()
        age = (now - self.queued.enqueued_at).total_seconds()
        pause = min(max(retry_seconds, round(age / 2)), MAX_TEMPORARY_RETRY_SECONDS)
        recorded = self.get_row().update(
            status=TaskResultStatus.READY,
            run_after=now + timedelta(seconds=pause),
            attempts=models.F("attempts") - 1,
            error=describe_error(error)[:MAX_ERROR_LENGTH],
            lease="",
        )
        if recorded:
            logger.warning(
                "Task %s (%s) is repeated in %d seconds: %s",
                *(self.queued.pk, self.queued.path, pause, error),
            )

    def fail(self, error: BaseException, trace: str = "", retry_seconds: int | None = None) -> None:
        """Record a failure, and schedule another attempt if any is left.

        The text of `error` and the traceback `trace` are stored with the task and logged.
        `retry_seconds` is the pause after the first failure, doubled after each other one; None if
        the task must not be repeated.
        """
        sentence = str(error) if isinstance(error, PermanentFailure) else describe_error(error)
        now, attempts = timezone.now(), self.queued.attempts
        is_last = retry_seconds is None or attempts >= self.queued.max_attempts
        pause = min((retry_seconds or 0) * 2 ** (attempts - 1), MAX_RETRY_SECONDS)
        recorded = self.get_row().update(
            status=TaskResultStatus.FAILED if is_last else TaskResultStatus.READY,
            finished_at=now if is_last else None,
            run_after=now + timedelta(seconds=pause),
            error=sentence[:MAX_ERROR_LENGTH],
            traceback=trace,
            lease="",
        )
        if not recorded:
            outcome = "but was completed before or taken over"
        else:
            outcome = "and is given up" if is_last else f"and is repeated in {pause} seconds"
        logger.log(
            logging.ERROR if is_last else logging.WARNING,
            f"Task %s (%s) failed at attempt %d {outcome}: %s\n%s".strip(),
            *(self.queued.pk, self.queued.path, attempts, sentence),
            # The same traceback need not be logged again after every pause.
            trace if is_last or attempts == 1 else "",
        )


_current: ContextVar[Attempt | None] = ContextVar("current_attempt", default=None)
# The attempts under way in this process, for its worker to renew.
running: set[Attempt] = set()


def is_in_task() -> bool:
    """Return True if this code runs in a task."""
    return _current.get() is not None


def describe_error(error: BaseException) -> str:
    """Return the class and the message of an exception in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())


@contextmanager
def complete_task() -> Iterator[None]:
    """Open the transaction that holds the effects of the running task, and complete the task in it.

    The effects are committed exactly once, even if a worker is killed. Raises LeaseLost, and
    commits nothing, if another worker has taken the task over. Outside a task it is a plain
    transaction.
    """
    attempt = _current.get()
    with transaction.atomic():
        if attempt:
            attempt.complete()
        yield


def run_task(candidates: "models.QuerySet[QueuedTask]", lease_seconds: float | None = None) -> bool:
    """Claim the first task of `candidates` that no other worker holds, and run it.

    Return False if there was none. The lease lasts `lease_seconds`, and the caller renews it; by
    default it lasts as long as the task may take.
    """
    queued = claim(candidates, lease_seconds)
    if queued is None:
        return False
    attempt = Attempt(queued)
    try:
        task = import_string(queued.path)
    except ImportError as error:
        attempt.fail(error, format_exc())
        return True
    token = _current.set(attempt)
    running.add(attempt)
    try:
        _call(attempt, task)
    finally:
        running.discard(attempt)
        _current.reset(token)
    return True


def claim(
    candidates: "models.QuerySet[QueuedTask]", lease_seconds: float | None = None
) -> QueuedTask | None:
    """Return the first of `candidates`, claimed by a new attempt; None if none can be claimed.

    On PostgreSQL rows that other workers are claiming are skipped; SQLite serialises writers.
    """
    if not candidates.exists():  # Without the lock that SQLite takes for a transaction.
        return None
    with transaction.atomic():
        free = candidates.filter(status=TaskResultStatus.READY)
        queued = free.select_for_update(skip_locked=True).first()
        if queued is None:
            return None
        task = _find_task(queued.path)
        now = timezone.now()
        if lease_seconds is None:
            lease_seconds = float(getattr(task, "timeout_seconds", 0))
        queued.status = TaskResultStatus.RUNNING
        queued.lease = secrets.token_hex(16)
        queued.lease_expires_at = now + timedelta(seconds=lease_seconds)
        queued.started_at = now
        queued.attempts += 1
        queued.save(update_fields=["status", "lease", "lease_expires_at", "started_at", "attempts"])
        if getattr(task, "coalesce", False):
            _delete_equal_calls(queued)
    return queued


def _find_task(path: str) -> Any:
    try:
        return import_string(path)
    except ImportError:
        return None


def _delete_equal_calls(queued: QueuedTask) -> None:
    """Delete the waiting calls that `queued` makes superfluous.

    It starts later than the commit of everything they are about, so it sees all of that. Rows that
    another worker is claiming are left to it: to wait for them could end in a deadlock.
    """
    equal = QueuedTask.objects.filter(call_hash=queued.call_hash).exclude(pk=queued.pk)
    done = equal.exclude(status=TaskResultStatus.RUNNING).select_for_update(skip_locked=True)
    QueuedTask.objects.filter(pk__in=[*done.values_list("pk", flat=True)]).delete()


def _call(attempt: Attempt, task: Any) -> None:
    """Call the function of `task`, and record success or failure."""
    queued, sender = attempt.queued, type(task.get_backend())
    result = build_result(queued, task)
    task_started.send(sender, task_result=result)
    arguments = (
        [TaskContext(task_result=result), *queued.args] if task.takes_context else queued.args
    )
    try:
        task.call(*arguments, **queued.kwargs)
        if attempt.get_row().exists():
            attempt.complete()
    except LeaseLost:
        logger.warning("Task %s (%s) was taken over by another worker", queued.pk, queued.path)
    except PermanentFailure as error:
        attempt.fail(error)
    except TemporaryFailure as error:
        attempt.postpone(error, task.retry_seconds)
    except Exception as error:
        attempt.fail(error, format_exc(), task.retry_seconds)
    queued.refresh_from_db()
    task_finished.send(sender, task_result=build_result(queued, task))


def build_result(queued: QueuedTask, task: Task) -> TaskResult[Any]:
    """Return the tasks API's view of a stored call of `task`."""
    errors = []
    if queued.traceback:
        class_path = queued.error.partition(":")[0]
        errors = [TaskError(exception_class_path=class_path, traceback=queued.traceback)]
    return TaskResult(
        task=task,
        id=str(queued.pk),
        status=TaskResultStatus(queued.status),
        enqueued_at=queued.enqueued_at,
        started_at=queued.started_at,
        finished_at=queued.finished_at,
        last_attempted_at=queued.started_at,
        args=queued.args,
        kwargs=queued.kwargs,
        backend=task.backend,
        errors=errors,
        worker_ids=[queued.lease] * queued.attempts,
    )
