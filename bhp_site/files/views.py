"""Every file and picture is answered here, and nowhere else."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import condition

from bhp_site.core.models import SiteImage, SiteRendition
from bhp_site.core.storing import say_storable

from . import download_counts
from .byte_ranges import build_range_response, require_read_method
from .models import SiteDocument
from .permissions.admin_access import may_view
from .permissions.public_access import (
    PRIVATE_CACHE_CONTROL,
    PUBLIC_CACHE_CONTROL,
    get_cache_control,
)
from .versions.models import DocumentVersion, FormerAddress


@require_read_method
def serve_document(request: HttpRequest, slug: str, extension: str) -> HttpResponseBase:
    """The current bytes of a file at its permanent address; `?download` saves instead of showing.

    410 where they have been withdrawn; a former address leads to the present one.
    """
    found = SiteDocument.objects.filter(slug=slug).first()
    if found is None or extension != found.extension:
        return redirect_former_address(request)
    return _build_document_response(request, found, found.versions.get(number=found.version_number))


@require_read_method
def serve_version(request: HttpRequest, slug: str, number: int, extension: str) -> HttpResponseBase:
    """The bytes of one version of a file."""
    found = SiteDocument.objects.filter(slug=slug).first()
    if found is None and slug.isdigit() and SiteDocument.objects.filter(pk=slug).exists():
        # Wagtail's own address of a file that was called so.
        return redirect_document_id(request, int(slug), "")
    if found is None:
        former = _get_moved_document(request, f"/documents/{slug}.{extension}")
        return redirect("version", former.slug, number, extension, permanent=True)
    known = get_object_or_404(DocumentVersion, document=found, number=number)
    if extension != known.suffix[1:]:
        raise Http404
    return _build_document_response(request, found, known)


@require_read_method
def redirect_document_id(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """Wagtail's own address of a file leads to the permanent one."""
    found = get_object_or_404(SiteDocument, pk=pk)
    get_cache_control(request, found)
    return HttpResponseRedirect(found.url, status=301)


@require_read_method
def redirect_former_address(request: HttpRequest, **parts: str) -> HttpResponseBase:
    """An address that a file had, here or on the site before this one, leads to the present one."""
    return redirect(_get_moved_document(request, request.path).url, permanent=True)


def _get_moved_document(request: HttpRequest, path: str) -> SiteDocument:
    """The file that had the address `path`; Http404 where there is none, or for others only."""
    former = get_object_or_404(FormerAddress.objects.select_related("document"), path=path)
    get_cache_control(request, former.document)
    return former.document


def _build_document_response(
    request: HttpRequest, file: SiteDocument, known: DocumentVersion
) -> HttpResponseBase:
    control = get_cache_control(request, file)
    if known.withdrawn_at:
        gone = render(request, "410.html", {"file": file, "version": known}, status=410)
        gone.headers["Cache-Control"] = control
        return gone
    response = build_range_response(
        request, known.file, f'"{known.sha256}"', file.content_type, known.created_at
    )
    inline = file.extension == "pdf" and "download" not in request.GET
    disposition = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f'{disposition}; filename="{file.filename}"'
    response.headers["Cache-Control"] = control
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    response.headers["Link"] = f'<{request.build_absolute_uri(file.url)}>; rel="canonical"'
    if control == PRIVATE_CACHE_CONTROL:
        patch_vary_headers(response, ["Cookie"])
    if control == PUBLIC_CACHE_CONTROL:
        say_storable(request, ("download",), known.pk)
    download_counts.count_download(request, response, known)
    return response


@require_read_method
def serve_rendition(request: HttpRequest, name: str) -> HttpResponseBase:
    """One rendition of a picture."""
    found = get_object_or_404(SiteRendition.objects.select_related("image"), file=f"images/{name}")
    control = get_cache_control(request, found.image)
    return _build_image_response(
        request, found.file, f'"{found.pk}-{found.image.file_hash}"', control
    )


@require_read_method
def serve_original_image(request: HttpRequest, name: str) -> HttpResponseBase:
    """A picture as it was uploaded, for those who work in the admin."""
    found = get_object_or_404(SiteImage, file=f"original_images/{name}")
    if not may_view(request.user, found):
        raise Http404
    return _build_image_response(request, found.file, f'"{found.file_hash}"', PRIVATE_CACHE_CONTROL)


def _build_image_response(
    request: HttpRequest, file: Any, etag: str, control: str
) -> HttpResponseBase:
    @condition(etag_func=lambda request: etag)
    def answer(request: HttpRequest) -> HttpResponseBase:
        response = FileResponse(file.open("rb"))
        response.headers["Content-Security-Policy"] = "default-src 'none'"
        return response

    response = answer(request)
    response.headers["Cache-Control"] = control
    if control == PUBLIC_CACHE_CONTROL:
        say_storable(request)
    return response
