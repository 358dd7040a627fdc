"""Signing in through the provider of single sign-on."""

import logging
import time
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET, require_POST

from bhp_site.sign_in.attempts import begin_attempt, end_attempt
from bhp_site.sign_in.events import record_event
from bhp_site.sign_in.models import EventKind
from bhp_site.sign_in.sources import get_network_sources
from bhp_site.sign_in.waits import explain_wait
from bhp_site.single_sign_on.accounts import find_account
from bhp_site.single_sign_on.identity import (
    Identity,
    SignInRefused,
    has_signed_in_since,
    read_identity,
)

from .factors import has_factor, must_have_factor
from .limits import SINGLE_SIGN_ON_BY_NETWORK
from .pages import go_back_to_sign_in, render_page, strict_page
from .steps import (
    begin_second_step,
    finish_sign_in,
    get_set_up_address,
    mark_confirmed,
    mark_passed_at_provider,
)

logger = logging.getLogger(__name__)

STATE_KEY = "single_sign_on"
# The visitor must come back from the provider within this time.
STATE_SECONDS = 10 * 60


@require_POST
@strict_page
def begin(request: HttpRequest) -> HttpResponse:
    """Return the page that leads to the provider; to the sign-in page if it does not answer.

    A redirect in response to a form would be refused by the page's own policy (form-action).
    """
    require_provider()
    # Imported here: the client takes 8 MB, which is spared where single sign-on is not in use.
    # (django-allauth would import a module named “provider” of every app.)
    from bhp_site.single_sign_on.client import ProviderFailed, begin_authorization

    next_url, is_repeated = request.POST.get("next", ""), "again" in request.POST
    if wait := begin_attempt(get_network_sources(SINGLE_SIGN_ON_BY_NETWORK, request)):
        return go_back_to_sign_in(request, next_url, explain_wait(wait))
    try:
        url, authorization = begin_authorization(request, is_repeated)
    except ProviderFailed:
        return go_back_to_sign_in(request, next_url, describe_failure())
    request.session[STATE_KEY] = {
        "authorization": authorization.as_dict(),
        "next": next_url,
        "again": is_repeated,
        "at": time.time(),
    }
    return render_page(request, "continue", {"url": url, "provider_name": settings.SSO_NAME})


@require_GET
@strict_page
def callback(request: HttpRequest) -> HttpResponse:
    """Take the provider's answer; return the redirect to the next step, or to the sign-in page."""
    require_provider()
    from bhp_site.single_sign_on.client import Authorization, ProviderFailed, fetch_claims

    pending: Any = request.session.get(STATE_KEY)
    # A link of somebody else must not end a sign-in: its state stays until the answer to it.
    if not is_expected(request, pending):
        text = "You took too long, or began again in another window. Sign in once more."
        return go_back_to_sign_in(request, "", text)
    del request.session[STATE_KEY]
    next_url = pending["next"]
    if "code" not in request.GET:
        return refuse(request, next_url, describe_error(request.GET.get("error", "")))
    try:
        authorization = Authorization(**pending["authorization"])
        claims = fetch_claims(request, request.GET["code"], authorization)
        identity = read_identity(claims)
        is_fresh = has_signed_in_since(claims, pending["at"])
        if pending.get("again") and not is_fresh:
            raise SignInRefused(describe_missing_proof(claims))
        user = find_account(identity, request)
    except ProviderFailed:
        return refuse(request, next_url, describe_failure())
    except SignInRefused as refusal:
        return refuse(request, next_url, str(refusal), refusal.user)
    end_attempt(get_network_sources(SINGLE_SIGN_ON_BY_NETWORK, request))
    return sign_in(request, user, identity, next_url, is_fresh)


def sign_in(
    request: HttpRequest, user: Any, identity: Identity, next_url: str, is_fresh: bool
) -> HttpResponse:
    """Return the redirect to the second step, or to where the user wanted to go.

    `is_fresh` says that the provider has asked for a password or factor for this sign-in.
    """
    if has_factor(user) and not identity.has_second_factor:
        return begin_second_step(request, user, next_url, False, identity)
    response = finish_sign_in(request, user, next_url, identity=identity)
    if is_fresh:
        mark_confirmed(request)
    if identity.has_second_factor:
        mark_passed_at_provider(request)
    # The roles may be new.
    elif must_have_factor(get_user_model().objects.get(pk=user.pk)):
        # There is nothing yet that a confirmation would protect.
        mark_confirmed(request)
        response.headers["Location"] = get_set_up_address(response.headers["Location"])
    return response


def require_provider() -> None:
    """Raise Http404 if single sign-on is not in use."""
    if not settings.SSO_ISSUER:
        raise Http404


def is_expected(request: HttpRequest, pending: Any) -> bool:
    """Return True if the provider answers what this session asked, a short time ago."""
    if not pending or not 0 <= time.time() - pending["at"] <= STATE_SECONDS:
        return False
    state = request.GET.get("state", "")
    return constant_time_compare(state, pending["authorization"]["state"])


def describe_failure() -> str:
    """Return the message when the provider is away or answers nonsense."""
    text = f"You are not signed in: {settings.SSO_NAME} did not answer as expected. Try again later"
    return f"{text}, or use an emergency account." if settings.SSO_ONLY else f"{text}."


def describe_missing_proof(claims: dict[str, Any]) -> str:
    """Return the message when the provider has not asked for a password or factor again."""
    if "auth_time" not in claims:
        logger.warning("Single sign-on: the ID token lacks auth_time, so nobody can confirm")
    return (
        f"{settings.SSO_NAME} did not confirm that you have just signed in there, so nothing was "
        "changed. Try again. If that does not help, tell an administrator of this site."
    )


def describe_error(code: str) -> str:
    """Return the message for an error that the provider reports (RFC 6749, 4.1.2.1)."""
    if code in ("access_denied", "login_required", "interaction_required"):
        return f"You did not sign in at {settings.SSO_NAME}, so you are not signed in here."
    logger.warning("Single sign-on was refused by the provider: %.100r", code)
    return (
        f"{settings.SSO_NAME} refused to sign you in. Tell an administrator of this site: the log "
        "says why."
    )


def refuse(request: HttpRequest, next_url: str, text: str, user: Any = None) -> HttpResponse:
    """Record that somebody was not signed in; return the redirect to the sign-in page."""
    detail = f"Through {settings.SSO_NAME}: {text}"
    record_event(EventKind.SIGN_IN_FAILED, user, request, detail=detail)
    return go_back_to_sign_in(request, next_url, text)
