"""What is offered beside the pages of reports."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from bhp_site.core.storing import storable
from bhp_site.files.versions.models import DocumentVersion

from .citation_formats import FORMATS
from .citations import citation_of
from .models import ReportPage
from .series import ReportSeries


@require_safe
@storable("version")
def cite(request: HttpRequest, slug: str, extension: str) -> HttpResponse:
    """The reference of a visible report as a file; of `?version=` where an earlier one was read.

    Http404 where there is no such report, version or format; 410 where the version is withdrawn.
    """
    if extension not in FORMATS:
        raise Http404("No such format.")
    page = get_object_or_404(ReportPage.objects.visible(), slug=slug)
    version = _version(page, request.GET.get("version", ""))
    if version and version.withdrawn_at:
        context = {"file": version.document, "version": version}
        return render(request, "410.html", context, status=410)
    make, media_type, _ = FORMATS[extension]
    response = HttpResponse(make(citation_of(page, request, version)), media_type)
    name = re.sub("[^A-Za-z0-9-]+", "-", slug).strip("-") or "report"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
    response.headers["Link"] = f'<{page.get_full_url(request)}>; rel="canonical"'
    return response


@require_safe
def latest(request: HttpRequest, series: str) -> HttpResponse:
    """Lead to the latest visible report of a series; Http404 where there is none."""
    found = get_object_or_404(ReportSeries, slug=series)
    report = found.visible().first()
    if report is None:
        raise Http404("No report of this series yet.")
    response = redirect(report.get_url(request))
    # The next report takes its place.
    response.headers["Cache-Control"] = "no-cache"
    return response


def _version(page: ReportPage, number: str) -> DocumentVersion | None:
    if not number:
        return None
    if not re.fullmatch("[1-9][0-9]{,3}", number) or page.main_file is None:
        raise Http404("No such version.")
    return get_object_or_404(page.main_file.versions, number=int(number))
