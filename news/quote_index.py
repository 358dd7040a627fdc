"""All quotes by person, theme and year."""

import re
from typing import Any

from django.db.models.functions import Length, Substr
from django.http import Http404, HttpRequest, QueryDict
from wagtail.models import Page

from bhp_site.core.pages import IndexPage
from bhp_site.core.paging import page_of
from bhp_site.themes.models import ThemePage

from .quote_pages import QuotePage


class QuoteFilter:
    """Quotes by person, theme and year, as plain GET parameters; nonsense is Http404."""

    def __init__(self, params: QueryDict, quotes: Any, news: Any) -> None:
        self._quotes, self._news = quotes, news
        self.person = params.get("person", "")
        self.theme = params.get("theme", "")
        self.year = params.get("year", "")
        if self.year and not re.fullmatch(r"(?!0000)[0-9]{4}", self.year):
            raise Http404("No such year.")
        self.people = list(quotes.order_by("name").values_list("name", "name").distinct())
        if self.person and self.person not in dict(self.people):
            raise Http404("No such person.")
        themes = ThemePage.objects.visible().filter(pk__in=news.order_by().values("themes"))
        self.themes = list(themes.order_by("title").values_list("slug", "title"))
        if self.theme and self.theme not in dict(self.themes):
            raise Http404("No such theme.")

    def __bool__(self) -> bool:
        return bool(self.person or self.theme or self.year)

    @property
    def years(self) -> list[str]:
        """Years that have quotes, newest first."""
        return [str(day.year) for day in self._quotes.order_by().dates("date", "year", "DESC")]

    def found(self) -> Any:
        quotes = self._quotes
        if self.person:
            quotes = quotes.filter(name=self.person)
        if self.year:
            quotes = quotes.filter(date__year=int(self.year))
        if self.theme:
            above = Substr("path", 1, Length("path") - Page.steplen)
            tagged = self._news.filter(themes__slug=self.theme).order_by()
            quotes = quotes.annotate(above=above).filter(above__in=tagged.values("path"))
        return quotes


class QuoteIndexPage(IndexPage):
    """All quotes, the latest first, by person, theme and year."""

    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    page_description = "Lists all quotes; they come from the announcements."

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        # It lists the pages of this module.
        from .models import NewsPage

        quotes = QuotePage.objects.visible().order_by("-date", "-pk")
        chosen = QuoteFilter(request.GET, quotes, NewsPage.objects.visible())
        return super().get_context(request, *args, **kwargs) | {
            "filter": chosen,
            "quotes": page_of(request, chosen.found(), 12),
        }
