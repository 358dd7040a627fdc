from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import DismissibleMenuItem, MenuItem

from .views import GuideView, serve_picture


@hooks.register("register_admin_urls")
def register_guide_urls() -> list[Any]:
    """Return the URL patterns of the guide and of its pictures."""
    return [
        path("guide/", GuideView.as_view(), name="editors-guide"),
        path("guide/pictures/<slug:name>.png", serve_picture, name="guide-picture"),
    ]


@hooks.register("construct_help_menu")
def remove_wagtail_links(request: HttpRequest, items: list[Any]) -> None:
    """Remove Wagtail's own guide and news, which describe a site without our workflow."""
    items[:] = [item for item in items if not isinstance(item, DismissibleMenuItem)]


@hooks.register("register_help_menu_item")
def register_guide_menu_item() -> MenuItem:
    """Return the first item of the menu “Help”."""
    return MenuItem(
        "Editors’ guide", reverse("editors-guide"), name="editors-guide", icon_name="help", order=1
    )
