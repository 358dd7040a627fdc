"""Decorators of the views about the second step, and their rendering."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from bhp_site.sign_in.password_rules import get_provider_name

from .steps import is_confirmed

View = Callable[..., HttpResponse]


def strict_page(view: View) -> View:
    """Return `view` with a content security policy stricter than the admin's, and never cached.

    It is that of the public pages, but the editor shows these in a dialog, so this site may frame
    them.
    """

    @wraps(view)
    def with_policy(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response._csp_config = settings.SIGN_IN_CSP_DIRECTIVES  # type: ignore[attr-defined]
        response.headers.setdefault("X-Frame-Options", "SAMEORIGIN")
        return response

    return never_cache(with_policy)


def require_confirmation(view: View) -> View:
    """Return `view` for signed-in users who have given the password or a factor just now.

    Others are asked for the password, then come back.
    """

    @wraps(view)
    def after_password(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_confirmed(request):
            return view(request, *args, **kwargs)
        target = request.path if request.method == "GET" else reverse("second-factor")
        query = urlencode({"next": target})
        return redirect(f"{reverse('second-factor-confirm')}?{query}")

    return strict_page(login_required(after_password))


def go_back_to_sign_in(request: HttpRequest, next_url: str, text: str) -> HttpResponse:
    """Return the redirect to the page to sign in, which shows `text`."""
    messages.error(request, text)
    return redirect(f"{reverse('wagtailadmin_login')}?{urlencode({'next': next_url})}")


def get_provider_context() -> dict[str, Any]:
    """Return the context of pages with a button for single sign-on; no name if there is none."""
    return {"provider_name": get_provider_name(), "are_passwords_closed": settings.SSO_ONLY}


def render_page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """Return the page `name` of the second step."""
    return render(request, f"second_factor/{name}.html", context)
