"""The signals, rules and notes that every way of publishing shares."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models.signals import post_save
from django.dispatch import Signal
from django.utils.functional import SimpleLazyObject
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, Revision
from wagtail.signals import page_published, published

from ..references import iter_references

logger = logging.getLogger(__name__)

# Sent as a page is published or scheduled, in the transaction that does it. Arguments: `instance`,
# the page as it would be, `publication`, and `references`, a set of what the page refers to.
# Receivers raise PublishingRefused. Sent by `check_publication`.
publishing = Signal()


@dataclass(frozen=True)
class Publication:
    """The user who publishes, and the time of going live."""

    # None if the scheduler or code without a user publishes: no permissions are checked.
    user: Any = None
    # The time it is scheduled for; None where it is published now.
    go_live_at: datetime | None = None
    by_scheduler: bool = False
    # The revision that is published; None if the page's latest one is.
    revision: Revision | None = None


class PublishingRefused(Exception):
    """A page cannot be published as it is; the message tells the editor why, in a sentence.

    `ways` are (URL, link text) of places in the admin where it can be corrected.
    """

    def __init__(self, reason: str, ways: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(reason)
        self.ways = list(ways)


by_scheduler: ContextVar[bool] = ContextVar("by_scheduler", default=False)
_notes: ContextVar[list[str] | None] = ContextVar("notes", default=None)


@contextmanager
def collect_notes() -> Iterator[list[str]]:
    """Yield a list that collects the texts passed to `add_note` within the block."""
    notes: list[str] = []
    token = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(token)


def add_note(text: str) -> None:
    """Add `text` to the list of `collect_notes`; log it outside such a block."""
    notes = _notes.get()
    if notes is None:
        logger.info("%s", text)
    elif text not in notes:
        notes.append(text)


def connect() -> None:
    """Connect the receivers for publishing and scheduling; called when the app is ready."""
    page_published.connect(_on_page_published)
    published.connect(_on_snippet_published)
    post_save.connect(_on_revision_scheduled, sender=Revision)


def current_publication(
    go_live_at: datetime | None = None, revision: Revision | None = None
) -> Publication:
    """Return the publication of the current context: by the scheduler, or by the logged user.

    `go_live_at` is the time for which a user schedules it; None if it is published now.
    """
    if by_scheduler.get():
        return Publication(by_scheduler=True, revision=revision)
    user = get_active_log_context().user
    return Publication(user=user, go_live_at=go_live_at, revision=revision)


def _on_page_published(instance: Page, revision: Revision | None = None, **kwargs: Any) -> None:
    if instance.live:
        check_publication(instance, current_publication(revision=revision))


def _on_snippet_published(instance: Any, revision: Revision | None = None, **kwargs: Any) -> None:
    if not isinstance(instance, Page) and instance.live:
        check_publication(instance, current_publication(revision=revision))


def _on_revision_scheduled(
    instance: Revision, update_fields: Iterable[str] | None, **kwargs: Any
) -> None:
    # Wagtail saves only this field, and sends no other signal, if a live page is scheduled.
    if instance.approved_go_live_at and update_fields == {"approved_go_live_at"}:
        publication = current_publication(instance.approved_go_live_at, instance)
        check_publication(instance.as_object(), publication)


def check_publication(instance: Any, publication: Publication) -> None:
    """Send `publishing` for a page or snippet; raise PublishingRefused if a receiver refuses it."""
    # Several receivers need them, and each would read all inline rows.
    references = SimpleLazyObject(lambda: frozenset(iter_references(instance)))
    publishing.send(
        type(instance), instance=instance, publication=publication, references=references
    )
