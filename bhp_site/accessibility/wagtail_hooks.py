from typing import Any

from django.http import HttpRequest
from django.urls import path
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from bhp_site.core.admin.dashboard import WaitingGroup
from bhp_site.core.admin.page_policy import page_policy

from .models import AccessibilityStatementPage
from .panels import StatementGroup
from .views import ListedDocumentsView


@hooks.register("register_admin_urls")
def register_accessibility_urls() -> list[Any]:
    """Return the URL pattern of the view that confirms the list."""
    return [path("accessibility/", ListedDocumentsView.as_view(), name="listed-files")]


@hooks.register("construct_waiting_groups")
def add_statement_group(request: HttpRequest, groups: list[WaitingGroup]) -> None:
    """Add the group to the dashboard of users who may edit or create the statement."""
    statement = AccessibilityStatementPage.objects.first()
    if statement is None:
        is_shown = page_policy.user_has_permission(request.user, "add")
    else:
        is_shown = statement.permissions_for_user(request.user).can_edit()
    if is_shown:
        groups.append(StatementGroup(statement))


@hooks.register("register_log_actions")
def register_accessibility_log_actions(actions: Any) -> None:
    """Register how confirmations are shown in the history of the statement."""

    @actions.register_action("accessibility.confirm")
    class ConfirmFormatter(LogFormatter):
        label = "Confirm the list of documents with problems"

        def format_message(self, log_entry: Any) -> str:
            changes = log_entry.data["changes"] or "no changes"
            return f"Confirmed the list of documents with problems: {changes}"
