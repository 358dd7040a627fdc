import re
from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest


def number_of(request: HttpRequest, parameter: str = "page") -> int:
    """The part of a list that is asked for; Http404 where it is no number as we write them."""
    asked = request.GET.get(parameter, "1")
    if not re.fullmatch("[1-9][0-9]{,5}", asked):
        raise Http404("There is no such part.")
    return int(asked)


def page_of(request: HttpRequest, items: Any, per_page: int) -> Page:
    """The part of `items` that `?page=` asks for; Http404 where there is no such page."""
    try:
        return Paginator(items, per_page).page(number_of(request))
    except InvalidPage as error:
        raise Http404(str(error)) from error


def part_of(request: HttpRequest, items: Any, per_page: int, parameter: str) -> Page:
    """The same by another `parameter`, for a list beside others.

    Asked for once: how many parts there are is known as far as the next.
    """
    number = number_of(request, parameter)
    start = (number - 1) * per_page
    found = list(items[start : start + per_page + 1])
    if start and not found:
        raise Http404("There is no such part.")
    part = Page(found[:per_page], number, Paginator(range(start + len(found)), per_page))
    part.parameter = parameter  # type: ignore[attr-defined]
    return part
