from django import template
from django.conf import settings
from wagtail.models import Page

from bhp_site.core.text.dates import format_uk_time
from news.release_models import get_release

register = template.Library()

uk_time = register.filter("uk_time", format_uk_time)


@register.filter
def end_of_embargo(page: Page) -> str:
    """Return until when `page` is under embargo, in words; "" if it is not."""
    release = get_release(page)
    return release.end_of_embargo if release else ""


@register.simple_tag
def draft_links_kept_days() -> int:
    """Return after how many days an ended link is deleted with its comments."""
    days: int = settings.DRAFT_LINKS_KEPT_DAYS
    return days
