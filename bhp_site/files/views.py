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
from .byte_ranges import ranged, reading
from .models import SiteDocument
from .permissions.admin_access import may_view
from .permissions.public_access import PRIVATE, PUBLIC, cache_control
from .versions.models import DocumentVersion, FormerAddress


@reading
def document(request: HttpRequest, slug: str, extension: str) -> HttpResponseBase:
    """The current bytes of a file at its permanent address; `?download` saves instead of showing.

    410 where they have been withdrawn; a former address leads to the present one.
    """
    found = SiteDocument.objects.filter(slug=slug).first()
    if found is None or extension != found.extension:
        return former_address(request)
    return _bytes(request, found, found.versions.get(number=found.version_number))


@reading
def version(request: HttpRequest, slug: str, number: int, extension: str) -> HttpResponseBase:
    """The bytes of one version of a file."""
    found = SiteDocument.objects.filter(slug=slug).first()
    if found is None and slug.isdigit() and SiteDocument.objects.filter(pk=slug).exists():
        # Wagtail's own address of a file that was called so.
        return document_by_id(request, int(slug), "")
    if found is None:
        former = _moved(request, f"/documents/{slug}.{extension}")
        return redirect("version", former.slug, number, extension, permanent=True)
    known = get_object_or_404(DocumentVersion, document=found, number=number)
    if extension != known.suffix[1:]:
        raise Http404
    return _bytes(request, found, known)


@reading
def document_by_id(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """Wagtail's own address of a file leads to the permanent one."""
    found = get_object_or_404(SiteDocument, pk=pk)
    cache_control(request, found)
    return HttpResponseRedirect(found.url, status=301)


@reading
def former_address(request: HttpRequest, **parts: str) -> HttpResponseBase:
    """An address that a file had, here or on the site before this one, leads to the present one."""
    return redirect(_moved(request, request.path).url, permanent=True)


def _moved(request: HttpRequest, path: str) -> SiteDocument:
    """The file that had the address `path`; Http404 where there is none, or for others only."""
    former = get_object_or_404(FormerAddress.objects.select_related("document"), path=path)
    cache_control(request, former.document)
    return former.document


def _bytes(request: HttpRequest, file: SiteDocument, known: DocumentVersion) -> HttpResponseBase:
    control = cache_control(request, file)
    if known.withdrawn_at:
        gone = render(request, "410.html", {"file": file, "version": known}, status=410)
        gone.headers["Cache-Control"] = control
        return gone
    response = ranged(request, known.file, f'"{known.sha256}"', file.content_type, known.created_at)
    inline = file.extension == "pdf" and "download" not in request.GET
    disposition = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f'{disposition}; filename="{file.filename}"'
    response.headers["Cache-Control"] = control
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    response.headers["Link"] = f'<{request.build_absolute_uri(file.url)}>; rel="canonical"'
    if control == PRIVATE:
        patch_vary_headers(response, ["Cookie"])
    if control == PUBLIC:
        say_storable(request, ("download",), known.pk)
    download_counts.count(request, response, known)
    return response


@reading
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """One rendition of a picture."""
    found = get_object_or_404(SiteRendition.objects.select_related("image"), file=f"images/{name}")
    control = cache_control(request, found.image)
    return _picture(request, found.file, f'"{found.pk}-{found.image.file_hash}"', control)


@reading
def original(request: HttpRequest, name: str) -> HttpResponseBase:
    """A picture as it was uploaded, for those who work in the admin."""
    found = get_object_or_404(SiteImage, file=f"original_images/{name}")
    if not may_view(request.user, found):
        raise Http404
    return _picture(request, found.file, f'"{found.file_hash}"', PRIVATE)


def _picture(request: HttpRequest, file: Any, etag: str, control: str) -> HttpResponseBase:
    @condition(etag_func=lambda request: etag)
    def answer(request: HttpRequest) -> HttpResponseBase:
        response = FileResponse(file.open("rb"))
        response.headers["Content-Security-Policy"] = "default-src 'none'"
        return response

    response = answer(request)
    response.headers["Cache-Control"] = control
    if control == PUBLIC:
        say_storable(request)
    return response
