"""Every file and picture is answered here, and nowhere else."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date
from django.views.decorators.http import condition, require_safe

from bhp_site.core.models import SiteImage, SiteRendition

from .access import is_public, may_see_drafts
from .models import SiteDocument
from .ranges import ranged


def _require_access(request: HttpRequest, instance: Any) -> str:
    """The Cache-Control of an answer with `instance`; Http404 where the user may not have it."""
    if is_public(instance):
        return "public, no-cache"
    if may_see_drafts(request.user):
        return "private, no-store"
    raise Http404


@require_safe
def document(request: HttpRequest, slug: str, extension: str) -> HttpResponseBase:
    """The bytes of a file at its permanent address; `?download` saves instead of showing."""
    found = get_object_or_404(SiteDocument, slug=slug)
    if extension != found.extension:
        raise Http404
    control = _require_access(request, found)
    response = ranged(request, found.file, f'"{found.sha256}"', found.content_type)
    inline = found.extension == "pdf" and "download" not in request.GET
    disposition = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f'{disposition}; filename="{found.filename}"'
    response.headers["Last-Modified"] = http_date(found.created_at.timestamp())
    response.headers["Cache-Control"] = control
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    response.headers["Link"] = f'<{request.build_absolute_uri(found.url)}>; rel="canonical"'
    patch_vary_headers(response, ["Cookie"] if control.startswith("private") else [])
    return response


@require_safe
def document_by_id(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """Wagtail's own address of a file leads to the permanent one."""
    found = get_object_or_404(SiteDocument, pk=pk)
    _require_access(request, found)
    return HttpResponseRedirect(found.url, status=301)


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """One rendition of a picture."""
    found = get_object_or_404(SiteRendition.objects.select_related("image"), file=f"images/{name}")
    control = _require_access(request, found.image)
    return _picture(request, found.file, f'"{found.pk}-{found.image.file_hash}"', control)


@require_safe
def original(request: HttpRequest, name: str) -> HttpResponseBase:
    """A picture as it was uploaded, for those who work in the admin."""
    if not may_see_drafts(request.user):
        raise Http404
    found = get_object_or_404(SiteImage, file=f"original_images/{name}")
    return _picture(request, found.file, f'"{found.file_hash}"', "private, no-store")


def _picture(request: HttpRequest, file: Any, etag: str, control: str) -> HttpResponseBase:
    @condition(etag_func=lambda request: etag)
    def answer(request: HttpRequest) -> HttpResponseBase:
        response = FileResponse(file.open("rb"))
        response.headers["Content-Security-Policy"] = "default-src 'none'"
        return response

    response = answer(request)
    response.headers["Cache-Control"] = control
    return response
