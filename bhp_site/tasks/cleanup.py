"""Deletes finished tasks after a retention period."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import TaskResultStatus

from .models import QueuedTask

SUCCESSFUL_RETENTION = timedelta(days=1)
FAILED_RETENTION = timedelta(days=30)


def delete_finished_tasks() -> int:
    """Delete tasks that finished long enough ago; return how many there were."""
    now = timezone.now()
    successful = QueuedTask.objects.filter(status=TaskResultStatus.SUCCESSFUL)
    failed = QueuedTask.objects.filter(status=TaskResultStatus.FAILED)
    return (
        successful.filter(finished_at__lt=now - SUCCESSFUL_RETENTION).delete()[0]
        + failed.filter(finished_at__lt=now - FAILED_RETENTION).delete()[0]
    )
