"""The user who is signed in to the admin with a request, or the reason why there is none."""

from enum import StrEnum

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user_model
from django.http import HttpRequest


class SessionState(StrEnum):
    SIGNED_IN = "signed-in"
    SIGNED_OUT = "signed-out"
    EXPIRED = "expired"
    DEACTIVATED = "deactivated"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 — the name of a state
    NO_ACCESS = "no-access"


def get_session_state(request: HttpRequest, owner: str | None = None) -> SessionState:
    """Return whether the request's user may use the admin and, if not, the reason.

    `owner` is the user's key as the session held it before Django looked the user up: Django
    empties the session of a user whose password has changed.
    """
    user = request.user
    if user.is_authenticated:
        may_enter = user.has_perm("wagtailadmin.access_admin")
        return SessionState.SIGNED_IN if may_enter else SessionState.NO_ACCESS
    if owner := owner or request.session.get(SESSION_KEY):
        users = get_user_model().objects
        is_active = users.filter(pk=owner).values_list("is_active", flat=True).first()
        return SessionState.PASSWORD_CHANGED if is_active else SessionState.DEACTIVATED
    # The browser still has a cookie, but its session has run out on the server.
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        return SessionState.EXPIRED
    return SessionState.SIGNED_OUT
