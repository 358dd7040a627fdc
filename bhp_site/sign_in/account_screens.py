"""The log of accounts in the admin: for administrators, and each user's own part."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.account import BaseSettingsPanel, SettingsTab
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from .events import list_own_events
from .models import AccountEvent, EventKind

permission_policy = ModelPermissionPolicy(AccountEvent)
security_tab = SettingsTab("security", "Security", order=150)


class AccountEventFilter(WagtailFilterSet):
    """Filters events by what happened, account and day."""

    kind = django_filters.ChoiceFilter(label="What happened", choices=EventKind.choices)
    address = django_filters.CharFilter(label="E-mail address", lookup_expr="icontains")
    created_at = django_filters.DateFromToRangeFilter(label="Date", widget=DateRangePickerWidget)

    class Meta:
        model = AccountEvent
        fields: list[str] = []


class AccountEventReport(ReportView):
    """Lists what happened to accounts, the latest first, for administrators."""

    page_title = "Sign-ins and accounts"
    header_icon = "key"
    index_url_name = "account-events"
    index_results_url_name = "account-events-results"
    filterset_class = AccountEventFilter
    permission_policy = permission_policy
    permission_required = "view"
    columns = [
        DateColumn("created_at", label="When"),
        Column("label", label="What happened"),
        Column("address", label="Account"),
        Column("detail", label="Details"),
        Column("actor", label="By", accessor=lambda event: event.actor or ""),
        Column("network", label="Network address"),
    ]
    list_export = ["created_at", "label", "address", "detail", "actor", "network"]

    def get_queryset(self) -> "QuerySet[AccountEvent]":
        return AccountEvent.objects.select_related("actor")

    def get_filename(self) -> str:
        """Return the name of the exported file, without its suffix."""
        return "sign-ins-and-accounts"


class SecurityPanel(BaseSettingsPanel):
    """The part of the account page that lists what happened to the user's account."""

    name = "account-events"
    title = "Recent sign-ins and changes"
    tab = security_tab
    order = 300
    template_name = "sign_in/events_panel.html"

    def get_form(self) -> forms.Form:
        """Return a form without fields: there is nothing to change."""
        return forms.Form()

    def get_context_data(self) -> dict[str, Any]:
        """Return the context with the latest events."""
        return {"events": list_own_events(self.user)}
