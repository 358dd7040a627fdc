"""Hooks for confidential drafts: the button of a page, the report of administrators, history."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from ..admin.administrators import AdministratorsMenuItem
from .records import ConfidentialDraft
from .rules import get_draft
from .tracking import BEGIN, CHANGE, END, TAKE_OVER
from .views import (
    ConfidentialDraftsView,
    ConfidentialDraftView,
    may_be_confidential,
    take_over_draft,
)


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    """Return the URL patterns of the screens."""
    return [
        path(
            "pages/<int:page_id>/confidential/",
            ConfidentialDraftView.as_view(),
            name="confidential-draft",
        ),
        path(
            "reports/confidential-drafts/",
            ConfidentialDraftsView.as_view(),
            name="confidential-drafts",
        ),
        path(
            "reports/confidential-drafts/<int:pk>/take-over/",
            take_over_draft,
            name="confidential-draft-take-over",
        ),
    ]


@hooks.register("register_page_header_buttons")
def add_button(page: Page, user: Any, view_name: str, next_url: Any = None) -> Iterator[Any]:
    """Yield the button that says who may open a draft."""
    if may_be_confidential(page, user):
        draft = get_draft(page)
        count = draft.people.count() if draft else 0
        label = f"Confidential: {count} can open it" if draft else "Make it confidential"
        url = reverse("confidential-draft", args=[page.pk])
        yield Button(label, url=url, icon_name="lock", priority=70)


class ConfidentialDraftsMenuItem(AdministratorsMenuItem):
    """The item of the reports menu that leads to the list of confidential drafts."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return True for an administrator while there are confidential drafts."""
        return super().is_shown(request) and ConfidentialDraft.objects.exists()


@hooks.register("register_reports_menu_item")
def register_menu_item() -> MenuItem:
    """Return the item of the reports menu."""
    return ConfidentialDraftsMenuItem(
        "Confidential drafts",
        reverse("confidential-drafts"),
        name="confidential-drafts",
        icon_name="lock",
        order=1100,
    )


class PeopleFormatter(LogFormatter):
    """An entry of the history that names the people."""

    label = "Confidential draft"

    def format_message(self, log_entry: Any) -> str:
        """Return the names of those who can open the draft since this log entry."""
        return f"Only these people can open the draft: {log_entry.data['people']}"


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """Register how the history of a page shows its confidentiality."""
    actions.register_action(BEGIN)(PeopleFormatter)
    actions.register_action(CHANGE)(PeopleFormatter)
    actions.register_action(END, "Confidential draft", "Ended the confidentiality of the draft")
    actions.register_action(
        TAKE_OVER, "Confidential draft", "Opened the confidential draft as an administrator"
    )
