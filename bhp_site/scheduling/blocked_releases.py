"""Record scheduled releases that did not go out, and notify the people responsible."""

import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from wagtail.models import Revision
from wagtail.permissions import policy_registry

from bhp_site.core.admin.links import get_edit_url
from bhp_site.core.confidential.rules import is_object_hidden
from bhp_site.core.publishing.scheduled import get_scheduling_user
from bhp_site.core.text.dates import format_uk_time
from bhp_site.sign_in.account_emails import queue_email

from .models import BlockedRelease

logger = logging.getLogger(__name__)


def record_blocked_release(revision: Revision, reason: str, **kwargs: Any) -> None:
    """Store the reason for the dashboard, and queue e-mails.

    The scheduler tries every few seconds; people get one e-mail for each reason.

    Receiver of `release_blocked`.
    """
    with transaction.atomic():
        blocked, is_new = BlockedRelease.objects.select_for_update().get_or_create(
            revision=revision, defaults={"reason": reason}
        )
        if is_new or blocked.reason != reason:
            logger.warning("Not published at its time (%s): %s", revision.pk, reason)
            blocked.reason = reason
            _queue_notices(blocked)
            blocked.notified_at = timezone.now()
            blocked.save()


def delete_blocked_release(revision: Revision, **kwargs: Any) -> None:
    """Delete what was recorded about the revision's object.

    Receiver of `release_published`.
    """
    BlockedRelease.objects.filter(
        revision__base_content_type=revision.base_content_type,
        revision__object_id=revision.object_id,
    ).delete()


def get_blocked_revision_keys() -> Iterable[int]:
    """Return the keys of the revisions that the scheduler cannot publish."""
    return BlockedRelease.objects.values_list("revision_id", flat=True)


def get_recipients(instance: Any) -> list[Any]:
    """Return the active users to notify about `instance`: its scheduler, and its publishers.

    Without those from whom it is hidden as a confidential draft.
    """
    policy = policy_registry.get(instance)
    people = [get_scheduling_user(instance)]
    people += policy.users_with_permission_for_instance("publish", instance)
    active = {user.pk: user for user in people if user and user.is_active and user.email}
    return [user for user in active.values() if not is_object_hidden(instance, user)]


def _queue_notices(blocked: BlockedRelease) -> None:
    """Queue an e-mail to each person."""
    revision = blocked.revision
    instance = revision.content_object
    context = {
        "title": revision.object_str,
        "time": format_uk_time(revision.approved_go_live_at),
        "reason": blocked.reason,
        "edit_url": f"{settings.WAGTAILADMIN_BASE_URL}{get_edit_url(instance)}",
    }
    text = render_to_string("scheduling/blocked_release.txt", context)
    for user in get_recipients(instance):
        queue_email(user.email, f"Not published: {revision.object_str}", text)
