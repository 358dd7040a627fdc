"""Drafting a report's edition from its PDF, as an editor asks for it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from bhp_site.files.reading import Unreadable
from bhp_site.files.versions import DocumentVersion

from .drafts import draft_edition
from .models import ReportPage


class DraftEditionView(WagtailAdminTemplateMixin, TemplateView):
    """Says what will be drafted, and what becomes of the chapters that are there; then does it."""

    template_name = "admin/draft_edition.html"
    page_title = "Draft from the PDF"
    header_icon = "doc-full"
    breadcrumbs_items: list[Any] = []

    @cached_property
    def report(self) -> ReportPage:
        """The latest draft."""
        live = get_object_or_404(ReportPage, pk=self.kwargs["pk"])
        draft: ReportPage = live.get_latest_revision_as_object()
        return draft

    @cached_property
    def version(self) -> DocumentVersion | None:
        return self.report.pdf_version

    @property
    def back(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.report.pk]) + "#tab-read_online"

    def get_page_subtitle(self) -> str:
        return str(self.report.title)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        permissions = self.report.permissions_for_user(request.user)
        if not permissions.can_edit():
            raise PermissionDenied
        if permissions.page_locked():
            messages.error(request, "The report is locked, so nothing can be drafted into it.")
            return redirect(self.back)
        if self.version is None:
            messages.error(request, "Add a PDF under “Files to download”, and save, first.")
            return redirect(self.back)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "version": self.version,
            "document": self.report.pdf,
            "chapters": self.report.edition,
            "back": self.back,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        assert self.version
        try:
            draft_edition(self.report, self.version, request.user)
        except Unreadable as error:
            messages.error(request, f"Nothing was drafted. {error.sentence}")
            return redirect(self.back)
        chapters, notes = self.report.edition, self.report.notes_left
        said = f"{len(chapters)} chapter{'' if len(chapters) == 1 else 's'} drafted"
        if notes:
            said += f", with {notes} note{'' if notes == 1 else 's'} of what to look at"
        messages.success(request, f"{said}. Nothing of it is public before you publish.")
        return redirect(self.back)
