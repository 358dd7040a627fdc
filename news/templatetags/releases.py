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
        "announcements": [announcement for announcement in announcements if announcement.live],
        "scheduled": [
            announcement
            for announcement in announcements
            if not announcement.live and announcement.approved_schedule
        ],
    }
