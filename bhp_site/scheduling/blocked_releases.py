"""Record scheduled releases that did not go out, and notify the people responsible."""

import datetime
import logging
from collections.abc import Iterable
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from wagtail.models import Revision
from wagtail.permissions import policy_registry

from bhp_site.core.admin.links import get_edit_url
from bhp_site.core.mail import send_email
from bhp_site.core.publishing.scheduled import get_scheduling_user
from bhp_site.core.text.dates import format_uk_time

from .models import BlockedRelease

logger = logging.getLogger(__name__)

# Between two attempts to send the same notice.
RETRY_DELAY = datetime.timedelta(minutes=5)


def record_blocked_release(revision: Revision, reason: str, **kwargs: Any) -> None:
    """Store the reason for the dashboard, and send e-mails.

    The scheduler tries every few seconds; people get one e-mail for each reason.

    Receiver of `release_blocked`.
    """
    with transaction.atomic():
        blocked, is_new = BlockedRelease.objects.select_for_update().get_or_create(
            revision=revision, defaults={"reason": reason}
        )
        if is_new or blocked.reason != reason:
            logger.warning("Not published at its time (%s): %s", revision.pk, reason)
        if blocked.reason != reason:
            blocked.reason, blocked.tried_at, blocked.notified_at = reason, None, None
            blocked.save()
    if _claim(blocked) and _send_notices(blocked):
        BlockedRelease.objects.filter(pk=blocked.pk).update(notified_at=timezone.now())


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


def _claim(blocked: BlockedRelease) -> bool:
    """Return True if this process is to send the e-mails now."""
    now = timezone.now()
    free = Q(tried_at=None) | Q(tried_at__lt=now - RETRY_DELAY)
    rows = BlockedRelease.objects.filter(free, pk=blocked.pk, notified_at=None)
    return bool(rows.update(tried_at=now))


def get_recipients(instance: Any) -> list[Any]:
    """Return the active users to notify about `instance`: its scheduler, and its publishers."""
    policy = policy_registry.get(instance)
    people = [get_scheduling_user(instance)]
    people += policy.users_with_permission_for_instance("publish", instance)
    active = {user.pk: user for user in people if user and user.is_active and user.email}
    return list(active.values())


def _send_notices(blocked: BlockedRelease) -> bool:
    """Send an e-mail to each person; return True if one was sent, or nobody has an address."""
    revision = blocked.revision
    instance = revision.content_object
    recipients = get_recipients(instance)
    subject = f"Not published: {revision.object_str}"
    context = {
        "title": revision.object_str,
        "time": format_uk_time(revision.approved_go_live_at),
        "reason": blocked.reason,
        "edit_url": f"{settings.WAGTAILADMIN_BASE_URL}{get_edit_url(instance)}",
    }
    text = render_to_string("scheduling/blocked_release.txt", context)
    return _send_each(subject, text, recipients) or not recipients


def _send_each(subject: str, text: str, recipients: list[Any]) -> bool:
    """Send the text to each person in an e-mail of their own; return True if one was sent.

    One connection serves all: while mail is down the scheduler waits for one timeout only.
    """
    sent = 0
    connection = get_connection()
    try:
        connection.open()
        for user in recipients:
            try:
                send_email(subject, text, user.email, connection=connection)
                sent += 1
            except SMTPRecipientsRefused:
                logger.exception("A notice of a blocked release was refused for one person")
    except Exception:
        logger.exception("A notice of a blocked release could not be sent")
    finally:
        connection.close()
    return sent > 0
