"""Lists shown page by page: the page number of a request, and the items on that page."""

import re
from functools import cached_property
from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest

from .caching.process_cache import cached_aggregate


class CachedCountPaginator(Paginator):
    """Paginator that caches the number of items under `key` until content changes."""

    def __init__(self, key: str, items: Any, per_page: int) -> None:
        super().__init__(items, per_page)
        self.key = key

    @cached_property
    def count(self) -> int:
        """Return the number of items, cached until content changes."""
        items: Any = self.object_list
        return cached_aggregate(f"count of {self.key}", items.count)


def get_page_number(request: HttpRequest, parameter: str = "page") -> int:
    """Return the page number in the query, 1 by default; raise Http404 if it is not a number.

    “01” and “+1” are refused, so that each page has one address.
    """
    value = request.GET.get(parameter, "1")
    if not re.fullmatch("[1-9][0-9]{,5}", value):
        raise Http404("This page of the list does not exist.")
    return int(value)


def paginate(request: HttpRequest, items: Any, per_page: int, key: str = "") -> Page:
    """Return the page of `items` that `?page=` asks for; raise Http404 if there is none.

    With a `key`, the number of items is cached: see `CachedCountPaginator`.
    """
    paginator = CachedCountPaginator(key, items, per_page) if key else Paginator(items, per_page)
    try:
        return paginator.page(get_page_number(request))
    except InvalidPage as error:
        raise Http404(str(error)) from error


def paginate_without_count(request: HttpRequest, items: Any, per_page: int, parameter: str) -> Page:
    """Return the page of `items` that the query `parameter` asks for; raise Http404 if none.

    For one of several lists on a page. It takes one query and no count, so the paginator knows
    only whether there is a next page.
    """
    number = get_page_number(request, parameter)
    start = (number - 1) * per_page
    rows = list(items[start : start + per_page + 1])
    if start and not rows:
        raise Http404("This page of the list does not exist.")
    part = Page(rows[:per_page], number, Paginator(range(start + len(rows)), per_page))
    if parameter != "page":
        part.parameter = parameter  # type: ignore[attr-defined]
    return part
