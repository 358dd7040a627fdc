from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from laces.components import Component
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter
from wagtail.permission_policies.pages import PagePermissionPolicy

from .health import SECTIONS
from .views import HealthView, reviewed


def _may_edit(request: HttpRequest) -> bool:
    allowed: bool = PagePermissionPolicy().user_has_permission(request.user, "change")
    return allowed


@hooks.register("register_admin_urls")
def upkeep_urls() -> list[Any]:
    return [
        path("reports/content-health/", HealthView.as_view(), name="content-health"),
        path("pages/<int:page_id>/reviewed/", reviewed, name="reviewed"),
    ]


class HealthMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return _may_edit(request)


@hooks.register("register_reports_menu_item")
def health_menu_item() -> HealthMenuItem:
    return HealthMenuItem(
        "Content health",
        reverse("content-health"),
        name="content-health",
        icon_name="history",
        order=90,
    )


class HealthPanel(Component):
    """The dashboard's panel: how much there is to mend, of each kind."""

    template_name = "admin/health_panel.html"
    order = 40

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        counted = [(section, len(section.rows(user))) for section in SECTIONS]
        return {"counts": [(section, number) for section, number in counted if number]}


@hooks.register("construct_homepage_panels")
def tell_of_health(request: HttpRequest, panels: list[Any]) -> None:
    if _may_edit(request):
        panels.append(HealthPanel())


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    @actions.register_action("upkeep.review")
    class Reviewed(LogFormatter):
        label = "Review a page"

        def format_message(self, log_entry: Any) -> str:
            return f"Reviewed; to be looked at again by {log_entry.data['next']}"
