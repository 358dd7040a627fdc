from typing import Any

from django import forms
from django.utils.functional import cached_property
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel

from bhp_site.core.page_updates import has_been_public
from bhp_site.core.unpublishing import Unpublishing


class UpdatePanel(MultiFieldPanel):
    """The choice of a minor or major update, for pages that have been public, and past updates."""

    def __init__(self, **kwargs: Any) -> None:
        defaults = {
            "children": [
                FieldPanel("update_kind", widget=forms.RadioSelect, heading="Kind"),
                "update_note",
            ],
            "heading": "This update",
        }
        super().__init__(**{**defaults, **kwargs})

    class BoundPanel(MultiFieldPanel.BoundPanel):
        template_name = "admin/update_panel.html"

        def is_shown(self) -> bool:
            """Return True for a page that is or was public, whose readers an update concerns."""
            return has_been_public(self.instance) and bool(super().is_shown())

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Return the context with the earlier updates and whether the user may change them."""
            rows = self.instance.public_updates.all() if self.instance.pk else []
            permissions = self.instance.permissions_for_user(self.request.user)
            return super().get_context_data(parent_context) | {
                "earlier": rows,
                "may_change": permissions.can_publish(),
            }


class UnpublishingPanel(Panel):
    """The notice or redirect that visitors get since the page was unpublished or withdrawn."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/unpublishing_panel.html"

        def is_shown(self) -> bool:
            """Return True if there is a notice or a redirect in place of the page."""
            return bool(self.notice and super().is_shown())

        @cached_property
        def notice(self) -> Unpublishing | None:
            """Return the row that says what visitors get; None if there is none."""
            rows = Unpublishing.objects.select_related("redirect__redirect_page")
            return rows.filter(page=self.instance.pk).first() if self.instance.pk else None

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Return the context with the row."""
            return super().get_context_data(parent_context) | {"notice": self.notice}
