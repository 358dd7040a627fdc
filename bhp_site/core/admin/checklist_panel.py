"""Side panels about the saved draft of a page, and the one with its checklist."""

from typing import Any

from django.forms import Media
from django.templatetags.static import static
from django.utils.functional import cached_property
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.models import Page

from bhp_site.core.publishing.checklist import build_checklist


def is_written_by_editors(page: Page) -> bool:
    """Return True if editors write this page; aliases and generated types have no side panels."""
    return bool(page.specific_class and page.specific_class.is_creatable and not page.alias_of_id)


def get_saved_draft(page: Any) -> Any:
    """Return the last saved draft of `page`, read once for all panels; None before it is saved."""
    if page.pk and not hasattr(page, "_saved_draft"):
        has_revision = page.latest_revision_id is not None
        page._saved_draft = page.get_latest_revision_as_object() if has_revision else page
    return page._saved_draft if page.pk else None


class DraftSidePanel(BaseSidePanel):
    """A side panel about the last saved draft of a page, whose button shows a number.

    Its template includes `admin/side_panel_counter.html`, because a save replaces the panel alone.
    """

    def __init__(self, page: Any, request: Any) -> None:
        super().__init__(page, request)
        self.draft = get_saved_draft(page)

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            """Return the template's context with the number to show on the toggle."""
            return super().get_context_data(parent_context) | {"count": self.panel.count}

    @property
    def count(self) -> int:
        """Return the number on the button that opens the panel."""
        raise NotImplementedError

    @property
    def media(self) -> Media:
        """Return the style sheet of these panels."""
        return Media(css={"all": [static("css/side-panels.css")]})

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the context with the draft, and whether the panel replaces one after a save."""
        return super().get_context_data(parent_context) | {
            "draft": self.draft,
            "is_partial": parent_context.get("is_partial", False),
        }


class ChecklistPanel(DraftSidePanel):
    """The checklist of the last saved draft."""

    class SidePanelToggle(DraftSidePanel.SidePanelToggle):
        aria_label = "Toggle checklist"
        icon_name = "tasks"

    name = "checklist"
    title = "Checklist"
    template_name = "admin/checklist_panel.html"
    order = 350

    @cached_property
    def checklist(self) -> Any:
        """Return the checklist; None before the first save."""
        return build_checklist(self.draft) if self.draft else None

    @property
    def count(self) -> int:
        """Return the number of required entries that are not done."""
        return len(self.checklist.required) if self.checklist else 0

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the context with the checklist."""
        return super().get_context_data(parent_context) | {"checklist": self.checklist}
