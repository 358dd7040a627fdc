"""What people do with a release as a whole: publish, schedule, change its embargo and its parts.

Each function runs in the transaction of its caller and raises PublishingRefused.
"""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from bhp_site.core.publishing.publication import PublishingRefused
from bhp_site.core.text.dates import format_public_time
from news.embargo import embargo_changed
from news.models import NewsPage, Release

NO_REASON = "Enter the reason. It is recorded in the history of the announcement."


@transaction.atomic
def publish(release: Release, user: Any) -> None:
    """Publish `release` completely, or raise PublishingRefused and publish nothing."""
    _publish_at(release, None, user)


@transaction.atomic
def schedule(release: Release, go_live_at: datetime.datetime, user: Any) -> None:
    """Schedule `release`; its checks are made now and again at its time.

    Raises PublishingRefused if that time is past or a check fails.
    """
    if go_live_at <= timezone.now():
        raise PublishingRefused("Choose a time in the future, or publish the release now.")
    _publish_at(release, go_live_at, user)


def _publish_at(release: Release, go_live_at: datetime.datetime | None, user: Any) -> None:
    cancel_schedule(release, user)
    announcement = NewsPage.objects.get(pk=release.announcement_id)
    revision = announcement.get_latest_revision() or announcement.save_revision(user=user)
    # Set in place: a new revision would name the publisher as the author of the last change.
    revision.content["go_live_at"] = go_live_at and go_live_at.isoformat()
    revision.save(update_fields=["content"])
    announcement.publish(revision, user=user)


def cancel_schedule(release: Release, user: Any) -> bool:
    """Cancel the schedule of `release`, but keep its drafts; return True if it had one."""
    revision = get_scheduled_revision(release)
    if revision is None:
        return False
    revision.approved_go_live_at = None
    revision.save(user=user, update_fields=["approved_go_live_at"])
    return True


def get_scheduled_revision(release: Release) -> Revision | None:
    """Return the scheduled revision of the announcement; None without a schedule."""
    revisions = Revision.page_revisions.filter(object_id=str(release.announcement_id))
    revision: Revision | None = revisions.filter(approved_go_live_at__isnull=False).first()
    return revision


@transaction.atomic
def change_embargo(
    release: Release, until: datetime.datetime | None, user: Any, reason: str = ""
) -> None:
    """Set, move or remove the embargo; a schedule that followed it, or is too early, moves too.

    To shorten an embargo needs a publisher and a reason. Raises PublishingRefused.
    """
    if release.announcement.live or release.published_at:
        raise PublishingRefused("The announcement is public, so it cannot have an embargo.")
    if until and until <= timezone.now():
        raise PublishingRefused("Choose a time in the future, or lift the embargo.")
    before = release.embargo_until if release.is_under_embargo else None
    if before == until:
        return
    if before and (until is None or until < before):
        _require_reason(release, user, reason)
    release.embargo_until = until
    release.save(update_fields=["embargo_until"])
    _log(release, "release.embargo", user, reason, before=before, until=until)
    scheduled = get_scheduled_revision(release)
    if until and scheduled and _must_move(scheduled, before, until):
        if not may_publish(release, user):
            raise PublishingRefused(
                "The release is scheduled, and its schedule would have to move too. Ask somebody "
                "who may publish it."
            )
        schedule(release, until, user)
    embargo_changed.send(Release, release=release, before=before, is_lifted=False)


def _must_move(
    scheduled: Revision, before: datetime.datetime | None, until: datetime.datetime
) -> bool:
    """Return True if a schedule follows the embargo, or would be before its new end `until`."""
    go_live_at = scheduled.approved_go_live_at
    return bool(go_live_at == before or go_live_at < until)


@transaction.atomic
def lift_embargo(release: Release, user: Any, reason: str) -> None:
    """End the embargo and publish the release now, both or neither; `reason` is logged.

    Raises PublishingRefused without an embargo or a reason, and if a check fails.
    """
    before = release.embargo_until if release.is_under_embargo else None
    if before is None:
        raise PublishingRefused("The release is not under embargo. Publish it instead.")
    _require_reason(release, user, reason)
    release.embargo_until = timezone.now()
    release.save(update_fields=["embargo_until"])
    _log(release, "release.lift_embargo", user, reason, before=before)
    publish(release, user)
    embargo_changed.send(Release, release=release, before=before, is_lifted=True)


@transaction.atomic
def add_member(release: Release, member: Any, user: Any) -> None:
    """Let `member`, a page or a person, be published with `release`.

    Raises PublishingRefused if the release has been published.
    """
    if release.published_at:
        raise PublishingRefused("This release has been published, so nothing can be added to it.")
    _get_members(release, member).add(member.pk)
    _log(release, "release.add", user, title=str(member))


@transaction.atomic
def remove_member(release: Release, member: Any, user: Any, reason: str = "") -> None:
    """Take `member` out of `release`; under embargo only with a reason, because it is freed."""
    if release.is_under_embargo:
        _require_reason(release, user, reason)
    _get_members(release, member).remove(member.pk)
    _log(release, "release.remove", user, reason, title=str(member))


def _get_members(release: Release, member: Any) -> Any:
    return release.pages if isinstance(member, Page) else release.people


def may_publish(release: Release, user: Any) -> bool:
    """Return True if `user` may publish the announcement."""
    return bool(release.announcement.permissions_for_user(user).can_publish())


def _require_reason(release: Release, user: Any, reason: str) -> None:
    if not may_publish(release, user):
        raise PublishingRefused(
            "Only people who may publish the announcement can shorten or lift its embargo, or "
            "take pages out of the release before it ends."
        )
    if not reason.strip():
        raise PublishingRefused(NO_REASON)


def _log(release: Release, action: str, user: Any, reason: str = "", **data: Any) -> None:
    """Write what was done into the history of the announcement, with times in words."""
    entries = {
        name: format_public_time(value) if isinstance(value, datetime.datetime) else value
        for name, value in data.items()
    }
    log(release.announcement, action, user=user, data=entries | {"reason": reason.strip()})
