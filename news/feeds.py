import datetime
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse_lazy

from bhp_site.core.feeds import LENGTH, PageFeed
from partners.models import PartnerPage

from .models import NewsPage


class NewsFeed(PageFeed):
    title = "News from Birmingham Health Partners"
    link = "/news/"
    feed_url: Any = reverse_lazy("news-feed")

    def pages(self) -> Iterable[NewsPage]:
        news = self.chosen().newest_first().with_offers()[:LENGTH]
        for item in news:
            item.shown_report = item.report
        return news

    def chosen(self) -> Any:
        return NewsPage.objects.visible()

    def day(self, item: NewsPage) -> datetime.date:
        return item.date


class PartnerFeed(NewsFeed):
    """News about one partner."""

    def get_object(self, request: HttpRequest, slug: str) -> PartnerPage:
        self.partner = PartnerPage.objects.visible().filter(slug=slug).first()
        if self.partner is None:
            raise Http404("There is no such partner.")
        self.title = f"News about {self.partner.title}"
        self.link = self.partner.get_url()
        self.feed_url = request.path
        return self.partner

    def chosen(self) -> Any:
        return super().chosen().filter(partners=self.partner)
