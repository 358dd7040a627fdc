"""Views with which an editor drafts a report's edition from its PDF."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from bhp_site.core.admin.links import get_page_edit_url
from bhp_site.files.versions.models import DocumentVersion

from .drafting import give_up_stale_jobs, start_job
from .drafting_jobs import DraftingJob
from .models import ReportPage


class _ReportMixin:
    """The report of a view; raises PermissionDenied for users who may not edit it."""

    kwargs: dict[str, Any]
    request: HttpRequest

    @cached_property
    def report(self) -> ReportPage:
        """Return the latest draft."""
        live = get_object_or_404(ReportPage, pk=self.kwargs["pk"])
        draft: ReportPage = live.get_latest_revision_as_object()
        return draft

    @property
    def back(self) -> str:
        return get_page_edit_url(self.report.pk) + "#tab-read_online"

    def check_permission(self) -> None:
        if not self.report.permissions_for_user(self.request.user).can_edit():
            raise PermissionDenied


class DraftEditionView(_ReportMixin, WagtailAdminTemplateMixin, TemplateView):
    """Says what will be drafted and what happens to existing chapters; starts it and shows it."""

    template_name = "admin/draft_edition.html"
    page_title = "Draft from the PDF"
    header_icon = "doc-full"
    breadcrumbs_items: list[Any] = []

    @cached_property
    def version(self) -> DocumentVersion | None:
        """Return the version of the PDF to draft from; None if the report has no PDF."""
        return self.report.pdf_version

    def get_page_subtitle(self) -> str:
        """Return the title of the report."""
        return str(self.report.title)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Return the response; a redirect to the report if it is locked or has no PDF.

        Raises PermissionDenied if the user may not edit the report.
        """
        self.check_permission()
        if self.report.permissions_for_user(request.user).page_locked():
            messages.error(request, "The report is locked. Unlock it to draft chapters.")
            return redirect(self.back)
        if self.version is None:
            messages.error(
                request, ("Add a PDF under “Documents to download” and save the report first.")
            )
            return redirect(self.back)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context with the PDF, the existing chapters and the unfinished job."""
        return super().get_context_data(**kwargs) | {
            "version": self.version,
            "document": self.report.pdf,
            "chapters": self.report.edition,
            "back": self.back,
            "report_pk": self.report.pk,
            "job": self.active_job,
        }

    @property
    def active_job(self) -> DraftingJob | None:
        """Return the unfinished job; None if there is none. Stale jobs are marked as failed."""
        give_up_stale_jobs()
        return self.report.drafting_job

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Start a job; redirect to its progress, or to its result if it is finished."""
        assert self.version
        job = start_job(self.report, self.version, request.user)
        if job.is_active:
            return redirect(request.path)
        return redirect(reverse("draft-edition-result", args=[self.report.pk, job.pk]))


class _JobMixin(_ReportMixin):
    """One job of the report."""

    @cached_property
    def job(self) -> DraftingJob:
        self.check_permission()
        give_up_stale_jobs()
        job = DraftingJob.objects.filter(report=self.report.pk, pk=self.kwargs["job"]).first()
        if job is None:
            raise Http404
        return job


class DraftingProgressView(_JobMixin, View):
    """Returns the progress of a job, for the script of the page that shows it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the progress of the job as JSON; `result` is a URL once it is finished."""
        job = self.job
        result = reverse("draft-edition-result", args=[self.report.pk, job.pk])
        answer = {
            "text": job.progress,
            "value": job.images_saved,
            "max": job.images,
            "result": "" if job.is_active else result,
        }
        return JsonResponse(answer)


class DraftingResultView(_JobMixin, View):
    """Redirects to the report with a message about the result of a job."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return a redirect to the report with the job's message, or to its progress."""
        if self.job.is_active:
            return redirect(reverse("draft-edition", args=[self.report.pk]))
        is_done = self.job.state == DraftingJob.State.DONE
        tell = messages.success if is_done else messages.error
        tell(request, self.job.message)
        return redirect(self.back)
