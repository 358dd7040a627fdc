import re
from typing import TYPE_CHECKING, Any

from django.http import Http404, QueryDict

if TYPE_CHECKING:
    from .models import NewsQuerySet


class NewsFilter:
    """News by year, kind and partner, as plain GET parameters.

    A value that names nothing is a wrong address: Http404, so that one list has one address.
    """

    def __init__(self, params: QueryDict, news: "NewsQuerySet") -> None:
        self._news = news
        self.year = params.get("year", "")
        self.kind = params.get("kind", "")
        self.partner = params.get("partner", "")
        if self.year and not re.fullmatch(r"(?!0000)[0-9]{4}", self.year):
            raise Http404("No such year.")
        if self.kind and self.kind not in dict(self.kinds):
            raise Http404("No such kind of news.")
        if self.partner and self.partner not in dict(self.partners):
            raise Http404("No such partner.")

    def __bool__(self) -> bool:
        return bool(self.year or self.kind or self.partner)

    @property
    def kinds(self) -> list[tuple[str, str]]:
        field: Any = self._news.model._meta.get_field("kind")
        return list(field.choices)

    @property
    def years(self) -> list[str]:
        """Years that have news, newest first."""
        if not hasattr(self, "_years"):
            found = self._news.order_by().dates("date", "year", order="DESC")
            self._years = [str(date.year) for date in found]
        return self._years

    @property
    def partners(self) -> list[tuple[str, str]]:
        """Address and name of partners that news concerns."""
        if not hasattr(self, "_partners"):
            concerned = self._news.order_by().values("partners")
            model: Any = self._news.model._meta.get_field("partners").related_model
            found = model.objects.visible().filter(pk__in=concerned).order_by("title")
            self._partners = list(found.values_list("slug", "title"))
        return self._partners

    def found(self) -> "NewsQuerySet":
        news = self._news
        if self.year:
            news = news.filter(date__year=int(self.year))
        if self.kind:
            news = news.filter(kind=self.kind)
        if self.partner:
            news = news.filter(partners__slug=self.partner)
        return news
