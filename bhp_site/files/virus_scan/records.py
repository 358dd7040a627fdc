"""The results of scans, by the content of files."""

from django.db import models
from django.utils import timezone


class FileScan(models.Model):
    """The scan of the content of a document or an image; there is one for equal files.

    Files that were uploaded while scanning was off have none until a job has scanned them.
    """

    class State(models.TextChoices):
        """The state of a scan."""

        WAITING = "waiting", "Waiting for the virus scanner"
        CLEAN = "clean", "No virus found"
        INFECTED = "infected", "A virus was found"

    wagtail_reference_index_ignore = True

    # The SHA-256 of a document version; the hash of an image, in Wagtail's form.
    content_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    virus = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    scanned_at = models.DateTimeField(null=True)
    # When the people who uploaded the file were told that it waits.
    delay_notified_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "created_at"], name="scans_by_state")]

    def __str__(self) -> str:
        return f"{self.content_hash}: {self.get_state_display()}"
