"""Pending schedules: what goes live when, and who is responsible for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wagtail.log_actions import log
from wagtail.models import Page, Revision
from wagtail.permissions import policy_registry
from wagtail.utils.timestamps import ensure_utc

from bhp_site.core.admin.links import get_edit_url
from bhp_site.core.publishing.publication import (
    Publication,
    PublishingRefused,
    check_publication,
    collect_notes,
)
from bhp_site.core.publishing.scheduled import get_scheduling_user
from bhp_site.core.text.dates import format_uk_time


@dataclass(frozen=True)
class PendingSchedule:
    """A scheduled revision, and the user who scheduled it."""

    revision: Revision
    object: Any
    user: Any

    @property
    def title(self) -> str:
        """Return the title of the scheduled revision."""
        return self.revision.object_str

    @property
    def time(self) -> str:
        """Return the time of going live as text, such as “3 June 2030 at 13:00 UK time”."""
        return format_uk_time(self.revision.approved_go_live_at)

    @property
    def edit_url(self) -> str:
        """Return the path of its form in the admin; "" if it has none."""
        return get_edit_url(self.object)

    @property
    def field_name(self) -> str:
        """Return the name of the form field for the decision about this schedule."""
        return f"schedule-{self.revision.pk}"

    def may_be_decided_by(self, user: Any) -> bool:
        """Return True if `user` may publish the scheduled object."""
        return may_publish(user, self.object)

    def get_blocking_reason(self) -> str:
        """Return a sentence that says why it cannot be published as it is now; "" if it can."""
        draft = self.revision.as_object()
        go_live_at = self.revision.approved_go_live_at
        publication = Publication(go_live_at=go_live_at, by_scheduler=True)
        with collect_notes():
            try:
                check_publication(draft, publication)
            except PublishingRefused as refusal:
                return str(refusal)
        return ""

    def confirm(self, user: Any) -> None:
        """Make `user` responsible for it; raise PublishingRefused if they may not publish it."""
        go_live_at = self.revision.approved_go_live_at
        draft = self.revision.as_object()
        publication = Publication(user=user, go_live_at=go_live_at)
        check_publication(draft, publication)
        details = {
            "id": self.revision.pk,
            "created": ensure_utc(self.revision.created_at),
            "go_live_at": ensure_utc(go_live_at),
            "has_live_version": self.object.live,
        }
        log(
            self.object,
            "wagtail.publish.schedule",
            user=user,
            data={"revision": details},
            revision=self.revision,
        )

    def cancel(self, user: Any) -> None:
        """Cancel the schedule, but keep the draft."""
        self.revision.approved_go_live_at = None
        self.revision.save(user=user, update_fields=["approved_go_live_at"])


def may_publish(user: Any, instance: Any) -> bool:
    """Return True if `user` is active and may publish `instance`."""
    if user is None or not user.is_active:
        return False
    if isinstance(instance, Page):
        return bool(instance.permissions_for_user(user).can_publish())
    policy = policy_registry.get(instance)
    return bool(policy.user_has_permission_for_instance(user, "publish", instance))


def get_pending_schedules() -> list[PendingSchedule]:
    """Return all pending schedules, the next first."""
    revisions = Revision.objects.filter(approved_go_live_at__isnull=False)
    schedules = []
    for revision in revisions.order_by("approved_go_live_at", "pk"):
        instance = revision.content_object
        if instance is not None:
            schedules.append(PendingSchedule(revision, instance, get_scheduling_user(instance)))
    return schedules


def get_schedules_by(users: Iterable[Any]) -> list[PendingSchedule]:
    """Return the pending schedules that `users` have made."""
    keys = {user.pk for user in users}
    schedules = get_pending_schedules()
    return [row for row in schedules if row.user and row.user.pk in keys]
