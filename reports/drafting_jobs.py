"""Jobs that draft a report's edition from its PDF, with their progress and result."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from bhp_site.files.versions.models import DocumentVersion

MAX_MESSAGE_LENGTH = 500


class DraftingJob(models.Model):
    """One request to draft the chapters of a report, with its progress and result."""

    # It shows in no page.
    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting to start"
        RUNNING = "running", "Drafting"
        DONE = "done", "Finished"
        FAILED = "failed", "Failed"

    ACTIVE = (State.WAITING, State.RUNNING)

    report = models.ForeignKey(
        "reports.ReportPage", on_delete=models.CASCADE, related_name="drafting_jobs"
    )
    version = models.ForeignKey(DocumentVersion, on_delete=models.CASCADE, related_name="+")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(default=timezone.now)
    # When it last reported how far it has come.
    reported_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    images = models.PositiveIntegerField(default=0)
    images_saved = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=MAX_MESSAGE_LENGTH, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(state__in=("waiting", "running")),
                name="one_active_drafting_job_per_report",
            )
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.get_state_display()}"

    @property
    def is_active(self) -> bool:
        """Return True if the job waits or runs."""
        return self.state in self.ACTIVE

    @property
    def progress(self) -> str:
        """Return a sentence for the editor about the progress of the job."""
        if self.state == self.State.WAITING:
            return "Waiting to start. This can take a few seconds."
        if self.is_active and not self.images:
            return "Reading the PDF. This takes up to a minute."
        if self.is_active:
            return f"Saving images: {self.images_saved} of {self.images}."
        return self.message

    def report_images(self, saved: int, total: int) -> None:
        """Store how many of the `total` images have been saved."""
        self.images, self.images_saved = total, saved
        DraftingJob.objects.filter(pk=self.pk, state=self.State.RUNNING).update(
            images=total, images_saved=saved, reported_at=timezone.now()
        )

    def finish(self, state: "DraftingJob.State", message: str) -> None:
        """Store the final state and message, unless the job has been marked as failed meanwhile."""
        self.state, self.message = state, message[:MAX_MESSAGE_LENGTH]
        self.finished_at = timezone.now()
        DraftingJob.objects.filter(pk=self.pk, state__in=self.ACTIVE).update(
            state=state, message=self.message, finished_at=self.finished_at
        )
