"""Signing in with a second step."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters

from bhp_site.sign_in import password_views as passwords
from bhp_site.sign_in.waits import mark_limited

from . import passkeys
from .factors import Type, get_factors, has_factor, must_have_factor
from .forms import CodeForm
from .pages import get_provider_context, render_page, strict_page
from .steps import (
    begin_second_step,
    finish_second_step,
    get_pending,
    get_set_up_address,
    mark_confirmed,
)


class SecondStepMixin:
    """Asks for the second step after the right password, or to set one up where it is required."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Return the redirect to the second step, or to where the user wanted to go."""
        user, next_url = form.get_user(), self.get_success_url()  # type: ignore[attr-defined]
        request: HttpRequest = self.request  # type: ignore[attr-defined]
        if has_factor(user):
            is_remembered = bool(form.cleaned_data.get("remember"))
            return begin_second_step(request, user, next_url, is_remembered)
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        mark_confirmed(request)
        if must_have_factor(user):
            response.headers["Location"] = get_set_up_address(next_url)
        return response


class SignInView(SecondStepMixin, passwords.PasswordSignInView):
    """The view to sign in to the admin."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context, with whether to offer passkeys."""
        offered = passkeys.are_offered(self.request)
        context = super().get_context_data(**kwargs) | get_provider_context()
        return context | {"offers_passkeys": offered}


class VisitorSignInView(SecondStepMixin, passwords.VisitorPasswordSignInView):
    """The view to sign in on the way to a page that needs an account."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context, with the provider of single sign-on."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | get_provider_context()


@sensitive_post_parameters("code")
@strict_page
def second_step(request: HttpRequest) -> HttpResponse:
    """Return the page that asks for a code; after a right one, sign in and return a redirect."""
    pending = get_pending(request)
    if pending is None:
        return redirect("wagtailadmin_login")
    form = CodeForm(request.POST or None, request=request, user=pending.user)
    if form.is_valid():
        return finish_second_step(request, pending.user, pending)
    query = urlencode({"next": pending.next_url})
    context = {
        "form": form,
        "offers_passkeys": passkeys.are_offered(request)
        and get_factors(pending.user).filter(type=Type.WEBAUTHN).exists(),
        "next_url": pending.next_url,
        "is_in_dialog": pending.next_url == reverse("session-signed-in"),
        "restart_url": f"{reverse('wagtailadmin_login')}?{query}",
    }
    return mark_limited(render_page(request, "step", context), form.wait)
