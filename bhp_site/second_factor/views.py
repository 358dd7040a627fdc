"""Views in which users set up, see and remove their own factors and recovery codes."""

import base64
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal import auth as totp
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from bhp_site.sign_in.password_rules import may_use_password
from bhp_site.sign_in.waits import mark_limited

from .factors import (
    Type,
    add_app,
    describe_factor,
    get_factors,
    get_recovery_codes,
    has_factor,
    must_have_factor,
    remove_factor,
    replace_recovery_codes,
)
from .forms import ConfirmForm, SetUpAppForm
from .pages import get_provider_context, render_page, require_confirmation, strict_page
from .passkeys import are_offered
from .steps import get_safe_url, mark_confirmed, mark_passed

NEXT_KEY = "second_factor_next"


@strict_page
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """List the user's factors, and offer to add others."""
    if "next" in request.GET:
        # Where to go after the set-up, over several pages.
        request.session[NEXT_KEY] = get_safe_url(request, request.GET["next"])
    factors = [*get_factors(request.user)]
    is_required = must_have_factor(request.user)
    context = {
        "factors": [(factor, describe_factor(factor)) for factor in factors],
        "has_app": any(factor.type == Type.TOTP for factor in factors),
        "offers_passkeys": are_offered(request),
        "is_required": is_required,
        "may_remove": len(factors) > 1 or not is_required,
        "codes_left": len(get_recovery_codes(request.user)),
        "next_url": _get_next(request),
    }
    return render_page(request, "overview", context)


@sensitive_post_parameters("code")
@require_confirmation
def set_up_app(request: HttpRequest) -> HttpResponse:
    """Show the secret for an authenticator app, and add the app once it shows the right code."""
    user = request.user
    form = SetUpAppForm(request.POST or None, request=request, user=user)
    if form.is_valid():
        add_app(user, form.secret, form.counter, request)
        totp.clear_totp_secret(request)
        mark_passed(request)
        messages.success(request, "Your authenticator app is set up.")
        return redirect("recovery-codes")
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(user, form.secret))
    image = base64.b64encode(svg.encode()).decode()
    groups = [form.secret[i : i + 4] for i in range(0, len(form.secret), 4)]
    context = {
        "form": form,
        "image": f"data:image/svg+xml;base64,{image}",
        "secret": " ".join(groups),
    }
    return mark_limited(render_page(request, "set_up_app", context), form.wait)


@require_POST
@require_confirmation
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a factor, unless it is the last one of a user who must have one.

    Return a redirect to the factors; raise Http404 if it is not one of the user's.
    """
    factors = get_factors(request.user)
    factor = get_object_or_404(factors, pk=pk)
    if must_have_factor(request.user) and factors.count() == 1:
        messages.error(
            request, "Your account needs a second step. Add another one before you remove this one."
        )
    else:
        messages.success(request, f"{describe_factor(factor)} was removed.")
        remove_factor(factor, request)
    return redirect("second-factor")


@require_confirmation
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show the unused recovery codes; replace them by new ones after a POST."""
    if not has_factor(request.user):
        return redirect("second-factor")
    if request.method == "POST":
        replace_recovery_codes(request.user, request)
        messages.success(request, "You have new codes. The earlier ones no longer work.")
        return redirect("recovery-codes")
    codes = [f"{code[:4]} {code[4:]}" for code in get_recovery_codes(request.user)]
    context = {"codes": codes, "next_url": _get_next(request)}
    return render_page(request, "recovery_codes", context)


@sensitive_post_parameters("password")
@strict_page
@login_required
def confirm(request: HttpRequest) -> HttpResponse:
    """Return the page that asks for the password or single sign-on.

    After the right password, return a redirect to where it was needed.
    """
    user: Any = request.user
    has_password = user.has_usable_password() and may_use_password(user.email)
    form = ConfirmForm(request.POST or None, request=request)
    next_url = request.POST.get("next") or request.GET.get("next") or reverse("second-factor")
    if form.is_valid():
        mark_confirmed(request)
        return redirect(get_safe_url(request, next_url))
    context = {"form": form, "next_url": next_url, "has_password": has_password}
    context |= get_provider_context()
    return mark_limited(render_page(request, "confirm", context), form.wait)


def _get_next(request: HttpRequest) -> str:
    """Return where to go after the set-up."""
    address: str = request.session.get(NEXT_KEY) or reverse("wagtailadmin_home")
    return address
