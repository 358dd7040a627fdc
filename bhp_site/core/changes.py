"""One signal for “something a visitor can see has changed”, sent once the change is committed."""

import logging
from typing import Any

from django.db import models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import Signal
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, Page, PageViewRestriction, ReferenceIndex, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

# Fields of a live page that tell of its drafts, locks and times alone.
DRAFT = {
    *("draft_title", "expired", "go_live_at", "has_unpublished_changes", "latest_revision"),
    *("latest_revision_created_at", "locked", "locked_at", "locked_by", "wagtail_admin_comments"),
}

logger = logging.getLogger(__name__)

# Arguments: `sender`, the class of what changed; `instance`; `action`, a word for the log.
changed = Signal()
# The same within the transaction that changes something, for what is to be written with it.
changing = Signal()


def announce(instance: models.Model, action: str) -> None:
    """Send `changed` when the transaction now open is committed; at once where there is none."""

    def send() -> None:
        logger.info("%s %s %s", action, instance._meta.label, instance.pk)
        for receiver, error in changed.send_robust(
            type(instance), instance=instance, action=action
        ):
            if isinstance(error, Exception):
                logger.error("%r failed on %s", receiver, action, exc_info=error)

    changing.send(type(instance), instance=instance, action=action)
    transaction.on_commit(send)


def index_references(instance: models.Model) -> None:
    """Write what `instance` refers to within the transaction now open.

    Wagtail does it in a task, from what the database holds before the inline rows are written;
    a file must be public, or private again, the moment its page is.
    """
    if ReferenceIndex.is_indexed(type(instance)):
        ReferenceIndex.create_or_update_for_object(instance)


def _published(instance: Page, **kwargs: Any) -> None:
    if instance.live:
        index_references(instance)
        announce(instance, "publish")


def _saved_page(instance: models.Model, update_fields: Any = None, **kwargs: Any) -> None:
    """A page saved past its drafts, as scripts do: visitors see it at once."""
    seen = update_fields is None or not DRAFT.issuperset(update_fields)
    if isinstance(instance, Page) and instance.live and seen:
        announce(instance, "publish")


def _unpublished(instance: Page, **kwargs: Any) -> None:
    announce(instance, "unpublish")


def _moved(instance: Page, **kwargs: Any) -> None:
    announce(instance, "move")


def _deleted_page(instance: Page, **kwargs: Any) -> None:
    announce(instance, "delete")


def _saved(instance: models.Model, update_fields: Any = None, **kwargs: Any) -> None:
    # A draft, a lock or a schedule changes nothing that visitors see.
    if update_fields is None or not DRAFT.issuperset(update_fields):
        announce(instance, "save")


def _deleted(instance: models.Model, **kwargs: Any) -> None:
    announce(instance, "delete")


def _chosen(instance: models.Model, action: str, **kwargs: Any) -> None:
    if action.startswith("post_"):
        announce(instance, "save")


def watch_choices(field: Any) -> None:
    """Announce what is chosen in a many-to-many `field`, which is saved after its row."""
    m2m_changed.connect(_chosen, sender=field.through)


def watch(model: type[models.Model]) -> None:
    """Announce every saved and deleted row of `model`, which visitors see at once."""
    post_save.connect(_saved, sender=model, dispatch_uid=f"changed:{model.__name__}")
    post_delete.connect(_deleted, sender=model, dispatch_uid=f"changed:{model.__name__}")


def connect() -> None:
    """Listen to Wagtail's signals; called when the app is ready."""
    page_published.connect(_published)
    page_unpublished.connect(_unpublished)
    post_page_move.connect(_moved)
    page_slug_changed.connect(_moved)
    post_save.connect(_saved_page)
    post_delete.connect(_deleted_page, sender=Page)
    for model in (PageViewRestriction, Site, Collection, Redirect):
        watch(model)
