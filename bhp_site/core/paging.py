import re
from functools import cached_property
from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest

from .caching.process_cache import cached_aggregate


class CachedCountPaginator(Paginator):
    """Counts all items once for all parts of the list that `key` names, until something changes."""

    def __init__(self, key: str, items: Any, per_page: int) -> None:
        super().__init__(items, per_page)
        self.key = key

    @cached_property
    def count(self) -> int:
        items: Any = self.object_list
        return cached_aggregate(f"count of {self.key}", items.count)


def get_page_number(request: HttpRequest, parameter: str = "page") -> int:
    """The part of a list that is asked for; Http404 where it is no number as we write them."""
    asked = request.GET.get(parameter, "1")
    if not re.fullmatch("[1-9][0-9]{,5}", asked):
        raise Http404("There is no such part.")
    return int(asked)


def paginate(request: HttpRequest, items: Any, per_page: int, key: str = "") -> Page:
    """The part of `items` that `?page=` asks for; Http404 where there is no such page.

    A long list has a `key`: see `CachedCountPaginator`.
    """
    paginator = CachedCountPaginator(key, items, per_page) if key else Paginator(items, per_page)
    try:
        return paginator.page(get_page_number(request))
    except InvalidPage as error:
        raise Http404(str(error)) from error


def paginate_without_count(request: HttpRequest, items: Any, per_page: int, parameter: str) -> Page:
    """The same by another `parameter`, for a list beside others.

    Asked for once: how many parts there are is known as far as the next.
    """
    number = get_page_number(request, parameter)
    start = (number - 1) * per_page
    found = list(items[start : start + per_page + 1])
    if start and not found:
        raise Http404("There is no such part.")
    part = Page(found[:per_page], number, Paginator(range(start + len(found)), per_page))
    part.parameter = parameter  # type: ignore[attr-defined]
    return part
