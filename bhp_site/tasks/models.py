"""The table of queued tasks."""

import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Case, F, Value, When
from django.utils import timezone
from django_tasks import TaskResultStatus

MAX_ERROR_LENGTH = 500
STOPPED = "The worker stopped during this task, for example because the server was restarted."


class QueuedTaskQuerySet(models.QuerySet["QueuedTask"]):
    """Selections of tasks by what happens to them next."""

    def due(self) -> "QueuedTaskQuerySet":
        """Return the tasks a worker may start now, in the order in which it should."""
        ready = self.filter(status=TaskResultStatus.READY, run_after__lte=timezone.now())
        return ready.order_by("-priority", "run_after", "pk")

    def expired(self) -> "QueuedTaskQuerySet":
        """Return the running tasks whose worker has not renewed its lease in time."""
        running = self.filter(status=TaskResultStatus.RUNNING)
        return running.filter(lease_expires_at__lt=timezone.now())

    def with_failed_first(self) -> "QueuedTaskQuerySet":
        """Return the tasks for the list: failed ones first, then the latest."""
        failed = Case(When(status=TaskResultStatus.FAILED, then=Value(0)), default=Value(1))
        return self.order_by(failed, "-pk")

    def failing(self) -> "QueuedTaskQuerySet":
        """Return the tasks whose last attempt failed, whether or not another one follows."""
        return self.filter(status__in=(TaskResultStatus.FAILED, TaskResultStatus.READY)).exclude(
            error=""
        )

    def release_expired(self) -> int:
        """Return expired tasks of stopped workers to the queue; return how many there were.

        A task without attempts left fails instead, so that one which stops every worker is not
        repeated endlessly.
        """
        now = timezone.now()
        exhausted = self.expired().filter(attempts__gte=F("max_attempts"))
        failed = exhausted.update(
            status=TaskResultStatus.FAILED, error=STOPPED, lease="", finished_at=now
        )
        return failed + self.expired().update(
            status=TaskResultStatus.READY, error=STOPPED, lease="", run_after=now
        )

    def run_again(self) -> int:
        """Reset the attempts of failing tasks and make them due now; return how many there were."""
        return self.failing().update(
            status=TaskResultStatus.READY,
            run_after=timezone.now(),
            attempts=0,
            finished_at=None,
        )


class QueuedTask(models.Model):
    """One call of a task function by a worker, and its result."""

    # It refers to nothing that visitors see.
    wagtail_reference_index_ignore = True

    Status = TaskResultStatus

    # Dotted path of the task, such as "bhp_site.core.images.renditions.make_missing_renditions".
    path = models.CharField(max_length=200)
    args = models.JSONField(default=list)
    kwargs = models.JSONField(default=dict)
    # A hash of path and arguments: equal for calls that do the same.
    call_hash = models.CharField(max_length=64)
    queue_name = models.CharField(max_length=32)
    priority = models.SmallIntegerField(default=0)
    status = models.CharField(
        max_length=10, choices=TaskResultStatus.choices, default=TaskResultStatus.READY
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField()
    enqueued_at = models.DateTimeField(default=timezone.now)
    run_after = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # Identifies the current attempt. An attempt with another value has lost the task.
    lease = models.CharField(max_length=64, blank=True)
    lease_expires_at = models.DateTimeField(null=True)
    # Of the last attempt: a sentence for the list, and the traceback for developers.
    error = models.CharField(max_length=MAX_ERROR_LENGTH, blank=True)
    traceback = models.TextField(blank=True)

    objects = QueuedTaskQuerySet.as_manager()

    class Meta:
        verbose_name = "background task"
        ordering: ClassVar[list[Any]] = ["-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["status", "queue_name", "run_after"], name="tasks_due"),
            models.Index(fields=["call_hash"], name="tasks_call"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_status_display()})"

    @property
    def name(self) -> str:
        """Return a readable name of the task's function, such as "Make renditions"."""
        return self.path.rpartition(".")[2].replace("_", " ").capitalize()

    @property
    def is_due_again_at(self) -> datetime.datetime | None:
        """Return the time of the next attempt after a failure; None if there is none."""
        return self.run_after if self.error and self.status == self.Status.READY else None


class Heartbeat(models.Model):
    """The time when a process was last alive, or a job last succeeded, on any machine."""

    # It refers to nothing that visitors see.
    wagtail_reference_index_ignore = True

    name = models.CharField(max_length=200, primary_key=True)
    renewed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
