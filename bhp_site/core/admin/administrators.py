"""Screens of the admin, and items of its menus, for administrators alone."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin


def check_administrator(request: HttpRequest) -> None:
    """Raise PermissionDenied unless the user is an administrator."""
    if not request.user.is_superuser:  # type: ignore[union-attr]
        raise PermissionDenied


class AdministratorScreenMixin(WagtailAdminTemplateMixin):
    """A screen for administrators, found from the home of the admin."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the response; raise PermissionDenied unless the user is an administrator."""
        check_administrator(request)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Return the breadcrumbs: home, this screen."""
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]


class AdministratorsMenuItem(MenuItem):
    """An item of a menu that only administrators see."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return True if the user is an administrator."""
        user: Any = request.user
        return bool(user.is_superuser)
