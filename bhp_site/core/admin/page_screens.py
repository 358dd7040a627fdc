"""Screens of the admin about one page, beside its editor."""

from typing import Any

from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from .links import get_page_edit_url


class PageScreenView(WagtailAdminTemplateMixin, TemplateView):
    """A screen about the page in `page`, which subclasses set and check permissions of."""

    page: Any

    def get_page_subtitle(self) -> str:
        """Return the title of the page."""
        return str(self.page.get_admin_display_title())

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Return the breadcrumbs: the page, this screen."""
        return [
            *self.breadcrumbs_items,
            {"url": get_page_edit_url(self.page.pk), "label": self.get_page_subtitle()},
            {"url": "", "label": self.page_title},
        ]
