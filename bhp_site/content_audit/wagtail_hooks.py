from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter

from bhp_site.core.admin.dashboard import WaitingGroup
from bhp_site.core.admin.page_policy import page_policy

from .report import SECTIONS
from .views import ContentAuditView, mark_page_reviewed


def can_edit_pages(request: HttpRequest) -> bool:
    """Return True if the user may edit any page."""
    is_allowed: bool = page_policy.user_has_permission(request.user, "change")
    return is_allowed


@hooks.register("register_admin_urls")
def register_content_audit_urls() -> list[Any]:
    """Return the URL patterns of the report and of the button that marks a page as reviewed."""
    return [
        path("reports/content-health/", ContentAuditView.as_view(), name="content-health"),
        path("pages/<int:page_id>/reviewed/", mark_page_reviewed, name="reviewed"),
    ]


class ContentAuditMenuItem(MenuItem):
    """The menu item of the report, for users who may edit any page."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return True if the user can edit a page."""
        return can_edit_pages(request)


@hooks.register("register_reports_menu_item")
def register_content_audit_menu_item() -> ContentAuditMenuItem:
    """Return the menu item of the report."""
    return ContentAuditMenuItem(
        "Content health",
        reverse("content-health"),
        name="content-health",
        icon_name="history",
        order=90,
    )


class ContentAuditGroup(WaitingGroup):
    """The group of links to the report's sections, each with its number of rows."""

    heading = "Content health"
    slug = "content-health"
    order = 90
    template_name = "admin/content_audit_group.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the sections that have rows for the user, with the number of rows."""
        user = parent_context["request"].user
        counts = [(section, len(section.rows(user))) for section in SECTIONS if section.one]
        return {"counts": [(section, number) for section, number in counts if number]}


@hooks.register("construct_waiting_groups")
def add_content_audit_group(request: HttpRequest, groups: list[WaitingGroup]) -> None:
    """Add the group to the dashboard of users who may edit any page."""
    if can_edit_pages(request):
        groups.append(ContentAuditGroup())


@hooks.register("register_log_actions")
def register_content_audit_log_actions(actions: Any) -> None:
    """Register how reviews are shown in the history of a page."""

    @actions.register_action("content_audit.review")
    class ReviewFormatter(LogFormatter):
        label = "Review a page"

        def format_message(self, log_entry: Any) -> str:
            return f"Reviewed. Next review date: {log_entry.data['next']}"
