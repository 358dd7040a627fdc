"""A queue that no worker takes up is noticed; a long queue is no failure."""

from datetime import timedelta

from django.utils import timezone

from bhp_site.tasks.models import QueuedTask
from bhp_site.tasks.monitoring import MAX_WAIT, QueueCollector, is_queue_moving

from ..running_tasks import run_tasks
from .sample_tasks import fail_for_good, record


def test_a_queue_without_a_worker_is_noticed(db: None) -> None:
    record.enqueue("one")
    assert is_queue_moving()
    QueuedTask.objects.update(run_after=timezone.now() - 2 * MAX_WAIT)
    assert not is_queue_moving()


def test_a_long_queue_that_moves_is_no_failure(db: None) -> None:
    record.enqueue("one")
    run_tasks()
    record.enqueue("two")
    QueuedTask.objects.update(run_after=timezone.now() - 2 * MAX_WAIT)
    assert is_queue_moving()


def test_tasks_are_counted_by_status_with_their_delay(db: None) -> None:
    fail_for_good.enqueue()
    run_tasks()
    record.enqueue("one")
    QueuedTask.objects.filter(status="READY").update(
        run_after=timezone.now() - timedelta(minutes=5)
    )
    tasks, delay = QueueCollector().collect()
    counts = {sample.labels["status"]: sample.value for sample in tasks.samples}
    assert counts == {"ready": 1, "running": 0, "failed": 1, "successful": 0}
    assert 300 <= delay.samples[0].value < 330
