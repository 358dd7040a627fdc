from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest


def page_of(request: HttpRequest, items: Any, per_page: int) -> Page:
    """The part of `items` that `?page=` asks for; Http404 where there is no such page."""
    try:
        return Paginator(items, per_page).page(request.GET.get("page", "1"))
    except InvalidPage as error:
        raise Http404(str(error)) from error
