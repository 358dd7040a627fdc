"""Times of the last backup and the last drill, for the go-live checklist and monitoring."""

import datetime

from django.utils import timezone

from .models import BackupRecord


def record_backup(data_from: datetime.datetime) -> None:
    """Record that a backup of the site as it was at `data_from` is complete."""
    _record(BackupRecord.Kind.BACKUP, data_from)


def record_drill(data_from: datetime.datetime) -> None:
    """Record that a backup of `data_from` was restored elsewhere and verified."""
    _record(BackupRecord.Kind.DRILL, data_from)


def get_last_backup_time() -> datetime.datetime | None:
    """Return of what time the last complete backup is; None if there is none."""
    return (
        BackupRecord.objects.filter(kind=BackupRecord.Kind.BACKUP)
        .values_list("data_from", flat=True)
        .first()
    )


def get_last_drill_time() -> datetime.datetime | None:
    """Return when a backup was last restored and verified without a problem; None if never."""
    return (
        BackupRecord.objects.filter(kind=BackupRecord.Kind.DRILL)
        .values_list("finished_at", flat=True)
        .first()
    )


def _record(kind: BackupRecord.Kind, data_from: datetime.datetime) -> None:
    BackupRecord.objects.update_or_create(
        kind=kind, defaults={"data_from": data_from, "finished_at": timezone.now()}
    )
