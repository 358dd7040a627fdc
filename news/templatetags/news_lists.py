"""What lists of news, reports and quotes need on pages of apps below `news`."""

from collections.abc import Iterable
from typing import Any

from django import template

from news.list_images import attach_images
from news.mentions import find_news_about
from news.more_news import find_more_news
from news.quote_pages import attach_announcements
from reports.models import ReportPage

register = template.Library()

register.simple_tag(find_news_about, name="get_news_about")
register.simple_tag(find_more_news, name="get_more_news")
register.filter("with_announcements", attach_announcements)


@register.filter
def with_images(pages: Iterable[Any]) -> list[Any]:
    """Return `pages`, all news or all reports, each with the `list_image` beside it.

    Their query needs `with_covers` if they are news, `with_downloads` if they are reports.
    """
    pages = list(pages)
    if not all(isinstance(page, ReportPage) for page in pages):
        return attach_images(pages)
    for page in pages:
        page.list_image = page.cover_picture
    return pages
