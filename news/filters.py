"""Filters of lists by GET parameters."""

import re
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.http import Http404, QueryDict

from bhp_site.core.caching.process_cache import cached_aggregate
from bhp_site.core.caching.timed_changes import get_last_change

from .calls import open_q

if TYPE_CHECKING:
    from .models import NewsQuerySet


class YearFilter:
    """Filter dated pages by year, and by what a subclass adds.

    An unknown value raises Http404, so that each list has one URL.
    """

    def __init__(self, params: QueryDict, pages: Any) -> None:
        self._params, self._pages = params, pages
        # By parameter: the chosen value, and its label.
        self.values: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        self.year = self.get_choice("year")
        if self.year and not re.fullmatch(r"(?!0000)[0-9]{4}", self.year):
            raise Http404("This year does not exist.")

    def __bool__(self) -> bool:
        return bool(self.values)

    def get_choice(self, name: str, choices: Iterable[tuple[str, str]] | None = None) -> str:
        """Return the parameter `name`, "" if empty; raise Http404 if it is not in `choices`."""
        value = self._params.get(name, "")
        labels = {value: value} if choices is None else dict(choices)
        if value and value not in labels:
            raise Http404(f"This {name} does not exist.")
        if value:
            self.values[name], self.labels[name] = value, labels[value]
        return value

    @cached_property
    def years(self) -> list[str]:
        """Return the years that have pages, newest first."""
        dates = self._pages.order_by().dates("date", "year", order="DESC")
        years = cached_aggregate(f"years of {self._pages.model.__name__}", lambda: list(dates))
        return [str(date.year) for date in years]

    def has_known_year(self) -> bool:
        """Return True unless a year without pages is chosen."""
        return not self.year or self.year in self.years

    @property
    def cache_key(self) -> str:
        """Return the cache key of the filtered list."""
        return f"{self._pages.model.__name__} {sorted(self.values.items())}"

    def filter_pages(self) -> Any:
        """Return the pages that match all values of the filter."""
        return self._pages.filter(date__year=int(self.year)) if self.year else self._pages


# Values of the filter by kind.
CALL, OPEN_CALLS = "call", "open-call"


class NewsFilter(YearFilter):
    """Filter news by year, kind and partner."""

    def __init__(self, params: QueryDict, news: "NewsQuerySet") -> None:
        super().__init__(params, news)
        field: Any = news.model._meta.get_field("kind")
        self.kinds = [*field.choices, (OPEN_CALLS, "Open calls")]
        self.kind = self.get_choice("kind", self.kinds)
        # Address and name of partners that news concerns.
        model: Any = news.model._meta.get_field("partners").related_model
        concerned = model.objects.visible().filter(pk__in=news.order_by().values("partners"))
        names = concerned.order_by("title").values_list("slug", "title")
        self.partners = cached_aggregate("partners of news", lambda: list(names))
        self.partner = self.get_choice("partner", self.partners)

    def filter_pages(self) -> "NewsQuerySet":
        """Return the pages that match all values of the filter."""
        news = super().filter_pages()
        if self.kind == OPEN_CALLS:
            news = news.filter(open_q())
        elif self.kind:
            news = news.filter(kind=self.kind)
        return news.filter(partners__slug=self.partner) if self.partner else news

    def sort(self, news: "NewsQuerySet") -> "NewsQuerySet":
        """Return `news`, the newest first; in a list of calls those that have closed come last."""
        return news.open_calls_first() if self.kind == CALL else news.newest_first()

    @property
    def cache_key(self) -> str:
        """Return the cache key of the filtered list; which calls are open changes with time."""
        change = f" {get_last_change()}" if self.kind in (CALL, OPEN_CALLS) else ""
        return f"{super().cache_key}{change}"
