"""The backend of Django's tasks API that keeps tasks in the database.

A task is a row, written in the transaction that enqueues it: it exists exactly if what it is about
was committed. Workers (`worker.py`) run them.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django_tasks import TaskResult, TaskResultStatus
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task
from django_tasks.exceptions import InvalidTaskError
from django_tasks.signals import task_enqueued
from django_tasks.utils import normalize_json

from .after_commit import call_after_commit
from .execution import build_result, is_in_task, run_task
from .heartbeat import is_worker_alive
from .models import QueuedTask


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseTask(Task):
    """A task with rules for its retries; the arguments of `@task(backend="database", …)`."""

    # How often it is started before it counts as failed. A worker that is killed uses one up.
    max_attempts: int = 8
    # The pause after the first failure; each later one is twice as long, up to MAX_RETRY_SECONDS.
    retry_seconds: int = 10
    # A worker that is busy with it for longer is ended and replaced.
    timeout_seconds: int = 300
    # Waiting calls with the same arguments are made once.
    coalesce: bool = False
    # Run it after the transaction that enqueues it, in the same process, if no worker is alive.
    inline_without_worker: bool = False


def hash_call(path: str, args: Any, kwargs: Any) -> str:
    """Return a hexadecimal SHA-256 that is equal for calls of one task with equal arguments."""
    call = json.dumps([path, args, kwargs], sort_keys=True)
    return hashlib.sha256(call.encode()).hexdigest()


class DatabaseBackend(BaseTaskBackend):
    """Stores tasks as rows of QueuedTask."""

    task_class = DatabaseTask
    supports_defer = True
    supports_async_task = True
    supports_priority = True

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> TaskResult[Any]:
        """Store a call of `task` and return it; it runs after the current transaction commits.

        Raises InvalidTaskError if `task` is not one of this backend.
        """
        self.validate_task(task)
        if not isinstance(task, DatabaseTask):
            raise InvalidTaskError('Declare the task with @task(backend="database").')
        args, kwargs = normalize_json(args), normalize_json(kwargs)
        queued = QueuedTask.objects.create(
            path=task.module_path,
            args=args,
            kwargs=kwargs,
            call_hash=hash_call(task.module_path, args, kwargs),
            queue_name=task.queue_name,
            priority=task.priority,
            max_attempts=task.max_attempts,
            run_after=task.run_after or timezone.now(),
        )
        result = build_result(queued, task)
        task_enqueued.send(type(self), task_result=result)
        # What a task enqueues waits for a worker: otherwise one request might do all there is.
        if task.inline_without_worker and not is_in_task() and not is_worker_alive():
            call_after_commit(run_inline, queued.pk)
        return result


def is_enqueued(task: Any, *args: Any, **kwargs: Any) -> bool:
    """Return True if this call of `task` is waiting, running or has failed for good."""
    call = hash_call(task.module_path, list(args), kwargs)
    calls = QueuedTask.objects.filter(call_hash=call)
    return calls.exclude(status=TaskResultStatus.SUCCESSFUL).exists()


def has_unfinished_calls(task: Any) -> bool:
    """Return True if any call of `task` is waiting or running."""
    calls = QueuedTask.objects.filter(path=task.module_path)
    return calls.filter(status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING)).exists()


def retry_now(task: Any, *args: Any, **kwargs: Any) -> None:
    """Run a failing call of `task` in this process, with its number of attempts reset."""
    run_task(make_due(task, *args, **kwargs).due())


def make_due(task: Any, *args: Any, **kwargs: Any) -> Any:
    """Let a worker run a failing call of `task` now, with its attempts reset; return its rows."""
    calls = QueuedTask.objects.filter(call_hash=hash_call(task.module_path, list(args), kwargs))
    if not is_enqueued(task, *args, **kwargs):
        task.enqueue(*args, **kwargs)  # Failed calls are deleted after a while.
    calls.run_again()
    return calls


def run_inline(pk: int) -> None:
    """Run the task with this primary key in this process, unless a worker has started it."""
    run_task(QueuedTask.objects.filter(pk=pk))
