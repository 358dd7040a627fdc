"""Turn the one dated note that each page had into an update of its own."""

import datetime
from collections.abc import Callable
from typing import Any

from django.utils import timezone


def move_update_notes(app: str, *models: str) -> Callable[[Any, Any], None]:
    """Return a migration function that records the notes of the page types `models` of `app`."""

    def move(apps: Any, schema_editor: Any) -> None:
        updates = apps.get_model("core", "PageUpdate")
        revisions = apps.get_model("wagtailcore", "Revision")
        for name in models:
            pages = apps.get_model(app, name).objects.all()
            for page in pages.exclude(updated_on=None).iterator():
                noon = datetime.datetime.combine(page.updated_on, datetime.time(12))
                updates.objects.create(
                    page_id=page.pk,
                    published_at=timezone.make_aware(noon),
                    note=page.updated_reason,
                )
            for page in pages.filter(has_unpublished_changes=True).iterator():
                draft = revisions.objects.filter(pk=page.latest_revision_id).first()
                note = draft.content.get("updated_reason") if draft else ""
                if note and note != page.updated_reason:
                    draft.content |= {"update_kind": "major", "update_note": note[:250]}
                    draft.save(update_fields=["content"])

    return move
