"""Responses while the database cannot be used or the disk is full; nothing posted is lost."""

import errno
from dataclasses import dataclass
from http import HTTPStatus

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from bhp_site.core.storage.errors import is_caused_by_storage
from bhp_site.core.url_prefixes import ADMIN_PREFIX
from bhp_site.sign_in.middleware import is_from_script, is_same_origin
from bhp_site.sign_in.unsaved_form import get_form_context

RETRY_SECONDS = 5
# What is raised where there is no database to ask, or where it is no database; its other errors
# are ours.
DATABASE_ERRORS = (OperationalError, InterfaceError, DatabaseError)
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
# How SQLite and PostgreSQL say it.
NO_SPACE_MESSAGES = ("disk is full", "no space left on device")


@dataclass(frozen=True)
class Outage:
    """Why the site cannot do what a request asks for, in words for an editor."""

    heading: str
    advice: str


DATABASE_AWAY = Outage(
    "The database cannot be reached",
    "This usually takes a few seconds. Wait a moment, then choose “Send again”.",
)
STORAGE_AWAY = Outage(
    "The storage of documents and images cannot be reached",
    "Wait a moment, then choose “Send again”. If that does not help, tell the people who run the "
    "site.",
)
DISK_FULL = Outage(
    "The disk of the server is full",
    "Tell the people who run the server: they must make room. Then choose “Send again”.",
)


def find_outage(error: BaseException | None) -> Outage | None:
    """Return the outage that `error`, or an error that it followed, comes from; None for a bug."""
    if is_caused_by_storage(error):
        return STORAGE_AWAY
    while error:
        is_away = type(error) in DATABASE_ERRORS
        is_full = isinstance(error, OSError) and error.errno in NO_SPACE
        if is_full or (is_away and any(part in str(error).lower() for part in NO_SPACE_MESSAGES)):
            return DISK_FULL
        if is_away:
            return DATABASE_AWAY
        error = error.__context__
    return None


def render_outage(request: HttpRequest, outage: Outage) -> HttpResponseBase:
    """Return 503 with Retry-After; to an editor who sent a form, a page that sends it again.

    Nothing here queries the database.
    """
    if not request.path.startswith(ADMIN_PREFIX):
        return add_headers(HttpResponse(render_to_string("503.html")))
    message = f"{outage.heading}. Nothing was saved. {outage.advice}"
    if is_from_script(request):
        content = {"success": False, "error_code": "unavailable", "error_message": message}
        return add_headers(JsonResponse(content))
    # Rendered without the request, whose context processors query the database.
    context = {"outage": outage, "csrf_token": get_token(request), **find_form(request)}
    return add_headers(HttpResponse(render_to_string("admin/unavailable.html", context)))


def find_form(request: HttpRequest) -> dict[str, object]:
    """Return the context of the form that was posted; empty if there is none to send again."""
    if request.method != "POST" or not is_same_origin(request):
        return {}
    try:
        return get_form_context(request)
    except (UnreadablePostError, OSError):
        # The body could not be read, for example because there was no room for an upload.
        return {}


def add_headers(response: HttpResponse) -> HttpResponse:
    """Return the response as one of an outage."""
    response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response
