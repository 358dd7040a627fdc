"""Feeds of news; their dates, ids and formats are in `bhp_site.core.feeds`."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse_lazy
from wagtail.contrib.redirects.models import Redirect

from bhp_site.core.feeds import MAX_ITEMS, PageFeed
from bhp_site.themes.models import ThemePage
from partners.models import PartnerPage

from .models import NewsPage


class NewsFeed(PageFeed):
    """The feed of all news."""

    title = "News from Birmingham Health Partners"
    link = "/news/"
    feed_url: Any = reverse_lazy("news-feed")
    section = "news"

    def pages(self) -> Iterable[NewsPage]:
        """Return the newest news with their documents."""
        news = self.get_news().with_updates().newest_first().with_downloads()[:MAX_ITEMS]
        for item in news:
            item.visible_report = item.report
        return news

    def get_news(self) -> Any:
        """Return the news from which the feed takes the newest."""
        return NewsPage.objects.listed()


class TaggedFeed(NewsFeed):
    """News about one page: a subclass says of which `model`, and how news refers to it."""

    model: Any
    field = ""

    def get_object(self, request: HttpRequest, slug: str) -> Any:
        """Return the page that the feed is about; raise Http404 if there is none."""
        folder, _, name = request.path.rpartition("/")
        pages = self.model.objects.visible()
        self.tagged_page = pages.filter(slug=slug).first() or self.find_by_former_address(
            pages, slug, folder
        )
        if self.tagged_page is None:
            raise Http404("There is no such page.")
        self.title = f"News about {self.tagged_page.title}"
        self.link = self.tagged_page.get_url()
        self.feed_url = f"{self.link}{name}"
        return self.tagged_page

    def feed_guid(self) -> str:
        """Return an id that survives a change of the URL."""
        return f"{self.get_page_id(self.tagged_page)}:news"

    def find_by_former_address(self, pages: Any, slug: str, address: str) -> Any:
        """Return the page that had the URL `address` before; None if there is none."""
        old = Redirect.objects.filter(old_path=Redirect.normalise_path(address)).first()
        return pages.filter(pk=old.redirect_page_id).first() if old else None

    def get_news(self) -> Any:
        """Return the news from which the feed takes the newest."""
        return super().get_news().tagged(self.field, self.tagged_page.pk)


class PartnerFeed(TaggedFeed):
    """The feed of news about a partner."""

    model, field = PartnerPage, "partners"


class ThemeFeed(TaggedFeed):
    """The feed of news about a theme."""

    model, field = ThemePage, "themes"

    def find_by_former_address(self, pages: Any, slug: str, address: str) -> Any:
        """Return the page that had the URL `address` before; None if there is none."""
        named = pages.filter(former_names__slug=slug).first()
        return named or super().find_by_former_address(pages, slug, address)
