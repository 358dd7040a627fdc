from typing import Any

from django import template

from news.models import NewsPage

register = template.Library()


@register.inclusion_tag("admin/announcements_losing_report.html")
def announcements_losing_report(page: Any) -> dict[str, Any]:
    """Return the context with the announcements that offer the downloads of a live report `page`.

    Scheduled announcements are included: they would be published without it.
    """
    announcements = NewsPage.objects.filter(report=page.pk) if page.live else ()
    return {
        "announcements": [one for one in announcements if one.live],
        "scheduled": [one for one in announcements if not one.live and one.approved_schedule],
    }
