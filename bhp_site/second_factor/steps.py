"""The state of a sign-in in the session: after the password, and after the second step."""

import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from bhp_site.sign_in.password_views import remember_device
from bhp_site.single_sign_on.accounts import prepare_account
from bhp_site.single_sign_on.identity import Identity

PENDING_KEY = "second_step"
PASSED_KEY = "second_step_passed"
CONFIRMED_KEY = "confirmed_at"
# The value of PASSED_KEY if the second step took place at the provider of single sign-on.
AT_PROVIDER = "provider"
# The second step must follow the password within this time.
PENDING_SECONDS = 10 * 60
# Users can change factors for so long without giving their password or a factor again.
CONFIRMED_SECONDS = 10 * 60


@dataclass(frozen=True)
class PendingSignIn:
    """A sign-in whose first step succeeded, and whose second step is missing.

    `identity` is that of single sign-on; None after a password.
    """

    user: Any
    next_url: str
    is_remembered: bool
    identity: Identity | None


def begin_second_step(
    request: HttpRequest,
    user: Any,
    next_url: str,
    is_remembered: bool,
    identity: Identity | None = None,
) -> HttpResponse:
    """Remember in the session who passed the first step; return the redirect to the next one."""
    request.session[PENDING_KEY] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "next": next_url,
        "remember": is_remembered,
        "identity": identity.as_dict() if identity else None,
        "at": time.time(),
    }
    return redirect("second-step")


def get_pending(request: HttpRequest) -> PendingSignIn | None:
    """Return the sign-in that waits for its second step; None if it is too old, or invalid now."""
    pending = request.session.get(PENDING_KEY)
    if not pending or not 0 <= time.time() - pending["at"] <= PENDING_SECONDS:
        return None
    user = get_user_model().objects.filter(pk=pending["user"], is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), pending["hash"]):
        return None
    values = pending.get("identity")
    identity = Identity.from_dict(values) if values else None
    return PendingSignIn(user, pending["next"], pending["remember"], identity)


def finish_sign_in(
    request: HttpRequest,
    user: Any,
    next_url: str,
    is_remembered: bool = False,
    identity: Identity | None = None,
) -> HttpResponse:
    """Sign in after the last step; return the redirect, which marks the browser as known.

    `identity` is that of single sign-on, which sets the roles of the account.
    """
    request.session.pop(PENDING_KEY, None)
    if identity:
        prepare_account(user, identity, request)
        request.sign_in_detail = f"Through {settings.SSO_NAME}"  # type: ignore[attr-defined]
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.set_expiry(settings.SESSION_COOKIE_AGE if is_remembered else 0)
    return remember_device(redirect(get_safe_url(request, next_url)), user)


def finish_second_step(
    request: HttpRequest, user: Any, pending: PendingSignIn | None, next_url: str = ""
) -> HttpResponse:
    """Sign `user` in after a code or passkey; return the redirect.

    Without a first step, `pending` is None, and the redirect leads to `next_url`.
    """
    if pending is None:
        response = finish_sign_in(request, user, next_url)
    else:
        identity = pending.identity
        response = finish_sign_in(request, user, pending.next_url, pending.is_remembered, identity)
    mark_passed(request)
    return response


def mark_passed(request: HttpRequest) -> None:
    """Note that the session has a second factor, and that its user has just proved who they are."""
    request.session[PASSED_KEY] = True
    mark_confirmed(request)


def mark_passed_at_provider(request: HttpRequest) -> None:
    """Note that the provider of single sign-on asks for a second factor."""
    request.session[PASSED_KEY] = AT_PROVIDER


def has_passed(request: HttpRequest) -> bool:
    """Return True if the second step was part of the session's sign-in."""
    passed = request.session.get(PASSED_KEY)
    return has_passed_at_provider(request) if passed == AT_PROVIDER else bool(passed)


def has_passed_at_provider(request: HttpRequest) -> bool:
    """Return True if the second step took place at the provider, and still counts."""
    is_trusted = bool(settings.SSO_ISSUER) and settings.SSO_SECOND_FACTOR != "site"
    return is_trusted and request.session.get(PASSED_KEY) == AT_PROVIDER


def mark_confirmed(request: HttpRequest) -> None:
    """Note that the user has just given the password or a factor."""
    request.session[CONFIRMED_KEY] = time.time()


def is_confirmed(request: HttpRequest) -> bool:
    """Return True if the user has given the password or a factor a short time ago."""
    return 0 <= time.time() - request.session.get(CONFIRMED_KEY, 0) <= CONFIRMED_SECONDS


def get_safe_url(request: HttpRequest, url: str) -> str:
    """Return `url` if it is one of this site, else that of the admin."""
    is_safe = url_has_allowed_host_and_scheme(url, request.get_host(), request.is_secure())
    return url if is_safe else reverse("wagtailadmin_home")


def get_set_up_address(next_url: str) -> str:
    """Return the address at which a user sets up a factor and then goes on to `next_url`."""
    return f"{reverse('second-factor')}?{urlencode({'next': next_url})}"
