"""What all ways of publishing share."""

import logging
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import Signal
from django.utils import timezone
from wagtail.models import Page, Revision
from wagtail.signals import page_published

logger = logging.getLogger(__name__)

# Sent as a page is published or scheduled, in the transaction that does it. Argument: `instance`,
# the page as it would be. Receivers raise PublishingRefused.
publishing = Signal()


class PublishingRefused(Exception):
    """A page cannot be published as it is; the message tells the editor why, in a sentence.

    `ways` lead to where it can be put right: addresses in the admin, each with words for its link.
    """

    def __init__(self, reason: str, ways: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(reason)
        self.ways = list(ways)


def connect() -> None:
    """Listen to whatever publishes and schedules; called when the app is ready."""
    page_published.connect(_published)
    post_save.connect(_scheduled, sender=Revision)


def _published(instance: Page, **kwargs: Any) -> None:
    if instance.live:
        publishing.send(type(instance), instance=instance)


def _scheduled(instance: Revision, update_fields: Iterable[str] | None, **kwargs: Any) -> None:
    # Wagtail saves this alone, and sends no signal of its own where a live page is scheduled.
    if instance.approved_go_live_at and update_fields == {"approved_go_live_at"}:
        page = instance.as_object()
        if isinstance(page, Page):
            publishing.send(type(page), instance=page)


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
    except PublishingRefused as refusal:
        logger.warning("Not published at its time (%s): %s", pk, refusal)
        return 0
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
