import datetime
from collections.abc import Iterable

from django.urls import reverse_lazy

from bhp_site.core.feeds import LENGTH, PageFeed

from .models import NewsPage


class NewsFeed(PageFeed):
    title = "News from Birmingham Health Partners"
    link = "/news/"
    feed_url = reverse_lazy("news-feed")

    def pages(self) -> Iterable[NewsPage]:
        news = NewsPage.objects.visible().newest_first().with_offers()[:LENGTH]
        for item in news:
            item.shown_report = item.report
        return news

    def day(self, item: NewsPage) -> datetime.date:
        return item.date
