"""Tasks that tests enqueue."""

import time

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django_tasks import TaskContext, task
from wagtail.models import Collection, ModelLogEntry

from bhp_site.tasks.execution import PermanentFailure, complete_task

# What the tasks below have done in this process.
calls: list[object] = []


@task(backend="database")
def record(value: object) -> None:
    calls.append(value)


@task(backend="database", coalesce=True)
def record_once(value: object) -> None:
    calls.append(value)


@task(backend="database", inline_without_worker=True)
def record_inline(value: object) -> None:
    calls.append(value)
    record_inline.enqueue(f"{value}, again")


@task(backend="database", takes_context=True)
def record_attempt(context: TaskContext) -> None:
    calls.append(context.attempt)


@task(backend="database", max_attempts=3, retry_seconds=10)
def fail() -> None:
    raise ValueError("the disk\nis full")


@task(backend="database")
def fail_for_good() -> None:
    raise PermanentFailure("Nothing was done, because the file is damaged.")


@task(backend="database")
def add_collection(name: str) -> None:
    """Add a row, exactly once for each call."""
    with complete_task():
        Collection.get_first_root_node().add_child(name=name)


@task(backend="database")
def write_log_entry(label: str) -> None:
    """Add a row, exactly once for each call, with pauses in which a kill may come."""
    time.sleep(0.02)
    with complete_task():
        entry = ModelLogEntry(
            content_type=ContentType.objects.get_for_model(Collection),
            label=label,
            action="test.task",
            timestamp=timezone.now(),
            object_id="1",
        )
        # Unlike `save`, it does not ask whether the action is registered.
        ModelLogEntry.objects.bulk_create([entry])
        time.sleep(0.02)
    time.sleep(0.02)
