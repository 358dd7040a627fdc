"""Citation files, and the permanent URL of the latest report of a series."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from bhp_site.core.caching.cacheable import cacheable
from bhp_site.files.versions.models import DocumentVersion

from .citation_formats import CITATION_FORMATS
from .citations import build_citation
from .models import ReportPage
from .series import ReportSeries


@require_safe
@cacheable("version")
def download_citation(request: HttpRequest, slug: str, extension: str) -> HttpResponse:
    """Return the citation of a visible report, or of the version in `?version=`, as a file.

    Raises Http404 if there is no such report, version or format; 410 if the version is withdrawn.
    """
    if extension not in CITATION_FORMATS:
        raise Http404("No such format.")
    page = get_object_or_404(ReportPage.objects.visible(), slug=slug)
    version = _get_version(page, request.GET.get("version", ""))
    if version and version.withdrawn_at:
        context = {"file": version.document, "version": version}
        return render(request, "410.html", context, status=410)
    format_citation, media_type, _ = CITATION_FORMATS[extension]
    response = HttpResponse(format_citation(build_citation(page, request, version)), media_type)
    name = re.sub("[^A-Za-z0-9-]+", "-", slug).strip("-") or "report"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
    response.headers["Link"] = f'<{page.get_full_url(request)}>; rel="canonical"'
    return response


@require_safe
def redirect_to_latest(request: HttpRequest, series: str) -> HttpResponse:
    """Return a redirect to the latest visible report of a series; raise Http404 without one."""
    report = get_object_or_404(ReportSeries, slug=series).get_visible_reports().first()
    if report is None:
        raise Http404("No report of this series yet.")
    response = redirect(report.get_url(request))
    # A newer report will replace it.
    response.headers["Cache-Control"] = "no-cache"
    return response


def _get_version(page: ReportPage, number: str) -> DocumentVersion | None:
    if not number:
        return None
    if not re.fullmatch("[1-9][0-9]{,3}", number) or page.main_document is None:
        raise Http404("No such version.")
    return get_object_or_404(page.main_document.versions, number=int(number))
