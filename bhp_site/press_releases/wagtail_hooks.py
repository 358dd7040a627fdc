"""Adds “New release” to the admin's URLs and its menu."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from .permissions import may_add_announcement
from .views import NewReleaseView

MENU_ORDER = 190


class NewReleaseMenuItem(MenuItem):
    """The menu item, for users who may add announcements."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return True if the user may add announcements."""
        return may_add_announcement(request.user)


@hooks.register("register_admin_urls")
def new_release_url() -> list[Any]:
    """Return the URL pattern of both screens."""
    return [path("releases/new/", NewReleaseView.as_view(), name="new_release")]


@hooks.register("register_admin_menu_item")
def new_release_menu_item() -> MenuItem:
    """Return the menu item."""
    return NewReleaseMenuItem(
        "New release",
        reverse("new_release"),
        name="new-release",
        icon_name="edit",
        order=MENU_ORDER,
    )
