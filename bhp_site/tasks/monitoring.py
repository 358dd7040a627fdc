"""Figures about the queue of tasks, for health checks and metrics."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django_tasks import TaskResultStatus

from .models import QueuedTask

# A task that is due for longer than this, while no other was started, has no worker.
MAX_WAIT = timedelta(minutes=10)


def is_queue_moving() -> bool:
    """Return False if tasks have been due for MAX_WAIT and no worker runs or started any.

    A long queue is no failure: after an import it takes hours.
    """
    since = timezone.now() - MAX_WAIT
    if not QueuedTask.objects.due().filter(run_after__lt=since).exists():
        return True
    is_busy = Q(started_at__gte=since) | Q(status=TaskResultStatus.RUNNING)
    return QueuedTask.objects.filter(is_busy).exists()


class QueueCollector:
    """A collector of prometheus_client: how many tasks there are, by status, and their delay."""

    def collect(self) -> Iterator[Any]:
        """Yield the metrics, read from the database: they count the tasks of all machines."""
        from prometheus_client.core import GaugeMetricFamily

        counts = dict(
            QueuedTask.objects.order_by().values_list("status").annotate(number=Count("pk"))
        )
        tasks = GaugeMetricFamily("bhp_tasks", "Background tasks", labels=["status"])
        for status in TaskResultStatus.values:
            tasks.add_metric([status.lower()], counts.get(status, 0))
        yield tasks
        oldest = QueuedTask.objects.due().order_by("run_after").first()
        delay = (timezone.now() - oldest.run_after).total_seconds() if oldest else 0
        yield GaugeMetricFamily(
            "bhp_task_delay_seconds", "For how long the oldest waiting task has been due", delay
        )
