"""The side panel with the sign-offs of a page, and the dashboard's group of sign-offs."""

from typing import Any

from wagtail.admin.ui.side_panels import BaseSidePanel

from bhp_site.core.admin.dashboard import WaitingGroup
from bhp_site.core.admin.links import get_edit_url

from .models import SignOff
from .requests import get_draft
from .statuses import SignOffStatus, get_sign_offs_url, list_statuses
from .subjects import find_subject, list_quotations

MAX_ROWS = 5


class SignOffPanel(BaseSidePanel):
    """Each quotation of the last saved draft with the state of its sign-off, and the page's own."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = "Toggle sign-off"
        icon_name = "clipboard-list"

        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            count = sum(status.is_blocking for status in self.panel.statuses)
            return super().get_context_data(parent_context) | {"count": count}

    name = "sign-off"
    title = "Sign-off"
    template_name = "sign_off/side_panel.html"
    order = 320

    def __init__(self, page: Any, request: Any) -> None:
        super().__init__(page, request)
        draft = get_draft(page) if page.pk and page.latest_revision_id else page
        self.statuses: list[SignOffStatus] = list_statuses(draft) if page.pk else []
        self.quotations = list_quotations(draft) if page.pk else []

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the context with a row for each quotation, and the statuses of the page."""
        by_block = {status.sign_off.block_id: status for status in self.statuses}
        pk = self.object.pk
        return super().get_context_data(parent_context) | {
            "quotations": [
                (one, by_block.get(one.block_id), get_sign_offs_url(pk, one.block_id))
                for one in self.quotations
            ],
            "page_statuses": [s for s in self.statuses if not s.sign_off.block_id],
            "url": get_sign_offs_url(pk),
        }


class SignOffsGroup(WaitingGroup):
    """The group of the sign-offs that block pages which the user may edit."""

    heading = "Sign-offs"
    slug = "sign-offs"
    order = 34
    template_name = "sign_off/waiting_group.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the latest sign-offs that block a draft, each with the URL of its screen."""
        user = parent_context["request"].user
        sign_offs = SignOff.objects.current().unpublished().select_related("page")
        rows: list[tuple[SignOffStatus, str]] = []
        for sign_off in sign_offs.order_by("-decided_at", "-requested_at"):
            if len(rows) == MAX_ROWS:
                break
            if get_edit_url(sign_off.page, user):
                subject = find_subject(get_draft(sign_off.page), sign_off.block_id)
                status = SignOffStatus(sign_off, subject)
                if status.is_blocking:
                    rows.append((status, get_sign_offs_url(sign_off.page_id)))
        return {"rows": rows}
