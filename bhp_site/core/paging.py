"""Lists shown page by page: the page number of a request, and the items on that page."""

import re
from array import array
from functools import cached_property
from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest

from .caching.process_cache import cached_aggregate


class CachedKeysPaginator(Paginator):
    """Paginator that caches the keys of all items under `key` until content changes.

    With an offset, a page would take longer the more pages precede it. A page is still read with
    the conditions of the list, so that it shows nothing that they exclude by now.
    """

    def __init__(self, key: str, items: Any, per_page: int) -> None:
        super().__init__(items, per_page)
        self.key = key

    @cached_property
    def keys(self) -> "array[int]":
        """Return the keys of all items, in their order."""
        items: Any = self.object_list
        keys: array[int] = cached_aggregate(
            f"keys of {self.key}", lambda: array("q", items.values_list("pk", flat=True))
        )
        return keys

    @cached_property
    def count(self) -> int:
        """Return the number of items."""
        return len(self.keys)

    def page(self, number: int | str) -> Page:
        """Return the page with this `number`; raise InvalidPage if there is none."""
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        keys = self.keys[start : start + self.per_page]
        items: Any = self.object_list
        return Page(items.filter(pk__in=keys.tolist()), number, self)


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

    With a `key`, the keys of all items are cached: see `CachedKeysPaginator`.
    """
    paginator = CachedKeysPaginator(key, items, per_page) if key else Paginator(items, per_page)
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
