"""The side panel with the sign-offs of a page, and the dashboard's group of sign-offs."""

from typing import Any

from django.utils.functional import cached_property

from bhp_site.core.admin.checklist_panel import DraftSidePanel
from bhp_site.core.admin.dashboard import WaitingGroup
from bhp_site.core.admin.links import get_edit_url

from .models import SignOff
from .requests import get_draft
from .statuses import SignOffStatus, get_sign_offs_url, list_statuses
from .subjects import Subject, find_subject, list_quotations

MAX_ROWS = 5


class SignOffPanel(DraftSidePanel):
    """Each quotation of the last saved draft with the state of its sign-off, and the page's own."""

    class SidePanelToggle(DraftSidePanel.SidePanelToggle):
        aria_label = "Toggle sign-off"
        icon_name = "clipboard-list"

    name = "sign-off"
    title = "Sign-off"
    template_name = "sign_off/side_panel.html"
    order = 320

    @cached_property
    def statuses(self) -> list[SignOffStatus]:
        """Return the sign-offs of the draft that matter; none before the first save."""
        statuses = list_statuses(self.draft) if self.draft else []
        return [status for status in statuses if not status.is_finished]

    @cached_property
    def quotations(self) -> list[Subject]:
        """Return the quotations of the draft; none before the first save."""
        return list_quotations(self.draft) if self.draft else []

    @property
    def count(self) -> int:
        """Return the number of sign-offs that block publication."""
        return sum(status.is_blocking for status in self.statuses)

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the context with a row for each quotation, and the statuses of the page."""
        by_block = {status.sign_off.block_id: status for status in self.statuses}
        pk = self.object.pk
        return super().get_context_data(parent_context) | {
            "quotations": [
                (
                    quotation,
                    by_block.get(quotation.block_id),
                    get_sign_offs_url(pk, quotation.block_id),
                )
                for quotation in self.quotations
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
