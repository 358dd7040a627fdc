"""Signals that public content has changed, and the receivers that send them."""

import logging
from typing import Any

from django.db import models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import Signal
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, Page, PageViewRestriction, ReferenceIndex, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

# Fields of a live page that concern its drafts, locks and schedules only: visitors see none.
DRAFT_FIELDS = {
    *("draft_title", "expired", "go_live_at", "has_unpublished_changes", "latest_revision"),
    *("latest_revision_created_at", "locked", "locked_at", "locked_by", "wagtail_admin_comments"),
}

logger = logging.getLogger(__name__)

# Sent after the commit. Arguments: `sender`, a model; `instance`; `action`, a word for the log.
content_changed = Signal()
# Sent within the transaction, with the same arguments, for what must be written with the change.
content_changing = Signal()


def send_content_changed(instance: models.Model, action: str) -> None:
    """Send `content_changing` now and `content_changed` after the commit.

    `action` is a word for the log, such as "publish". Outside a transaction both are sent at once.
    """
    content_changing.send(type(instance), instance=instance, action=action)
    _send_after_commit(instance, action)


def _send_after_commit(instance: models.Model, action: str) -> None:
    """Send `content_changed` after the commit, or at once outside a transaction."""

    def send() -> None:
        logger.info("%s %s %s", action, instance._meta.label, instance.pk)
        responses = content_changed.send_robust(type(instance), instance=instance, action=action)
        for receiver, error in responses:
            if isinstance(error, Exception):
                logger.error("%r failed on %s", receiver, action, exc_info=error)

    transaction.on_commit(send)


def update_reference_index(instance: models.Model) -> None:
    """Write the references of `instance` to Wagtail's index within the current transaction.

    Wagtail does so in a task, from rows as they were before inline rows were written. A document
    must become public, or private, in the same moment as its page.
    """
    if ReferenceIndex.is_indexed(type(instance)):
        ReferenceIndex.create_or_update_for_object(instance)


def invalidate_on_save(model: type[models.Model]) -> None:
    """Connect receivers that send the signals when a row of `model` is saved or deleted."""
    post_save.connect(_on_save, sender=model, dispatch_uid=f"changed:{model.__name__}")
    post_delete.connect(_on_delete, sender=model, dispatch_uid=f"changed:{model.__name__}")


def invalidate_on_selection(field: Any) -> None:
    """Connect a receiver that sends the signals when a many-to-many `field` changes.

    Its rows are saved after the row to which the field belongs.
    """
    m2m_changed.connect(_on_selection, sender=field.through)


def connect() -> None:
    """Connect the receivers of Wagtail's signals; called when the app is ready."""
    page_published.connect(_on_page_published)
    page_unpublished.connect(_on_page_unpublished)
    post_page_move.connect(_on_page_moved)
    page_slug_changed.connect(_on_page_moved)
    post_save.connect(_on_live_page_saved)
    post_delete.connect(_on_page_deleted, sender=Page)
    for model in (PageViewRestriction, Site, Collection, Redirect):
        invalidate_on_save(model)


def _on_page_published(instance: Page, **kwargs: Any) -> None:
    # Wagtail has just saved the page, which has updated all indexes.
    if instance.live:
        _send_after_commit(instance, "publish")


def _on_live_page_saved(instance: models.Model, update_fields: Any = None, **kwargs: Any) -> None:
    """Handle a live page that is saved without a revision, as scripts do."""
    is_public = update_fields is None or not DRAFT_FIELDS.issuperset(update_fields)
    if isinstance(instance, Page) and instance.live and is_public:
        if update_fields is None and getattr(instance, "sends_content_changing", False):
            _send_after_commit(instance, "publish")
        else:
            send_content_changed(instance, "publish")


def _on_page_unpublished(instance: Page, **kwargs: Any) -> None:
    send_content_changed(instance, "unpublish")


def _on_page_moved(instance: Page, **kwargs: Any) -> None:
    send_content_changed(instance, "move")


def _on_page_deleted(instance: Page, **kwargs: Any) -> None:
    send_content_changed(instance, "delete")


def _on_save(instance: models.Model, update_fields: Any = None, **kwargs: Any) -> None:
    if update_fields is None or not DRAFT_FIELDS.issuperset(update_fields):
        send_content_changed(instance, "save")


def _on_delete(instance: models.Model, **kwargs: Any) -> None:
    send_content_changed(instance, "delete")


def _on_selection(instance: models.Model, action: str, **kwargs: Any) -> None:
    if action.startswith("post_"):
        send_content_changed(instance, "save")
