"""Responses to requests that the admin's own views do not handle.

An id that is no number, a number too large for the database or a deletion that it refuses is an
error of the client: the response says what was wrong.
"""

import logging
import re
from collections.abc import Callable
from traceback import walk_tb
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import ProtectedError, RestrictedError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from wagtail.admin import messages

from bhp_site.core.storage.errors import UPLOAD_REFUSED, is_caused_by_storage
from bhp_site.core.url_prefixes import ADMIN_PREFIX

from .links import get_edit_url

logger = logging.getLogger(__name__)

ADDRESS_STARTS = ("/", "http://", "https://")
MAX_NAMED_OBJECTS = 5
# What reads the text of a rich-text field, which no browser writes by hand.
RICH_TEXT_MODULE = "wagtail.admin.rich_text.converters.contentstate"
# How Django, SQLite and psycopg say that a value is none that a column can hold.
BAD_VALUE = re.compile(
    r"expected a (?:number|valid)|value must be an? |invalid literal for int\(\)"
    r"|cannot contain NUL|null character|is not a valid UUID|integer out of range"
    r"|too large to convert|Invalid isoformat|unconverted data|does not match format"
    r"|invalid date|embedded null|surrogates not allowed|integer string conversion",
    re.IGNORECASE,
)


class AdminErrorMiddleware:
    """Middleware: turn errors that a request has caused into a response."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response; the hooks below handle what goes wrong."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Return 400 if `next` is not a URL path, before the view has saved anything; else None."""
        if not request.path.startswith(ADMIN_PREFIX):
            return None
        ways_back = (request.GET.get("next", ""), request.POST.get("next", ""))
        if all(not way or way.startswith(ADDRESS_STARTS) for way in ways_back):
            return None
        return HttpResponseBadRequest("Bad request: “next” must be a URL.")

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return a response to an error that the request has caused; None for a bug of the site."""
        return answer_error(request, error)


def answer_error(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """Return a response to an admin `request` that ended in `error`; None for a bug of the site.

    Bugs must stay visible as server errors.
    """
    if not request.path.startswith(ADMIN_PREFIX):
        return None
    if isinstance(error, ProtectedError | RestrictedError):
        messages.error(request, _explain_protection(error, request.user))
        return redirect(get_previous_url(request))
    if is_caused_by_storage(error):
        logger.error("%s: %s", request.path, error)
        return refuse_upload(request)
    if not _is_bad_value(request, error):
        return None
    logger.warning("Bad request to %s: %s", request.path, error)
    return HttpResponseBadRequest("Bad request: a value in the request is not valid.")


def refuse_upload(request: HttpRequest) -> HttpResponse | None:
    """Return a response that says that files cannot be stored now; None unless it is a POST."""
    if request.method != "POST":
        return None
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        # As Wagtail's upload of several files reports a file that it refuses.
        return JsonResponse({"success": False, "error_message": UPLOAD_REFUSED})
    messages.error(request, UPLOAD_REFUSED)
    return redirect(get_previous_url(request))


def _is_bad_value(request: HttpRequest, error: Exception) -> bool:
    """Return whether `error` comes from a value that was sent, rather than from the code."""
    if isinstance(error, OverflowError | DataError):
        return True
    if isinstance(error, NoReverseMatch):
        # Choosers put this into the address of a link.
        return not request.GET.get("parent_page_id", "0").isdecimal()
    if isinstance(error, ValueError | ValidationError) and BAD_VALUE.search(str(error)):
        return True
    frames = (frame.f_globals.get("__name__") for frame, _ in walk_tb(error.__traceback__))
    return request.method == "POST" and RICH_TEXT_MODULE in frames


def get_previous_url(request: HttpRequest) -> str:
    """Return the URL that the request came from if it is on this site; else the dashboard's."""
    origin = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(origin, {request.get_host()}, request.is_secure()):
        return origin
    return reverse("wagtailadmin_home")


def _explain_protection(error: ProtectedError | RestrictedError, user: Any) -> str:
    objects: Any = getattr(error, "protected_objects", None) or error.restricted_objects  # type: ignore[union-attr]
    names: set[str] = set()
    for instance in objects:
        # An inline row is named by its page.
        owner = getattr(instance, "page", instance)
        kind = owner._meta.verbose_name
        can_edit = get_edit_url(owner, user)
        names.add(f"the {kind} “{owner}”" if can_edit else f"a {kind} that you cannot edit")
    listed = ", ".join(sorted(names)[:MAX_NAMED_OBJECTS])
    if len(names) > MAX_NAMED_OBJECTS:
        listed += f" and {len(names) - MAX_NAMED_OBJECTS} more"
    return f"Nothing was deleted. It is still used by {listed}. Remove it there first."
