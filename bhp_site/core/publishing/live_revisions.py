"""Keep live content unchanged while a change to it is only scheduled."""

import datetime
from typing import Any

from django.utils import timezone
from wagtail.models import Revision

# How much older than all others the revision of the live version is made.
REVISION_GAP = datetime.timedelta(seconds=1)


def ensure_live_revision(instance: Any, revision: Revision) -> None:
    """Record the live version of `instance` as a revision if `revision` is for later.

    Migrations, commands and choosers create live rows without revisions. Wagtail takes such a row
    for a draft: it would store the scheduled text in it and unpublish it until then. A new row that
    is scheduled itself has no live version: code often creates it before it schedules it.
    """
    # Most revisions are for now, and restoring one takes a tenth of the time of publishing it.
    if not revision.content.get("go_live_at"):
        return
    scheduled = revision.as_object()
    if scheduled.go_live_at is None or scheduled.go_live_at <= timezone.now():
        return
    rows = type(instance)._default_manager.filter(pk=instance.pk)
    live = rows.filter(live=True).first()
    if live is None or (live.live_revision_id and scheduled.live_revision_id):
        return
    if live.live_revision_id is None:
        if live.go_live_at and live.go_live_at > timezone.now():
            return
        live.live_revision = _create_live_revision(live)
        rows.update(live_revision=live.live_revision)
    # Wagtail looks for it in the scheduled text.
    revision.content["live_revision"] = live.live_revision_id
    revision.save(update_fields=["content"])


def _create_live_revision(live: Any) -> Revision:
    earlier = live.revisions.order_by("created_at").values_list("created_at", flat=True).first()
    created: Revision = Revision.objects.create(
        content_object=live,
        base_content_type=live.get_base_content_type(),
        created_at=(earlier or timezone.now()) - REVISION_GAP,
        content=live.serializable_data(),
        object_str=str(live),
    )
    return created
