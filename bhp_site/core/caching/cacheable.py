"""Let a view say that the page cache may keep its response and serve it to every visitor."""

import functools
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .timed_changes import get_next_change

# Key of the WSGI environ (PEP 3333) under which the server finds the response's `CachePolicy`.
CACHE_POLICY_KEY = "bhp_site.cache_policy"
# Set in the WSGI environ when the page cache requests a response to serve to all visitors.
ANONYMOUS_REQUEST_KEY = "bhp_site.anonymous_request"
# How long before it is marked as cacheable the rendering of a response may have begun.
MAX_RENDER_SECONDS = 5


@dataclass(frozen=True)
class CachePolicy:
    """Says on what a cacheable response depends besides its path.

    `parameters` are the query parameters that the view reads, and `flags` those of them of which
    it only reads whether they are there. `version` is the key of the
    document version whose downloads are counted; 0 if the response is no document.
    """

    parameters: tuple[str, ...] = ()
    version: int = 0
    # Queries at this path that are redirected elsewhere, as `normalise_query` returns them.
    redirected: tuple[str, ...] = ()
    # Unix time at which the content next changes by itself.
    changes_at: float = math.inf
    flags: tuple[str, ...] = ()


def sort_query(query: str) -> str:
    """Return the query string of a URL, decoded and with its parts sorted."""
    return "&".join(sorted(map(unquote, query.split("&")), key=str.casefold))


def normalise_query(query: str) -> str:
    """Return the query string of a URL as redirects compare it: decoded, sorted, case-folded."""
    return sort_query(query).casefold()


def may_be_signed_in(request: HttpRequest) -> bool:
    """Return True if the request has a session cookie, so that its response must not be shared.

    Reading `request.user` instead would set `Vary: Cookie` and make every response uncacheable.
    """
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def mark_cacheable(
    request: HttpRequest,
    parameters: tuple[str, ...] = (),
    version: int = 0,
    flags: tuple[str, ...] = (),
) -> None:
    """Let the page cache keep the response to `request`, unless the visitor may be signed in.

    For the arguments see `CachePolicy`.
    """
    if not may_be_signed_in(request):
        # A response whose rendering began before such a change must not outlive it.
        changes_at = get_next_change(time.time() - MAX_RENDER_SECONDS)
        request.META[CACHE_POLICY_KEY] = CachePolicy(
            parameters, version, changes_at=changes_at, flags=flags
        )


def cacheable(*parameters: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorate a view whose successful responses (200) are the same for every visitor.

    `parameters` are the query parameters that it reads. Browsers revalidate the response at each
    use, unless the view sets `Cache-Control` itself.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            response = view(request, *args, **kwargs)
            if response.status_code == 200:
                response.headers.setdefault("Cache-Control", settings.PUBLIC_CACHE_CONTROL)
                mark_cacheable(request, parameters)
            return response

        return wrapper

    return decorate
