"""Signing in with a passkey, and adding one."""

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from bhp_site.sign_in.attempts import begin_attempt, end_attempt
from bhp_site.sign_in.events import record_event
from bhp_site.sign_in.models import EventKind
from bhp_site.sign_in.sources import get_network_sources
from bhp_site.sign_in.waits import explain_wait
from bhp_site.single_sign_on.accounts import must_use_provider

from . import passkeys
from .limits import PASSKEY_BY_NETWORK
from .pages import go_back_to_sign_in, render_page, require_confirmation, strict_page
from .steps import finish_second_step, get_pending, mark_passed

PASSKEY_NOT_ACCEPTED = "The passkey was not accepted. Try again, or sign in with your password."


@require_safe
@strict_page
def sign_in_options(request: HttpRequest) -> HttpResponse:
    """Return what the browser needs to sign in with a passkey, as JSON."""
    return JsonResponse(passkeys.get_request_options())


@require_POST
@strict_page
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey, as the only step or as the second; return the redirect.

    After a refusal it leads back to the sign-in page.
    """
    pending = get_pending(request)
    next_url = pending.next_url if pending else request.POST.get("next", "")
    sources = get_network_sources(PASSKEY_BY_NETWORK, request)
    if wait := begin_attempt(sources):
        return _go_back(request, next_url, explain_wait(wait))
    try:
        user = passkeys.check_passkey(_read_credential(request))
    except passkeys.PasskeyRefused:
        record_event(EventKind.FACTOR_FAILED, pending.user if pending else None, request)
        return _go_back(request, next_url, PASSKEY_NOT_ACCEPTED)
    end_attempt(sources)
    # The passkey of another account is a sign-in of its own.
    if pending and pending.user != user:
        pending = None
    if pending is None and must_use_provider(user):
        detail = f"With a passkey alone, without {settings.SSO_NAME}"
        record_event(EventKind.SIGN_IN_FAILED, user, request, detail=detail)
        text = f"Your passkey is right. Sign in with {settings.SSO_NAME} first."
        return _go_back(request, next_url, text)
    return finish_second_step(request, user, pending, next_url)


@require_safe
@require_confirmation
def creation_options(request: HttpRequest) -> HttpResponse:
    """Return what the browser needs to create a passkey, as JSON."""
    return JsonResponse(passkeys.get_creation_options(request.user))


@require_confirmation
def add(request: HttpRequest) -> HttpResponse:
    """Return the page to add a passkey; add it after a POST, and return a redirect.

    Raises Http404 where browsers do not allow passkeys.
    """
    if not passkeys.are_offered(request):
        raise Http404
    if request.method == "POST":
        try:
            name = request.POST.get("name", "")
            passkeys.add_passkey(request.user, name, _read_credential(request), request)
        except passkeys.PasskeyRefused:
            messages.error(request, "The passkey was not added. Try again.")
            return redirect("passkey-add")
        mark_passed(request)
        messages.success(request, "Your passkey was added.")
        return redirect("recovery-codes")
    return render_page(request, "add_passkey", {})


def _read_credential(request: HttpRequest) -> Any:
    """Return the browser's answer; raise PasskeyRefused if it is not JSON."""
    try:
        return json.loads(request.POST.get("credential", ""))
    except (ValueError, RecursionError) as error:
        raise passkeys.PasskeyRefused from error


def _go_back(request: HttpRequest, next_url: str, text: str) -> HttpResponse:
    """Return the redirect to the page of the step that failed, which shows `text`."""
    if get_pending(request):
        messages.error(request, text)
        return redirect("second-step")
    return go_back_to_sign_in(request, next_url, text)
