"""Wagtail's views of pages, with side panels that apps add and messages about decisions."""

from typing import Any

from wagtail import hooks
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.viewsets.pages import PageViewSet

from .decisions import PageDecisionView
from .unpublish_view import SiteUnpublishView


class SidePanelsMixin:
    """Adds the panels of the hook `construct_page_side_panels` to a view of the page editor.

    The hook is called with the request, the page and the list of panels.
    """

    page: Any
    request: Any

    def get_side_panels(self) -> MediaContainer:
        """Return Wagtail's panels and those that apps add."""
        panels: MediaContainer = super().get_side_panels()  # type: ignore[misc]
        for add_panels in hooks.get_hooks("construct_page_side_panels"):
            add_panels(self.request, self.page, panels)
        return panels


class SiteCreateView(SidePanelsMixin, CreateView):
    """Wagtail's view to create a page, with the panels of the apps."""


class SiteEditView(SidePanelsMixin, EditView):
    """Wagtail's view to edit a page, with the panels of the apps."""


class SitePageViewSet(PageViewSet):
    """Wagtail's views of all pages, with the panels of the apps and messages about decisions."""

    add_view_class = SiteCreateView
    edit_view_class = SiteEditView
    unpublish_view_class = SiteUnpublishView
    workflow_action_view_class = PageDecisionView
