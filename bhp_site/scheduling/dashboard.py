"""The dashboard's panel about scheduled releases."""

from typing import Any

from laces.components import Component

from .models import BlockedRelease
from .pending import PendingSchedule, get_pending_schedules, may_publish


class ScheduledReleasesPanel(Component):
    """Releases that did not go out, and schedules whose author has left; hidden without any."""

    template_name = "scheduling/scheduled_releases_panel.html"
    order = 5

    def __init__(self, user: Any) -> None:
        reasons = dict(BlockedRelease.objects.pending().values_list("revision_id", "reason"))
        schedules = [row for row in get_pending_schedules() if self._concerns(row, user)]
        self.blocked = [
            (row, reasons[row.revision.pk]) for row in schedules if row.revision.pk in reasons
        ]
        self.pending = [row for row in schedules if row.revision.pk not in reasons]

    @staticmethod
    def _concerns(schedule: PendingSchedule, user: Any) -> bool:
        scheduled_it = schedule.user is not None and schedule.user.pk == user.pk
        return scheduled_it or may_publish(user, schedule.object)

    @property
    def is_needed(self) -> bool:
        """Return True if the panel has any content."""
        return bool(self.blocked or self.pending)

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the schedules for the panel's template."""
        return {"blocked": self.blocked, "pending": self.pending}
