from typing import Any

from django import template

from news.models import NewsPage

register = template.Library()


@register.inclusion_tag("admin/announcements_losing_report.html")
def announcements_losing_report(page: Any) -> dict[str, Any]:
    """Name the live announcements that offer the downloads of `page`, if it is a live report.

    Scheduled announcements are named too: they would go out without it.
    """
    announcements = NewsPage.objects.filter(report=page.pk) if page.live else ()
    return {
        "announcements": [one for one in announcements if one.live],
        "scheduled": [one for one in announcements if not one.live and one.approved_schedule],
    }
