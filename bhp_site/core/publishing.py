"""What all ways of publishing share."""

import logging

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Revision

logger = logging.getLogger(__name__)


class PublishingRefused(Exception):
    """A page cannot be published as it is; the message tells the editor why, in a sentence."""


def publish_due() -> int:
    """Publish and unpublish what is due by now, each in a transaction; how many were.

    Any number of processes may call this at once: each row is locked, and looked at again under
    the lock, so a page is published once. What fails stays due and is tried again.
    """
    now = timezone.now()
    due = Revision.objects.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at")
    expired = Page.objects.filter(live=True, expire_at__lte=now).order_by("expire_at")
    done = sum(_once(_publish, pk) for pk in due.values_list("pk", flat=True))
    return done + sum(_once(_expire, pk) for pk in expired.values_list("pk", flat=True))


def _once(act: object, pk: int) -> int:
    try:
        with transaction.atomic():
            return int(act(pk))  # type: ignore[operator]
    except Exception:
        logger.exception("Scheduled change failed (%s %s)", getattr(act, "__name__", ""), pk)
        return 0


def _publish(pk: int) -> bool:
    due = Revision.objects.select_for_update(skip_locked=True).filter(
        pk=pk, approved_go_live_at__lte=timezone.now()
    )
    revision = due.first()
    if revision:
        revision.publish(log_action="wagtail.publish.scheduled")
    return revision is not None


def _expire(pk: int) -> bool:
    due = Page.objects.select_for_update(skip_locked=True).filter(
        pk=pk, live=True, expire_at__lte=timezone.now()
    )
    page = due.first()
    if page:
        page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return page is not None
