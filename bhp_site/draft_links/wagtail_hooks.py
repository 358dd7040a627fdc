from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from bhp_site.core.admin.dashboard import WaitingGroup

from .admin_views import (
    ShareDraftView,
    delete_comment,
    end_draft_link,
    export_comments,
    has_draft,
    may_share,
    resolve_comment,
)
from .models import DraftLink
from .side_panel import ReaderCommentsGroup, ReaderCommentsPanel


@hooks.register("register_admin_urls")
def register_draft_link_urls() -> list[Any]:
    """Return the URL patterns of links to drafts and of readers' comments."""
    return [
        path("pages/<int:page_id>/share-draft/", ShareDraftView.as_view(), name="share-draft"),
        path("draft-links/<int:pk>/end/", end_draft_link, name="draft-link-end"),
        path("reader-comments/<int:pk>/done/", resolve_comment, name="reader-comment-done"),
        path("reader-comments/<int:pk>/delete/", delete_comment, name="reader-comment-delete"),
        path("reader-comments/<int:pk>/export/", export_comments, name="reader-comment-export"),
    ]


@hooks.register("register_page_header_buttons")
def add_share_button(page: Page, user: Any, view_name: str, next_url: Any = None) -> Iterator[Any]:
    """Yield the button to share a draft, where there is one or there are links to end."""
    if may_share(page, user) and (
        has_draft(page) or DraftLink.objects.active().filter(page=page.pk).exists()
    ):
        url = reverse("share-draft", args=[page.pk])
        yield Button("Share a draft", url=url, icon_name="link", priority=40)


@hooks.register("construct_page_side_panels")
def add_reader_comments(request: HttpRequest, page: Page, panels: list[Any]) -> None:
    """Add the comments of readers to the editor of a page that has any."""
    panel = ReaderCommentsPanel(page, request)
    if panel.comments:
        panels.append(panel)


@hooks.register("construct_waiting_groups")
def add_reader_comments_group(request: HttpRequest, groups: list[WaitingGroup]) -> None:
    """Add the pages with comments of readers to what waits for the user."""
    groups.append(ReaderCommentsGroup())


@hooks.register("register_log_actions")
def register_draft_link_log_actions(actions: Any) -> None:
    """Register how the history of a page shows the links to its draft."""

    @actions.register_action("draft_links.create")
    class CreateFormatter(LogFormatter):
        label = "Share a draft"

        def format_message(self, log_entry: Any) -> str:
            return f"Made the link “{log_entry.data['label']}” to the draft"

    @actions.register_action("draft_links.end")
    class EndFormatter(LogFormatter):
        label = "End a link to a draft"

        def format_message(self, log_entry: Any) -> str:
            return f"Ended the link “{log_entry.data['label']}” to the draft"
