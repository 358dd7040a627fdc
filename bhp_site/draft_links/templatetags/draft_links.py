from django import template
from django.conf import settings

from bhp_site.core.text.dates import format_uk_time

register = template.Library()

uk_time = register.filter("uk_time", format_uk_time)


@register.simple_tag
def draft_links_kept_days() -> int:
    """Return after how many days an ended link is deleted with its comments."""
    days: int = settings.DRAFT_LINKS_KEPT_DAYS
    return days
