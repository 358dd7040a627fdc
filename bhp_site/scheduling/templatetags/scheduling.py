"""Template tags for the publishing panel."""

from typing import Any

from django import template
from wagtail.models import Page

from bhp_site.scheduling.pending import may_publish

register = template.Library()


@register.simple_tag
def can_schedule_now(panel: Any) -> bool:
    """Return True if the reader of a page's publishing panel may make its schedule effective.

    In a review it takes effect with the approval. The forms of snippets do not know the button.
    """
    instance, user = panel.instance, panel.request.user
    if not isinstance(instance, Page) or instance.workflow_in_progress:
        return False
    if instance.pk is None:
        parent = panel.form.parent_page
        return bool(parent.permissions_for_user(user).can_publish_subpage())
    return may_publish(user, instance)
