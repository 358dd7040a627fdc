"""A side panel of the page editor with the findings of the house-style check."""

from typing import Any

from django.middleware.csrf import get_token

from bhp_site.core.admin.checklist_panel import DraftSidePanel

from .models import Dismissal
from .page_checks import find_draft_findings


class HouseStylePanel(DraftSidePanel):
    """The findings on the last saved draft, each with a form to dismiss it."""

    class SidePanelToggle(DraftSidePanel.SidePanelToggle):
        aria_label = "Toggle house style"
        icon_name = "check"

    name = "house-style"
    title = "House style"
    template_name = "admin/house_style_panel.html"
    order = 360

    def __init__(self, page: Any, request: Any) -> None:
        super().__init__(page, request)
        self.findings = find_draft_findings(self.draft) if self.draft else []

    @property
    def count(self) -> int:
        """Return the number of findings."""
        return len(self.findings)

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the context with the findings on the page and its dismissals."""
        page_id = self.object.pk
        dismissals = Dismissal.objects.filter(page_id=page_id).select_related("user")
        return super().get_context_data(parent_context) | {
            "findings": self.findings,
            "dismissals": dismissals if page_id else [],
            "csrf_token": get_token(self.request),
        }
