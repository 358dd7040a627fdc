"""Views of the admin: the editors' guide and its pictures."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from .rendering import PICTURES, render_guide


class GuideView(WagtailAdminTemplateMixin, TemplateView):
    """The editors' guide on one page."""

    template_name = "admin/guide.html"
    page_title = "Editors’ guide"
    header_icon = "help"
    breadcrumbs_items = [
        *WagtailAdminTemplateMixin.breadcrumbs_items,
        {"url": "", "label": page_title},
    ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context with the guide as HTML."""
        return super().get_context_data(**kwargs) | {"guide": render_guide()}


def serve_picture(request: HttpRequest, name: str) -> HttpResponse:
    """Return a picture of the guide; raise Http404 if there is none of this name."""
    path = PICTURES / f"{name}.png"
    if not path.is_file():
        raise Http404
    return HttpResponse(path.read_bytes(), content_type="image/png")
