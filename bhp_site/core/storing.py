"""Which answers everybody may be given again, without asking Django, until something changes."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# Where a request's environment (PEP 3333) holds a `Storable`, for who sends the answer.
KEY = "bhp_site.storable"
# And whether it is asked for everybody, rather than for one visitor.
FOR_EVERYBODY = "bhp_site.for_everybody"


@dataclass(frozen=True)
class Storable:
    """An answer that depends on its address alone, and of the query on `parameters` alone.

    With the key of the `version` whose downloads are counted, where it is a file.
    """

    parameters: tuple[str, ...] = ()
    version: int = 0
    # Queries at its address that lead elsewhere, as `normalise_query` returns them.
    redirected: tuple[str, ...] = ()


def sort_query(query: str) -> str:
    """Return the query of an address decoded, its parts in one order."""
    return "&".join(sorted(map(unquote, query.split("&")), key=str.casefold))


def normalise_query(query: str) -> str:
    """Return the query of an address as redirects are compared: sorted, in small letters."""
    return sort_query(query).casefold()


def is_known(request: HttpRequest) -> bool:
    """Whether the visitor may be somebody: then no answer is for everybody."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def say_storable(request: HttpRequest, parameters: tuple[str, ...] = (), version: int = 0) -> None:
    """Let the answer to `request` be kept, unless the visitor may be somebody."""
    if not is_known(request):
        request.META[KEY] = Storable(parameters, version)


def storable(*parameters: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator for views whose every answer (200) is for everybody.

    Such an answer is revalidated at each use, unless the view says otherwise.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            response = view(request, *args, **kwargs)
            if response.status_code == 200:
                response.headers.setdefault("Cache-Control", settings.PUBLIC_CACHE_CONTROL)
                say_storable(request, parameters)
            return response

        return answer

    return decorate
