"""Template tags for reviews."""

from typing import Any

from django import template

from bhp_site.core.text.dates import format_uk_time
from bhp_site.moderation.actions import get_approval_label

register = template.Library()
register.simple_tag(get_approval_label)


@register.simple_tag
def publication_sentence(instance: Any) -> str:
    """Return a sentence that says where, or from when, an approved page or snippet is public."""
    # Read again: it was published since the review knew it.
    instance = type(instance)._default_manager.get(pk=instance.pk)
    scheduled = instance.revisions.filter(approved_go_live_at__isnull=False).first()
    if scheduled:
        return f"It goes live on {format_uk_time(scheduled.approved_go_live_at)}."
    if not instance.live:
        return "It is not public yet."
    url = getattr(instance, "full_url", None)
    return f"It is public now: {url}" if url else "It is public now."
