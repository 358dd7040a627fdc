"""Log requests that were refused, whichever view refused them."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext

from bhp_site.core.caching.cacheable import may_be_signed_in
from bhp_site.core.monitoring.refusals import Reason, RequestRefusal, log_refusal, noted_refusals

from .middleware import PROBLEM_HEADER, is_sent_to_sign_in

# What Wagtail tells users whom it leads to the dashboard instead (`wagtail.admin.auth`).
NO_PERMISSION = "Sorry, you do not have permission to access this area."
# Visitors without an account get these too; all else would be a line for each stray crawler.
LOGGED_FOR_EVERYBODY = (Reason.CSRF, Reason.LIMIT)


class RefusalLog:
    """Middleware: log who was refused what, and why."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the response, after its refusal was logged if it is one."""
        token = noted_refusals.set([])
        try:
            response = self.get_response(request)
            noted = noted_refusals.get()
        finally:
            noted_refusals.reset(token)
        refusal = noted[0] if noted else find_refusal(request, response)
        if refusal is None:
            return response
        # Only here: reading the user makes other responses uncacheable.
        user = str(request.user.pk) if may_be_signed_in(request) and request.user.pk else ""
        if user or refusal.reason in LOGGED_FOR_EVERYBODY:
            log_refusal(request, refusal, response.status_code, user)
        return response


def find_refusal(request: HttpRequest, response: HttpResponseBase) -> RequestRefusal | None:
    """Return why the response refuses the request, if no code has noted it; None if it does not."""
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        return RequestRefusal(Reason.LIMIT)
    if response.status_code == HTTPStatus.FORBIDDEN and PROBLEM_HEADER not in response.headers:
        return RequestRefusal(Reason.PERMISSION)
    is_refusal = response.status_code == HTTPStatus.FOUND and (
        # Without access to the admin, or to a page for groups.
        is_sent_to_sign_in(response)
        or response.headers["Location"].startswith(reverse("wagtailcore_login"))
        or (response.headers["Location"] == reverse("wagtailadmin_home") and _was_told(request))
    )
    return RequestRefusal(Reason.PERMISSION) if is_refusal else None


def _was_told(request: HttpRequest) -> bool:
    """Return True if Wagtail tells the user that a permission is missing."""
    messages: Any = get_messages(request)
    was_used = messages.used
    told = any(gettext(NO_PERMISSION) in str(message) for message in messages)
    # The next page shows them all the same.
    messages.used = was_used
    return told
