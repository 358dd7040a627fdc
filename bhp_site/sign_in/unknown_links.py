"""Limit how fast a network can try links with tokens."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from bhp_site.core.private_links import render_privately
from bhp_site.core.url_prefixes import PASSWORD_RESET_PREFIX, PRIVATE_LINK_PREFIXES

from .attempts import begin_attempt, get_wait
from .sources import UNKNOWN_LINK_BY_NETWORK, get_network_sources
from .waits import format_wait, mark_limited

LIMITED_PREFIXES = (*PRIVATE_LINK_PREFIXES, PASSWORD_RESET_PREFIX)
UNKNOWN_STATUSES = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


class LimitUnknownLinks:
    """Middleware: let a network wait that has opened many links which do not exist, or have ended.

    The right links of the network wait as well; otherwise a wrong one could be told from them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response, or 429 after too many unknown links from the same network."""
        if not request.path.startswith(LIMITED_PREFIXES):
            return self.get_response(request)
        sources = get_network_sources(UNKNOWN_LINK_BY_NETWORK, request)
        if wait := get_wait(sources):
            context = {"wait": format_wait(wait)}
            response = render_privately(request, "sign_in/too_many_links.html", context)
            response.headers["Cache-Control"] = "private, no-store"
            return mark_limited(response, wait)
        response = self.get_response(request)
        if response.status_code in UNKNOWN_STATUSES:
            begin_attempt(sources)
        return response
