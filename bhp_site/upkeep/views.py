"""The report on the content's health, and saying that a page was reviewed."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from bhp_site.core.publishing_rules import get_change_refusal

from .health import SECTIONS, house_style
from .review import mark_reviewed

# Rows of each section beside the others, and of one by itself.
FIRST, PER_PAGE = 10, 50


class HealthView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """What should be looked at, each row with its way there; `?section=` shows all of one kind."""

    template_name = "admin/content_health.html"
    page_title = "Content health"
    header_icon = "history"
    breadcrumbs_items = [
        *WagtailAdminTemplateMixin.breadcrumbs_items,
        {"url": "", "label": page_title},
    ]
    permission_policy = PagePermissionPolicy()
    permission_required = "change"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("section", "")
        shown = [one for one in SECTIONS if one.slug == asked] or SECTIONS
        alone = len(shown) == 1
        sections = []
        for section in shown:
            rows = section.rows(self.request.user)
            part = Paginator(rows, PER_PAGE if alone else FIRST).get_page(
                self.request.GET.get("p") if alone else 1
            )
            sections.append({"section": section, "part": part, "number": len(rows)})
        return super().get_context_data(**kwargs) | {
            "sections": sections,
            "alone": alone,
            "house_style": None if alone else house_style(self.request.user),
            "asks_links": settings.LINK_CHECKS,
        }


@require_POST
def reviewed(request: HttpRequest, page_id: int) -> HttpResponse:
    """Set the day of the page's next review; nothing is published."""
    page: Any = get_object_or_404(Page, pk=page_id).specific
    if not hasattr(page, "review_by") or not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    if refusal := get_change_refusal(page, request.user):
        buttons = [messages.button(*way) for way in refusal.ways]
        messages.error(request, f"Not marked as reviewed. {refusal}", buttons)
        return redirect("content-health")
    day = mark_reviewed(page, request.user)
    messages.success(request, f"“{page.title}” is to be reviewed again by {day:%-d %B %Y}.")
    return redirect("content-health")
