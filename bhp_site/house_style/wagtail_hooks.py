from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from bhp_site.core.admin.checklist_panel import is_written_by_editors
from bhp_site.core.admin.page_policy import page_policy

from .side_panel import HouseStylePanel
from .views import FindingsReport, dismiss_finding, restore_finding


@hooks.register("construct_page_side_panels")
def add_house_style_panel(request: HttpRequest, page: Page, panels: list[Any]) -> None:
    """Add the findings to the editor of a page that editors write."""
    if is_written_by_editors(page):
        panels.append(HouseStylePanel(page, request))


@hooks.register("register_admin_urls")
def register_house_style_urls() -> list[Any]:
    """Return the URL patterns of the report and of dismissals."""
    return [
        path("reports/house-style/", FindingsReport.as_view(), name="house-style"),
        path(
            "reports/house-style/results/",
            FindingsReport.as_view(results_only=True),
            name="house-style-results",
        ),
        path("pages/<int:page_id>/house-style/", dismiss_finding, name="house-style-dismiss"),
        path(
            "pages/<int:page_id>/house-style/<int:pk>/", restore_finding, name="house-style-again"
        ),
    ]


class FindingsMenuItem(MenuItem):
    """The menu item of the report, for users who may edit any page."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return True if the user can edit a page."""
        allowed: bool = page_policy.user_has_permission(request.user, "change")
        return allowed


@hooks.register("register_reports_menu_item")
def register_findings_menu_item() -> FindingsMenuItem:
    """Return the menu item of the report."""
    return FindingsMenuItem(
        "House style", reverse("house-style"), name="house-style", icon_name="check", order=100
    )


@hooks.register("register_log_actions")
def register_house_style_log_actions(actions: Any) -> None:
    """Register how dismissals are shown in the history of a page."""

    @actions.register_action("house_style.dismiss")
    class DismissFormatter(LogFormatter):
        label = "Dismiss a house style finding"

        def format_message(self, log_entry: Any) -> str:
            data = log_entry.data
            return f"Dismissed “{data['title']}: {data['text']}”: {data['reason']}"

    @actions.register_action("house_style.restore")
    class RestoreFormatter(LogFormatter):
        label = "Undo a dismissal"

        def format_message(self, log_entry: Any) -> str:
            return f"Reports again “{log_entry.data['title']}: {log_entry.data['text']}”"
