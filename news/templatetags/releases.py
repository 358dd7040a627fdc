from typing import Any

from django import template

from news.models import NewsPage

register = template.Library()


@register.inclusion_tag("admin/announcements_losing_report.html")
def announcements_losing_report(page: Any) -> dict[str, Any]:
    """Name the live announcements that offer the downloads of `page`, if it is a live report."""
    announcements = NewsPage.objects.live().filter(report=page.pk) if page.live else ()
    return {"announcements": announcements}
