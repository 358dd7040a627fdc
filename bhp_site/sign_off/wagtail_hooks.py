from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import path
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from bhp_site.core.admin.dashboard import WaitingGroup

from .admin_views import SignOffsView, accept_words, delete_data, export_data, go_ahead
from .side_panel import SignOffPanel, SignOffsGroup
from .statuses import get_sign_offs_url


@hooks.register("register_admin_urls")
def register_sign_off_urls() -> list[Any]:
    """Return the URL patterns of sign-offs in the admin."""
    return [
        path("pages/<int:page_id>/sign-off/", SignOffsView.as_view(), name="sign-offs"),
        path("sign-off/<int:pk>/accept/", accept_words, name="sign-off-accept"),
        path("sign-off/<int:pk>/go-ahead/", go_ahead, name="sign-off-override"),
        path("sign-off/<int:pk>/data.json", export_data, name="sign-off-data"),
        path("sign-off/<int:pk>/delete-data/", delete_data, name="sign-off-delete-data"),
    ]


@hooks.register("register_page_header_buttons")
def add_sign_off_button(
    page: Page, user: Any, view_name: str, next_url: Any = None
) -> Iterator[Any]:
    """Yield the button that leads to the sign-offs of a page."""
    if page.permissions_for_user(user).can_edit():
        url = get_sign_offs_url(page.pk)
        yield Button("Sign-off", url=url, icon_name="clipboard-list", priority=41)


@hooks.register("construct_page_side_panels")
def add_sign_off_panel(request: HttpRequest, page: Page, panels: list[Any]) -> None:
    """Add the panel to the editor of a page with quotations or sign-offs."""
    panel = SignOffPanel(page, request)
    if panel.quotations or panel.statuses:
        panels.append(panel)


@hooks.register("construct_waiting_groups")
def add_sign_offs_group(request: HttpRequest, groups: list[WaitingGroup]) -> None:
    """Add the sign-offs that block a publication to what waits for the user."""
    groups.append(SignOffsGroup())


@hooks.register("register_log_actions")
def register_sign_off_log_actions(actions: Any) -> None:
    """Register how the history of a page shows its sign-offs."""

    @actions.register_action("sign_off.request")
    class RequestFormatter(LogFormatter):
        label = "Ask for a sign-off"

        def format_message(self, log_entry: Any) -> str:
            return f"{log_entry.data['subject']}: asked {log_entry.data['name']}"

    @actions.register_action("sign_off.answer")
    class AnswerFormatter(LogFormatter):
        label = "Answer about a sign-off"

        def format_message(self, log_entry: Any) -> str:
            data = log_entry.data
            hash_part = data["hash"][:12]
            return f"{data['subject']}: {data['answer']} by {data['name']} (text {hash_part})"

    @actions.register_action("sign_off.delete_data")
    class DeleteDataFormatter(LogFormatter):
        label = "Delete personal data of a sign-off"

        def format_message(self, log_entry: Any) -> str:
            return f"Deleted the address, comment and suggested words of {log_entry.data['name']}"

    @actions.register_action("sign_off.override")
    class OverrideFormatter(LogFormatter):
        label = "Go ahead without a sign-off"

        def format_message(self, log_entry: Any) -> str:
            data = log_entry.data
            return f"{data['subject']}: goes ahead without {data['name']}. Reason: {data['reason']}"
