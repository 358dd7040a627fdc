"""Scheduled releases that could not go out at their time."""

from django.db import models
from django.utils import timezone
from wagtail.models import Revision


class BlockedReleaseQuerySet(models.QuerySet["BlockedRelease"]):
    """Queries for blocked releases."""

    def pending(self) -> "BlockedReleaseQuerySet":
        """Return the blocked releases that are still scheduled, without cancelled ones."""
        return self.filter(revision__approved_go_live_at__isnull=False)


class BlockedRelease(models.Model):
    """The reason why a revision was not published in time, and when people were notified."""

    # It shows on no page.
    wagtail_reference_index_ignore = True

    revision = models.OneToOneField(Revision, on_delete=models.CASCADE, related_name="+")
    reason = models.TextField()
    since = models.DateTimeField(default=timezone.now)
    # Written by version 2.0.0 only, which may run beside this one during an upgrade.
    tried_at = models.DateTimeField(null=True)
    notified_at = models.DateTimeField(null=True)

    objects = BlockedReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]

    def __str__(self) -> str:
        return f"{self.revision.object_str}: {self.reason}"
