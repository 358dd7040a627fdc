from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from .account_screens import (
    AccountEventReport,
    EventsPanel,
    SessionsPanel,
    end_own_sessions,
    permission_policy,
)
from .invitation_views import InvitationsView, change_invitation
from .users import SaveActiveStateBulkAction

hooks.register("register_bulk_action", SaveActiveStateBulkAction, order=100)


@hooks.register("register_admin_urls")
def register_account_event_urls() -> list[Any]:
    """Return the URL patterns of the log of accounts, and of invitations."""
    return [
        path("reports/accounts/", AccountEventReport.as_view(), name="account-events"),
        path(
            "reports/accounts/results/",
            AccountEventReport.as_view(results_only=True),
            name="account-events-results",
        ),
        path("account/end-sessions/", end_own_sessions, name="end-sessions"),
        path("invitations/", InvitationsView.as_view(), name="invitations"),
        path("invitations/<int:pk>/", change_invitation, name="invitation"),
    ]


class AccountEventsMenuItem(MenuItem):
    """The menu item of the log of accounts."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return True if the user may see account events."""
        allowed: bool = permission_policy.user_has_permission(request.user, "view")
        return allowed


@hooks.register("register_reports_menu_item")
def register_account_events_menu_item() -> AccountEventsMenuItem:
    """Return the item of the reports menu."""
    return AccountEventsMenuItem(
        AccountEventReport.page_title,
        reverse("account-events"),
        name="account-events",
        icon_name="key",
        order=1150,
    )


@hooks.register("register_account_settings_panel")
def add_sessions_panel(request: HttpRequest, user: Any, profile: Any) -> SessionsPanel:
    """Return the list of the user's sessions."""
    return SessionsPanel(request, user, profile)


@hooks.register("register_account_settings_panel")
def add_events_panel(request: HttpRequest, user: Any, profile: Any) -> EventsPanel:
    """Return the list of events of the user's own account."""
    return EventsPanel(request, user, profile)
