from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from . import redirect_views
from .golive_view import golive, is_administrator


# Before Wagtail's own, whose addresses come later and keep their names.
@hooks.register("register_admin_urls", order=-1)
def register_redirect_urls() -> list[Any]:
    """Return the URLs of the views that replace Wagtail's views for redirects."""
    return [
        path("redirects/add/", redirect_views.CreateRedirectView.as_view()),
        path("redirects/<int:redirect_id>/", redirect_views.EditRedirectView.as_view()),
        path("redirects/import/", redirect_views.start_import),
        path("redirects/import/process/", redirect_views.process_import),
    ]


@hooks.register("register_admin_urls")
def register_golive_urls() -> list[Any]:
    """Return the URL of the go-live checklist."""
    return [path("golive/", golive, name="golive")]


class GoLiveMenuItem(MenuItem):
    """The menu item of the go-live checklist."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return True if the user is an administrator."""
        return is_administrator(request.user)


@hooks.register("register_settings_menu_item")
def register_golive_menu_item() -> GoLiveMenuItem:
    """Return the item of the settings menu."""
    return GoLiveMenuItem(
        "Go-live checklist", reverse("golive"), name="golive", icon_name="tasks", order=1300
    )
