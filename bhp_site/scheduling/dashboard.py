"""The dashboard's group of scheduled releases."""

from typing import Any

from bhp_site.core.admin.dashboard import WaitingGroup

from .models import BlockedRelease
from .pending import PendingSchedule, get_pending_schedules, may_publish


class ScheduledReleasesGroup(WaitingGroup):
    """The group of schedules that concern the user; the first group if a release is blocked."""

    heading = "Scheduled to publish"
    slug = "scheduled"
    template_name = "scheduling/scheduled_releases_group.html"

    def __init__(self, user: Any) -> None:
        reasons = dict(BlockedRelease.objects.pending().values_list("revision_id", "reason"))
        schedules = [row for row in get_pending_schedules() if self._concerns(row, user)]
        self.blocked = [
            (row, reasons[row.revision.pk]) for row in schedules if row.revision.pk in reasons
        ]
        self.pending = [row for row in schedules if row.revision.pk not in reasons]
        self.order = 10 if self.blocked else 60

    @staticmethod
    def _concerns(schedule: PendingSchedule, user: Any) -> bool:
        scheduled_it = schedule.user is not None and schedule.user.pk == user.pk
        return scheduled_it or may_publish(user, schedule.object)

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the schedules for the group's template."""
        return {"blocked": self.blocked, "pending": self.pending}
