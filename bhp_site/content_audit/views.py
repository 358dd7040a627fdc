"""Views of the admin: the report “Content health”, and the button that marks a page as reviewed."""

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

from bhp_site.core.admin.page_policy import page_policy
from bhp_site.core.publishing.rules import get_change_refusal
from bhp_site.house_style.page_checks import PAGES_PER_SCREEN

from .report import SECTIONS, count_house_style_findings
from .review import mark_reviewed

MAX_ROWS_IN_OVERVIEW = 10
ROWS_PER_PAGE = 50


class ContentAuditView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """The report: the first rows of each section, or with `?section=` all rows of one section."""

    template_name = "admin/content_audit.html"
    page_title = "Content health"
    header_icon = "history"
    breadcrumbs_items = [
        *WagtailAdminTemplateMixin.breadcrumbs_items,
        {"url": "", "label": page_title},
    ]
    permission_policy = page_policy
    permission_required = "change"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context with a paginated section of `?section=`, or the top rows of each."""
        slug = self.request.GET.get("section", "")
        selected = [section for section in SECTIONS if section.slug == slug] or SECTIONS
        is_single = len(selected) == 1
        sections = []
        for section in selected:
            rows = section.rows(self.request.user)
            paginator = Paginator(rows, ROWS_PER_PAGE if is_single else MAX_ROWS_IN_OVERVIEW)
            page = paginator.get_page(self.request.GET.get("p") if is_single else 1)
            sections.append({"section": section, "page": page, "number": len(rows)})
        house_style, is_whole = 0, True
        if not is_single:
            house_style, is_whole = count_house_style_findings(self.request.user)
        return super().get_context_data(**kwargs) | {
            "sections": sections,
            "is_single": is_single,
            "house_style": house_style,
            "is_house_style_whole": is_whole,
            "pages_per_screen": PAGES_PER_SCREEN,
            "in_order": (
                [] if is_single else get_sections_in_order(sections, not house_style and is_whole)
            ),
            "checks_links": settings.LINK_CHECKS,
        }


def get_sections_in_order(
    sections: list[dict[str, Any]], is_house_style_in_order: bool
) -> list[str]:
    """Return the titles of the sections in which no problem was found.

    Links that are not checked are not among them.
    """
    titles = [
        entry["section"].title
        for entry in sections
        if not entry["number"] and (settings.LINK_CHECKS or entry["section"].slug != "links")
    ]
    return [*titles, "House style"] if is_house_style_in_order else titles


@require_POST
def mark_page_reviewed(request: HttpRequest, page_id: int) -> HttpResponse:
    """Set the date of the page's next review; return a redirect to the report.

    A message says if the page is locked or in review. Raises PermissionDenied unless the user may
    edit it, and Http404.
    """
    page: Any = get_object_or_404(Page, pk=page_id).specific
    if not hasattr(page, "review_by") or not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    if refusal := get_change_refusal(page, request.user):
        buttons = [messages.button(*way) for way in refusal.ways]
        messages.error(request, f"Not marked as reviewed. {refusal}", buttons)
        return redirect("content-health")
    day = mark_reviewed(page, request.user)
    messages.success(
        request, f"“{page.title}” has been reviewed. The next review date is {day:%-d %B %Y}."
    )
    return redirect("content-health")
