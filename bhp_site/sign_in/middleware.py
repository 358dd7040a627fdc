"""Answer requests of the admin whose session has ended so that nothing typed is lost."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import reverse

from bhp_site.core.caching.cacheable import may_be_signed_in
from bhp_site.core.url_prefixes import ADMIN_PREFIX

from .session_state import SessionState, get_session_state
from .unsaved_form import render_unsaved_form

# Read by static/js/session.js: a state of the session, or one of the two words below.
PROBLEM_HEADER = "Session-Problem"
STALE_TOKEN = "stale-token"  # noqa: S105 — not a secret
OTHER_USER = "other-user"
# What browsers delete (W3C, Clear Site Data, 3.1): also pages that “back” would show.
CLEARED_DATA = '"cache", "storage"'
# Sent by static/js/session.js: the key of the user whom the page was rendered for.
PAGE_USER_HEADER = "Page-User"


class KeepUnsavedWork:
    """Middleware: keep what was posted to the admin when the session has ended.

    Wagtail redirects to its sign-in page, which loses a posted form and which a script takes for
    a server error. Scripts get a short response with the reason, on which `static/js/session.js`
    lets the editor sign in; a posted form is offered again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response; if the session has ended, one that lets the user sign in."""
        if not request.path.startswith(reverse("wagtailadmin_home")):
            return self.get_response(request)
        owner = request.session.get(SESSION_KEY)
        page_user = request.headers.get(PAGE_USER_HEADER)
        if page_user and request.user.is_authenticated and str(request.user.pk) != page_user:
            return report_problem(OTHER_USER)
        response = self.get_response(request)
        problem = find_problem(request, response, owner)
        if problem is None:
            return response
        if is_from_script(request):
            return report_problem(problem)
        if request.method == "POST" and is_same_origin(request):
            return render_unsaved_form(request, problem)
        return response


class ClearEndedSessions:
    """Middleware: let the browser delete what it stores of the admin when its session has ended.

    It does so at the way to the sign-in page: after signing out, and at the next page after the
    session has expired or was ended elsewhere. What is open in other windows stays, and so do
    forms that are offered again and the cookie that marks the browser as known.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response, with Clear-Site-Data where it leads to the sign-in page."""
        may_end = request.path.startswith(ADMIN_PREFIX) and may_have_user(request)
        response = self.get_response(request)
        if may_end and is_sent_to_sign_in(response) and not request.user.is_authenticated:
            response.headers["Clear-Site-Data"] = CLEARED_DATA
        return response


def may_have_user(request: HttpRequest) -> bool:
    """Return True if the browser's session is that of a user, or is gone and may have been.

    The session of a visitor cannot end: it waits for the second step of signing in, for example.
    """
    if not may_be_signed_in(request):
        return False
    session = request.session
    # Django removes the key of a session that it does not find.
    return SESSION_KEY in session or session.session_key is None


def find_problem(request: HttpRequest, response: HttpResponse, owner: str | None) -> str | None:
    """Return why the session made Django or Wagtail refuse the request; None if it did not.

    A response that says why itself is left as it is.

    For `owner` see `get_session_state`.
    """
    if PROBLEM_HEADER in response.headers:
        return None
    failed_csrf = getattr(request, "has_failed_csrf", False)
    if not (failed_csrf or is_sent_to_sign_in(response) or is_refused_script(request, response)):
        return None
    # The steps of signing in are below the page to sign in, and lead back to it if one fails.
    if request.path.startswith((reverse("wagtailadmin_login"), reverse("wagtailadmin_logout"))):
        return None
    state = get_session_state(request, owner)
    if state is not SessionState.SIGNED_IN:
        return state
    return STALE_TOKEN if failed_csrf else None


def is_sent_to_sign_in(response: HttpResponseBase) -> bool:
    """Return True if the response redirects to the sign-in page."""
    address = resolve_url(getattr(settings, "WAGTAILADMIN_LOGIN_URL", "wagtailadmin_login"))
    return response.status_code == HTTPStatus.FOUND and (
        urlsplit(response["Location"]).path == urlsplit(address).path
    )


def is_refused_script(request: HttpRequest, response: HttpResponse) -> bool:
    """Return True if Wagtail answered a script with 403 instead of a redirect to sign in."""
    return response.status_code == HTTPStatus.FORBIDDEN and is_from_script(request)


def is_from_script(request: HttpRequest) -> bool:
    """Return True if a script sent the request, so that a page would not be read by a person."""
    return (
        request.headers.get("X-Requested-With") == "XMLHttpRequest"
        # Fetch Metadata: what a script fetches has no destination.
        or request.headers.get("Sec-Fetch-Dest") == "empty"
        or not request.accepts("text/html")
    )


def is_same_origin(request: HttpRequest) -> bool:
    """Return True if a page of this site sent the form.

    A form that another site posts must not be offered to an editor for saving.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    try:
        return urlsplit(origin).netloc == request.get_host()
    except ValueError:
        # Not even an address, for example “http://[”.
        return False


def report_problem(problem: str) -> JsonResponse:
    """Return 403 with `problem`, in the header for our script and in the body for others."""
    return JsonResponse(
        {"success": False, "error_code": problem, "error_message": "You have been signed out."},
        status=HTTPStatus.FORBIDDEN,
        headers={PROBLEM_HEADER: problem, "Cache-Control": "no-store"},
    )
