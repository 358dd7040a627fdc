"""Require the second step in the admin, whichever view signed the user in."""

from collections.abc import Callable
from http import HTTPStatus

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from bhp_site.core.url_prefixes import ADMIN_PREFIX
from bhp_site.sign_in.middleware import is_from_script, is_same_origin, report_problem
from bhp_site.sign_in.session_state import SessionState
from bhp_site.sign_in.unsaved_form import render_unsaved_form

from .factors import has_factor, must_have_factor
from .steps import get_set_up_address, has_passed, has_passed_at_provider

PROBLEM = "second-factor"


class RequireSecondFactor:
    """Middleware that refuses requests to the admin without the second step.

    A session without the second step ends if its user has a factor. A user who must have a factor
    can only set one up.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response, or a redirect of users who have to pass or set up a second step."""
        if not request.path.startswith(ADMIN_PREFIX) or not request.user.is_authenticated:
            return self.get_response(request)
        if has_factor(request.user):
            if not has_passed(request):
                return end_session(request)
        elif (
            must_have_factor(request.user)
            and not has_passed_at_provider(request)
            and not is_open(request.path)
        ):
            return ask_to_set_up(request)
        return self.get_response(request)


def is_open(path: str) -> bool:
    """Return True if somebody without the factor they must have may use `path`."""
    return path.startswith(reverse("second-factor")) or path in {
        reverse(name)
        for name in (
            "wagtailadmin_login",
            "wagtailadmin_logout",
            "second-step",
            "single-sign-on",
            "single-sign-on-callback",
            "session-state",
            "session-signed-in",
        )
    }


def end_session(request: HttpRequest) -> HttpResponse:
    """Sign the user out, and return the response of a session that has ended."""
    logout(request)
    if is_from_script(request):
        return report_problem(SessionState.EXPIRED)
    if request.method == "POST" and is_same_origin(request):
        return render_unsaved_form(request, SessionState.EXPIRED)
    return redirect_to_login(request.get_full_path(), reverse("wagtailadmin_login"))


def ask_to_set_up(request: HttpRequest) -> HttpResponse:
    """Return the response to a user who must set up a factor first; nothing typed is lost."""
    if is_from_script(request):
        text = "Set up the second step of signing in, then try again."
        content = {"success": False, "error_code": PROBLEM, "error_message": text}
        return JsonResponse(content, status=HTTPStatus.FORBIDDEN)
    if request.method == "POST" and is_same_origin(request):
        return render_unsaved_form(request, PROBLEM)
    return redirect(get_set_up_address(request.get_full_path()))
