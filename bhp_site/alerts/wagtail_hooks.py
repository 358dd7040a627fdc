from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from bhp_site.core.admin.dashboard import WaitingGroup
from bhp_site.core.admin.page_policy import page_policy

from .admin_views import (
    AlertsView,
    PreviewAlertView,
    manage_address,
    may_preview,
    may_see_numbers,
    retry_emails,
)
from .dashboard import FailedAlertsGroup


@hooks.register("register_admin_urls")
def register_alert_urls() -> list[Any]:
    """Return the URL patterns of the numbers and of the preview of a page's alert."""
    return [
        path("reports/e-mail-alerts/", AlertsView.as_view(), name="alert-numbers"),
        path("reports/e-mail-alerts/send-again/", retry_emails, name="alert-retry"),
        path("reports/e-mail-alerts/address/", manage_address, name="alert-address"),
        path("pages/<int:page_id>/alert/", PreviewAlertView.as_view(), name="alert-preview"),
    ]


class AlertsMenuItem(MenuItem):
    """The menu item of the numbers, for users who may see them."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return True if the user may see the numbers of subscribers."""
        return may_see_numbers(request.user)


@hooks.register("register_reports_menu_item")
def register_alerts_menu_item() -> AlertsMenuItem:
    """Return the item of the reports menu."""
    return AlertsMenuItem(
        "E-mail alerts",
        reverse("alert-numbers"),
        name="e-mail-alerts",
        icon_name="mail",
        order=95,
    )


@hooks.register("register_page_header_buttons")
def add_preview_button(
    page: Page, user: Any, view_name: str, next_url: Any = None
) -> Iterator[Button]:
    """Yield the button that leads to the alert of a news item or report."""
    if may_preview(page, user):
        url = reverse("alert-preview", args=[page.pk])
        yield Button("E-mail alert", url=url, icon_name="mail", priority=60)


@hooks.register("construct_waiting_groups")
def add_failed_alerts_group(request: HttpRequest, groups: list[WaitingGroup]) -> None:
    """Add the alerts that could not be sent to what waits for those who publish."""
    if page_policy.user_has_permission(request.user, "publish"):
        groups.append(FailedAlertsGroup())


@hooks.register("register_permissions")
def register_subscriber_permissions() -> "QuerySet[Permission]":
    """Return the permissions to see numbers and addresses, and to delete these."""
    return Permission.objects.filter(
        content_type__app_label="alerts",
        codename__in=("view_alert", "view_subscriber", "delete_subscriber"),
    )
