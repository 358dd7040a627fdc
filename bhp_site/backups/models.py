from typing import ClassVar

from django.db import models


class BackupRecord(models.Model):
    """The time of the last backup, or of the last drill that was verified."""

    class Kind(models.TextChoices):
        BACKUP = "backup"
        DRILL = "drill"

    kind = models.CharField(max_length=10, choices=Kind.choices, unique=True)
    # The state of the site that the backup contains; for a drill, that of the backup restored.
    data_from = models.DateTimeField()
    finished_at = models.DateTimeField()

    wagtail_reference_index_ignore: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"{self.kind} of {self.data_from:%Y-%m-%d %H:%M}"


class MailHold(models.Model):
    """A row while a restored site must not send e-mail."""

    since = models.DateTimeField()

    wagtail_reference_index_ignore: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"No e-mail since {self.since:%Y-%m-%d %H:%M}"
