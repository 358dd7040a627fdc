"""Publish and unpublish what is due, and say who scheduled it and when."""

import logging
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction
from django.dispatch import Signal
from wagtail.log_actions import registry
from wagtail.models import DraftStateMixin, Page, Revision

from bhp_site.core.database_clock import get_certain_time

from .publication import PublishingRefused, by_scheduler
from .unpublishing import expire

logger = logging.getLogger(__name__)

# Sent by the scheduler, after its transaction was rolled back, when a revision cannot be published
# at its time. Arguments: `revision` and `reason`, a sentence.
release_blocked = Signal()
# Sent by the scheduler when a revision was published at its time. Argument: `revision`.
release_published = Signal()

UNEXPECTED_ERROR = (
    "An unexpected error stopped it. The site tries again every few seconds. If it is still not "
    "published, ask your administrator to check the log of the scheduler."
)


def get_scheduling_user(instance: Any) -> Any:
    """Return the user who last scheduled `instance`; None if unknown or deleted."""
    entry = _get_scheduling_entry(instance)
    return entry.user if entry else None


def get_scheduling_time(instance: Any) -> datetime | None:
    """Return when `instance` was last scheduled, or its schedule confirmed; None if unknown."""
    entry = _get_scheduling_entry(instance)
    return entry.timestamp if entry else None


def _get_scheduling_entry(instance: Any) -> Any:
    entries = registry.get_logs_for_instance(instance).filter(action="wagtail.publish.schedule")
    return entries.order_by("-timestamp", "-pk").select_related("user").first()


def publish_due() -> int:
    """Publish and unpublish everything due, each in its own transaction; return the number.

    Several processes may call this at once: each row is locked and read again, so that it is
    published once. Failures stay due and are tried again. Nothing is due before both this machine
    and the database say so: the clock of a machine may be wrong.
    """
    now = get_certain_time()
    due = Revision.objects.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at")
    done = sum(_publish(pk) for pk in due.values_list("pk", flat=True))
    for model in get_publishable_models():
        expired = model._default_manager.filter(live=True, expire_at__lte=now)
        keys = expired.order_by("expire_at").values_list("pk", flat=True)
        done += sum(_expire(model, pk) for pk in keys)
    return done


def get_publishable_models() -> list[Any]:
    """Return the models that can be published and expire: pages, and snippets with drafts."""
    models = (model for model in apps.get_models() if issubclass(model, DraftStateMixin))
    return [Page, *(model for model in models if not issubclass(model, Page))]


def _publish(pk: int) -> int:
    token = by_scheduler.set(True)
    try:
        with transaction.atomic():
            due = Revision.objects.select_for_update(skip_locked=True).filter(
                pk=pk, approved_go_live_at__lte=get_certain_time()
            )
            revision = due.first()
            if revision is None:
                return 0
            revision.publish(log_action="wagtail.publish.scheduled")
            release_published.send(Revision, revision=revision)
            return 1
    except PublishingRefused as refusal:
        # Said every few seconds; the receiver that hears it first writes it to the log.
        logger.debug("Not published at its time (%s): %s", pk, refusal)
        _report_blocked(pk, str(refusal))
    except Exception:
        logger.exception("Scheduled publishing failed (%s)", pk)
        _report_blocked(pk, UNEXPECTED_ERROR)
    finally:
        by_scheduler.reset(token)
    return 0


def _report_blocked(pk: int, reason: str) -> None:
    """Send `release_blocked`; a receiver that fails must not keep other pages waiting."""
    revision = Revision.objects.filter(pk=pk, approved_go_live_at__isnull=False).first()
    if revision is None:
        return
    responses = release_blocked.send_robust(Revision, revision=revision, reason=reason)
    for receiver, error in responses:
        if isinstance(error, Exception):
            logger.error("%r failed on a blocked release", receiver, exc_info=error)


def _expire(model: Any, pk: int) -> int:
    try:
        with transaction.atomic():
            due = model._default_manager.select_for_update(skip_locked=True).filter(
                pk=pk, live=True, expire_at__lte=get_certain_time()
            )
            instance = due.first()
            if instance is None:
                return 0
            expire(instance.specific if isinstance(instance, Page) else instance)
            return 1
    except Exception:
        logger.exception("Scheduled unpublishing failed (%s)", pk)
        return 0
