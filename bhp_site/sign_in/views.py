import re
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views import csrf
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bhp_site.core.monitoring.refusals import Reason, note_refusal

from .session_state import get_session_state
from .sessions import get_seconds_left

# The URL of the page that sent a form, in Django's reasons: what follows scheme and host.
URL_AFTER_HOST = re.compile(r"(://[^/?#\s]{1,253}).*(?= does not match)", re.S)


@require_safe
@never_cache
def session(request: HttpRequest) -> JsonResponse:
    """Return the session's state as JSON, for the editor's script, with a CSRF token for a user.

    Without a user no token is made. It would come with a cookie, which would replace the one of
    the sign-in page if that is loaded at the same time, and then signing in would be refused.
    """
    user = request.user
    return JsonResponse(
        {
            "state": get_session_state(request),
            "secondsLeft": get_seconds_left(request),
            "user": str(user.pk) if user.is_authenticated else None,
            "name": user.email if user.is_authenticated else "",
            "token": get_token(request) if user.is_authenticated else None,
        }
    )


@require_safe
@never_cache
@login_required
def signed_in(request: HttpRequest) -> HttpResponse:
    """Return the page for the window or frame that was opened to sign in."""
    return render(request, "admin/signed_in.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> Any:
    """Return Django's 403 response, and mark the request for `KeepUnsavedWork`."""
    request.has_failed_csrf = True  # type: ignore[attr-defined]
    # A page of another site may have personal data in its address.
    note_refusal(Reason.CSRF, URL_AFTER_HOST.sub(r"\1", reason))
    return csrf.csrf_failure(request, reason)
