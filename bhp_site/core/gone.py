"""Answer 410 with a reason at the addresses of pages that were removed for good."""

from collections.abc import Callable, Iterable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.models import Site

from .caching.process_cache import cached_until_change
from .unpublishing import Outcome, Unpublishing

# Functions of other apps that find the removed page to which an address belonged, such as that of
# a document on it. They take the request and the removed pages, by key, and return a key or None.
Removed = dict[int, str]
gone_finders: list[Callable[[HttpRequest, Removed], int | None]] = []


class AnswerGone:
    """Answer 410 instead of 404 where a page, or something of it, was removed with a reason."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response, or for a removed page the notice with its reason (410)."""
        response = self.get_response(request)
        if response.status_code != HTTPStatus.NOT_FOUND or request.method not in ("GET", "HEAD"):
            return response
        removed: Removed = cached_until_change("removed pages", _read_removed)
        key = _find_page(request, removed) if removed else None
        # The row may have been deleted since.
        rows = Unpublishing.objects.select_related("page").filter(page=key)
        removal = rows.first() if key else None
        if removal is None:
            return response
        notice = render(request, "gone.html", {"removal": removal}, status=HTTPStatus.GONE)
        notice.headers["Cache-Control"] = "no-cache"
        return notice


def _read_removed() -> Removed:
    """Return the paths in the page tree of all removed pages, by key, without restricted ones.

    What was never for everybody gets no reason either.
    """
    rows = Unpublishing.objects.filter(outcome=Outcome.GONE, page__live=False)
    pages = [row.page for row in rows.select_related("page")]
    return {page.pk: page.url_path for page in pages if not page.get_view_restrictions().exists()}


def _find_page(request: HttpRequest, removed: Removed) -> int | None:
    keys = (finder(request, removed) for finder in [_find_by_path, *gone_finders])
    return next((key for key in keys if key is not None), None)


def _find_by_path(request: HttpRequest, removed: Removed) -> int | None:
    """Return the removed page at the path, or the nearest one above it."""
    site = Site.find_for_request(request)
    if site is None:
        return None
    path = site.root_page.url_path + request.path.strip("/") + "/"
    above: Iterable[int] = (key for key, url_path in removed.items() if path.startswith(url_path))
    return max(above, key=lambda key: len(removed[key]), default=None)
