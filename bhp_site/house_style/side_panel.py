"""A side panel of the page editor with the findings of the house-style check."""

from typing import Any

from django.forms import Media
from django.middleware.csrf import get_token
from django.templatetags.static import static
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.models import Site

from .models import Dismissal
from .page_checks import check_page, get_known_names


class HouseStylePanel(BaseSidePanel):
    """The findings on the last saved draft, each with a form to dismiss it."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = "Toggle house style"
        icon_name = "check"

        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            return super().get_context_data(parent_context) | {"count": len(self.panel.findings)}

    name = "house-style"
    title = "House style"
    template_name = "admin/house_style_panel.html"
    order = 360

    def __init__(self, page: Any, request: Any) -> None:
        super().__init__(page, request)
        saved = page.pk and page.latest_revision_id
        draft = page.get_latest_revision_as_object() if saved else page
        names = get_known_names(Site.find_for_request(request))
        self.findings = check_page(draft, names) if page.pk else []

    @property
    def media(self) -> Media:
        return Media(css={"all": [static("css/house-style.css")]})

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the context with the findings on the page and its dismissals."""
        page_id = self.object.pk
        dismissals = Dismissal.objects.filter(page_id=page_id).select_related("user")
        return super().get_context_data(parent_context) | {
            "findings": self.findings,
            "dismissals": dismissals if page_id else [],
            "csrf_token": get_token(self.request),
            # True after a save, when the panel replaces the one on the page.
            "is_partial": parent_context.get("is_partial", False),
        }
