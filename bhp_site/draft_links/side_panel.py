"""A side panel of the page editor with the comments that readers left on the draft."""

from typing import Any

from django.middleware.csrf import get_token
from django.utils.functional import cached_property

from bhp_site.core.admin.checklist_panel import DraftSidePanel
from bhp_site.core.admin.dashboard import WaitingGroup
from bhp_site.core.admin.links import get_edit_url

from .models import DraftComment

MAX_PAGES = 5


class ReaderCommentsPanel(DraftSidePanel):
    """The open comments of readers; there is no panel without one."""

    class SidePanelToggle(DraftSidePanel.SidePanelToggle):
        aria_label = "Toggle comments from readers"
        icon_name = "comment"

    name = "reader-comments"
    title = "Comments from readers"
    template_name = "draft_links/reader_comments_panel.html"
    # After Wagtail's panel with the editors' comments.
    order = 310

    @cached_property
    def comments(self) -> list[DraftComment]:
        """Return the open comments on the drafts of the page."""
        page = self.object
        return list(DraftComment.open_on(page).select_related("link")) if page.pk else []

    @property
    def count(self) -> int:
        """Return the number of open comments."""
        return len(self.comments)

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the context with the comments."""
        return super().get_context_data(parent_context) | {
            "comments": self.comments,
            "csrf_token": get_token(self.request),
        }


class ReaderCommentsGroup(WaitingGroup):
    """The group of the pages with open comments of readers that the user may edit."""

    heading = "Comments from readers of drafts"
    slug = "reader-comments"
    order = 35
    template_name = "draft_links/reader_comments_group.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the pages, the latest commented first, each with its number of comments."""
        comments = DraftComment.objects.open().select_related("link__page")
        counts: dict[Any, int] = {}
        for comment in comments.order_by("-created_at"):
            page = comment.link.page
            counts[page] = counts.get(page, 0) + 1
        editable = [
            (page, n)
            for page, n in counts.items()
            if get_edit_url(page, parent_context["request"].user)
        ]
        return {"pages": editable[:MAX_PAGES]}
