from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.widgets.button import Button

from .reset_views import may_reset, reset


@hooks.register("register_admin_urls")
def register_second_factor_urls() -> list[Any]:
    """Return the URL patterns for administrators."""
    return [path("users/<int:pk>/reset-second-step/", reset, name="reset-second-factor")]


@hooks.register("register_user_listing_buttons")
def add_reset_button(user: Any, request_user: Any) -> Iterator[Button]:
    """Yield the entry of the menu of a user in the list of users."""
    if may_reset(request_user, user):
        yield Button(
            "Reset second step",
            url=reverse("reset-second-factor", args=[user.pk]),
            icon_name="key",
            priority=50,
        )


@hooks.register("register_account_menu_item")
def register_account_item(request: HttpRequest) -> dict[str, str]:
    """Return the entry of the account page that leads to the user's own factors."""
    return {
        "url": reverse("second-factor"),
        "label": "Second step of signing in",
        "help_text": "Set up an authenticator app or a passkey, and see your recovery codes.",
    }
