"""All quotes by person, theme and year."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.functions import Length, Substr
from django.http import HttpRequest, QueryDict
from wagtail.models import Page

from bhp_site.core.caching.process_cache import cached_aggregate
from bhp_site.core.pages import IndexPage
from bhp_site.core.paging import paginate
from bhp_site.themes.models import ThemePage

from .filters import YearFilter
from .quote_pages import QuotePage, attach_announcements


class QuoteFilter(YearFilter):
    """Quotes by person, theme and year."""

    def __init__(self, params: QueryDict, quotes: Any, news: Any) -> None:
        super().__init__(params, quotes)
        self._news = news
        names = quotes.order_by("name").values_list("name", "name").distinct()
        self.people = cached_aggregate("people of quotes", lambda: list(names))
        self.person = self.get_choice("person", self.people)
        themes = ThemePage.objects.visible().filter(pk__in=news.order_by().values("themes"))
        titles = themes.order_by("title").values_list("slug", "title")
        self.themes = cached_aggregate("themes of quotes", lambda: list(titles))
        self.theme = self.get_choice("theme", self.themes)

    def filter_pages(self) -> Any:
        """Return the quotes that match all values of the filter."""
        quotes = super().filter_pages()
        if self.person:
            quotes = quotes.filter(name=self.person)
        if self.theme:
            above = Substr("path", 1, Length("path") - Page.steplen)
            # Look-ups for each quote: a page of the list has few, a theme many announcements.
            tags = self._news.model.themes.through.objects
            is_tagged = Exists(tags.filter(newspage=OuterRef("pk"), themepage__slug=self.theme))
            announcements = self._news.order_by().filter(is_tagged, path=OuterRef("above"))
            quotes = quotes.alias(above=above).filter(Exists(announcements))
        return quotes


class QuoteIndexPage(IndexPage):
    """All quotes, the latest first, by person, theme and year."""

    parent_page_types = ["home.HomePage"]
    parameters = ("page", "person", "theme", "year")
    subpage_types: list[str] = []
    page_description = "Lists all quotes. They come from the announcements."

    def has_known_values(self, query: QueryDict) -> bool:
        """Return False for a year without pages."""
        return YearFilter(query, QuotePage.objects.listed()).has_known_year()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the context with the filter and one page of the matching quotes."""
        # It lists the pages of this module.
        from .models import NewsPage

        quotes = QuotePage.objects.listed().newest_first()
        page_filter = QuoteFilter(request.GET, quotes, NewsPage.objects.listed())
        part = paginate(request, page_filter.filter_pages(), 12, page_filter.cache_key)
        listed_quotes = attach_announcements(part.object_list)
        # The latest of all is shown large, before the others.
        has_lead = part.number == 1 and not page_filter
        return super().get_context(request, *args, **kwargs) | {
            "filter": page_filter,
            "quotes": part,
            "lead": listed_quotes[0] if has_lead and listed_quotes else None,
            "others": listed_quotes[1:] if has_lead else listed_quotes,
        }
