import datetime
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse_lazy
from wagtail.contrib.redirects.models import Redirect

from bhp_site.core.feeds import LENGTH, PageFeed
from bhp_site.themes.models import ThemePage
from partners.models import PartnerPage

from .models import NewsPage


class NewsFeed(PageFeed):
    title = "News from Birmingham Health Partners"
    link = "/news/"
    feed_url: Any = reverse_lazy("news-feed")
    section = "news"

    def pages(self) -> Iterable[NewsPage]:
        news = self.chosen().newest_first().with_offers()[:LENGTH]
        for item in news:
            item.shown_report = item.report
        return news

    def chosen(self) -> Any:
        return NewsPage.objects.visible()

    def get_date(self, item: NewsPage) -> tuple[datetime.date, str]:
        return item.date, item.date_precision


class TaggedFeed(NewsFeed):
    """News about one page: a subclass says of which `model`, and how news refers to it."""

    model: Any
    field = ""

    def get_object(self, request: HttpRequest, slug: str) -> Any:
        folder, _, name = request.path.rpartition("/")
        pages = self.model.objects.visible()
        self.about = pages.filter(slug=slug).first() or self.formerly(pages, slug, folder)
        if self.about is None:
            raise Http404("There is no such page.")
        self.title = f"News about {self.about.title}"
        self.link = self.about.get_url()
        self.feed_url = f"{self.link}{name}"
        return self.about

    def feed_guid(self) -> str:
        return f"{self.get_page_id(self.about)}:news"

    def formerly(self, pages: Any, slug: str, address: str) -> Any:
        """The page that was at `address` before: who follows its feed need not notice."""
        old = Redirect.objects.filter(old_path=Redirect.normalise_path(address)).first()
        return pages.filter(pk=old.redirect_page_id).first() if old else None

    def chosen(self) -> Any:
        return super().chosen().filter(**{self.field: self.about})


class PartnerFeed(TaggedFeed):
    model, field = PartnerPage, "partners"


class ThemeFeed(TaggedFeed):
    model, field = ThemePage, "themes"

    def formerly(self, pages: Any, slug: str, address: str) -> Any:
        named = pages.filter(former_names__slug=slug).first()
        return named or super().formerly(pages, slug, address)
