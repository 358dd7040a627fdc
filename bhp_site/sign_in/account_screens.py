"""The log of accounts in the admin: for administrators, and each user's own part."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.account import BaseSettingsPanel, SettingsTab
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from bhp_site.core.text.sentences import count_noun

from .events import list_own_events, record_event
from .models import AccountEvent, EventKind
from .sessions import end_sessions, find_sessions

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
        """Return all account events with those who caused them."""
        return AccountEvent.objects.select_related("actor")

    def get_filename(self) -> str:
        """Return the name of the exported file, without its suffix."""
        return "sign-ins-and-accounts"


class ListPanel(BaseSettingsPanel):
    """A panel of the account page that lists something; its form has nothing to save."""

    tab = security_tab

    def get_form(self) -> forms.Form:
        """Return a form without fields."""
        return forms.Form()


class SessionsPanel(ListPanel):
    """The part of the account page that lists where the user is signed in."""

    name = "sessions"
    title = "Where you are signed in"
    order = 200
    template_name = "sign_in/sessions_panel.html"

    def get_context_data(self) -> dict[str, Any]:
        """Return the context with the user's sessions."""
        return {
            "sessions": [*find_sessions(self.user)],
            "current_key": self.request.session.session_key,
        }


class EventsPanel(ListPanel):
    """The part of the account page that lists what happened to the user's account."""

    name = "account-events"
    title = "Recent sign-ins and changes"
    order = 300
    template_name = "sign_in/events_panel.html"

    def get_context_data(self) -> dict[str, Any]:
        """Return the context with the latest events."""
        return {"events": list_own_events(self.user)}


@require_POST
def end_own_sessions(request: HttpRequest) -> HttpResponse:
    """End one session of the user, or all but this one; return a redirect to the account page."""
    chosen, current = request.POST.get("session"), request.session.session_key
    count = end_sessions(
        request.user,
        lambda session: session.key != current and chosen in ("others", session.id),
    )
    if count:
        detail = count_noun(count, "session")
        record_event(EventKind.SESSIONS_ENDED, request.user, request, detail=detail)
        messages.success(request, f"You have ended {detail}.")
    else:
        messages.warning(request, "Nothing was ended: this session has ended already.")
    return redirect(reverse("wagtailadmin_account") + "#tab-security")
