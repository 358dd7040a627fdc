"""Record major updates as pages are published."""

from collections.abc import Iterator
from typing import Any

from django.dispatch import Signal
from wagtail.models import Page, Revision

from bhp_site.core.admin.field_links import get_field_url
from bhp_site.core.page_updates import PageUpdate, UpdateKind, get_note_error

from .checklist import ChecklistEntry
from .publication import Publication, PublishingRefused
from .rules import get_edit_link

# Sent when a major update of a page is published, in the transaction that publishes it. Arguments:
# `instance`, the page, and `update`, its PageUpdate.
major_update_published = Signal()


def check_update(instance: Any, publication: Publication, **kwargs: Any) -> None:
    """Raise PublishingRefused for a major update without a note, or a note of a minor one.

    Receiver of `publishing`.
    """
    if not hasattr(instance, "update_kind"):
        return
    if error := get_note_error(instance.update_kind, instance.update_note):
        raise PublishingRefused(
            f"Look at “This update” of “{instance.title}”. {error}", [get_edit_link(instance)]
        )


def check_note(draft: Any) -> Iterator[ChecklistEntry]:
    """Yield whether a major update says what changed, for the checklist of a page."""
    kind = getattr(draft, "update_kind", UpdateKind.MINOR)
    note = getattr(draft, "update_note", "")
    error = get_note_error(kind, note)
    if kind != UpdateKind.MINOR or error:
        yield ChecklistEntry(
            "Say what changed" if error else "What changed",
            is_required=True,
            is_done=not error,
            url=get_field_url(draft, "update_note"),
            note=error,
        )


def record_update(instance: Page, revision: Revision | None = None, **kwargs: Any) -> None:
    """Record the major update that a published page announces; the next one is minor again.

    Receiver of `page_published`.
    """
    kind = getattr(instance, "update_kind", UpdateKind.MINOR)
    if kind == UpdateKind.MINOR or not instance.live:
        return
    note = instance.update_note.strip()
    update = PageUpdate.objects.create(
        page_id=instance.pk,
        revision=revision,
        published_at=instance.last_published_at,
        is_correction=kind == UpdateKind.CORRECTION,
        note=note,
    )
    _clear_pending_update(instance, revision)
    major_update_published.send(type(instance), instance=instance, update=update)


def _clear_pending_update(page: Any, revision: Revision | None) -> None:
    """Make the next update of `page` minor: in its row, and in drafts that repeat this note."""
    note, nothing = page.update_note, {"update_kind": UpdateKind.MINOR, "update_note": ""}
    type(page).objects.filter(pk=page.pk).update(**nothing)
    page.update_kind, page.update_note = nothing.values()
    drafts = page.revisions.filter(pk__gte=revision.pk) if revision else page.revisions.none()
    for draft in drafts.filter(content__update_note=note):
        draft.content |= nothing
        draft.save(update_fields=["content"])
