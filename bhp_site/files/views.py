"""Public views that serve documents and images; no other view does."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import condition

from bhp_site.core.caching.cacheable import mark_cacheable
from bhp_site.core.licences import Licence
from bhp_site.core.models import SiteImage, SiteRendition
from bhp_site.core.monitoring.refusals import Reason, note_refusal

from . import download_counts
from .byte_ranges import build_range_response, require_read_method
from .models import SiteDocument
from .permissions.admin_access import may_view
from .permissions.public_access import (
    PRIVATE_CACHE_CONTROL,
    PUBLIC_CACHE_CONTROL,
    RESOURCE_POLICY,
    get_cache_control,
)
from .versions.models import DocumentVersion, FormerAddress
from .virus_scan.scanning import is_blocked

logger = logging.getLogger(__name__)


@require_read_method
def serve_document(request: HttpRequest, slug: str, extension: str) -> HttpResponseBase:
    """Return the current version of a document at its permanent URL.

    With `?download` the browser saves it instead of showing it. Return 410 if the version has been
    withdrawn, and redirect a former URL to the current one. Raises Http404 if this visitor may not
    have the document.
    """
    document = SiteDocument.objects.filter(slug=slug).first()
    if document is None or extension != document.extension:
        return redirect_former_address(request)
    version = document.versions.get(number=document.version_number)
    return _serve_version(request, document, version)


@require_read_method
def serve_version(request: HttpRequest, slug: str, number: int, extension: str) -> HttpResponseBase:
    """Return one version of a document at its permanent URL; 410 if it has been withdrawn.

    Redirect a former URL. Raises Http404 if this visitor may not have the document, or there is no
    such version.
    """
    document = SiteDocument.objects.filter(slug=slug).first()
    if document is None and slug.isdigit() and SiteDocument.objects.filter(pk=slug).exists():
        # Wagtail's own address of a document whose file had such a name.
        return redirect_document_id(request, int(slug), "")
    if document is None:
        moved = _get_moved_document(request, f"/documents/{slug}.{extension}")
        return redirect("version", moved.slug, number, extension, permanent=True)
    version = get_object_or_404(DocumentVersion, document=document, number=number)
    if extension != version.suffix[1:]:
        raise Http404
    return _serve_version(request, document, version)


@require_read_method
def redirect_document_id(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """Return a redirect from Wagtail's own URL of a document to the permanent one.

    Raises Http404 if there is no such document, or this visitor may not have it.
    """
    document = get_object_or_404(SiteDocument, pk=pk)
    get_cache_control(request, document)
    return HttpResponseRedirect(document.url, status=301)


@require_read_method
def redirect_former_address(request: HttpRequest, **parts: str) -> HttpResponseBase:
    """Return a redirect from an address that a document had, on this site or the previous one.

    Raises Http404 if none had it, or this visitor may not have the document.
    """
    return redirect(_get_moved_document(request, request.path).url, permanent=True)


@require_read_method
def serve_rendition(request: HttpRequest, name: str) -> HttpResponseBase:
    """Return one rendition of an image; raise Http404 if this visitor may not have it."""
    renditions = SiteRendition.objects.select_related("image")
    rendition = get_object_or_404(renditions, file=f"images/{name}")
    control = get_cache_control(request, rendition.image)
    etag = f'"{rendition.pk}-{rendition.image.file_hash}"'
    response = build_image_response(request, rendition.file, etag, control)
    if licence := rendition.image.shown_licence:
        response.headers["Link"] = _build_licence_link(request, licence)
    return response


@require_read_method
def serve_original_image(request: HttpRequest, name: str) -> HttpResponseBase:
    """Return an image as it was uploaded, for the admin.

    Raises Http404 if there is none, or the user may not view it in the admin.
    """
    image = get_object_or_404(SiteImage, file=f"original_images/{name}")
    if not may_view(request.user, image):
        note_refusal(Reason.PRIVATE, "original image")
        raise Http404
    if is_blocked(image.file_hash):
        raise Http404
    return build_image_response(request, image.file, f'"{image.file_hash}"', PRIVATE_CACHE_CONTROL)


def _get_moved_document(request: HttpRequest, path: str) -> SiteDocument:
    """Return the document that had the address `path`; raises Http404 if this visitor has none."""
    former = get_object_or_404(FormerAddress.objects.select_related("document"), path=path)
    get_cache_control(request, former.document)
    return former.document


def _serve_version(
    request: HttpRequest, document: SiteDocument, version: DocumentVersion
) -> HttpResponseBase:
    control = get_cache_control(request, document)
    response = build_document_response(request, document, version, control)
    if version.withdrawn_at:
        return response
    links = [f'<{request.build_absolute_uri(document.url)}>; rel="canonical"']
    # Without a licence of its own, that of the report applies which offers it.
    if licence := document.own_licence:
        links.append(_build_licence_link(request, licence))
    response.headers["Link"] = ", ".join(links)
    if control == PRIVATE_CACHE_CONTROL:
        patch_vary_headers(response, ["Cookie"])
    if control == PUBLIC_CACHE_CONTROL:
        response.headers[RESOURCE_POLICY] = "cross-origin"
        mark_cacheable(request, ("download",), version.pk, flags=("download",))
    download_counts.count_download(request, response, version)
    return response


def _build_licence_link(request: HttpRequest, licence: Licence) -> str:
    """Return the link in a header to the terms of a file (RFC 8288)."""
    return f'<{request.build_absolute_uri(licence.url)}>; rel="license"'


def build_document_response(
    request: HttpRequest, document: SiteDocument, version: DocumentVersion, control: str
) -> HttpResponseBase:
    """Return the bytes of a version, or the range asked for; 410 if it has been withdrawn.

    `control` is the Cache-Control header. The caller has checked that the visitor may have them.
    Raises Http404 if the file is missing.
    """
    if is_blocked(version.sha256):
        raise Http404
    if version.withdrawn_at:
        context = {"document": document, "version": version}
        notice = render(request, "410.html", context, status=410)
        notice.headers["Cache-Control"] = control
        return notice
    etag = f'"{version.sha256}"'
    with _missing_file_as_404(version.file):
        response = build_range_response(
            request, version.file, etag, document.content_type, version.created_at
        )
    inline = document.extension == "pdf" and "download" not in request.GET
    disposition = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f'{disposition}; filename="{document.filename}"'
    response.headers["Cache-Control"] = control
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response


def build_image_response(
    request: HttpRequest, file: Any, etag: str, control: str
) -> HttpResponseBase:
    """Return the bytes of an image; 304 if the visitor has those that `etag` names.

    `control` is the Cache-Control header. The caller has checked that the visitor may have them.
    """

    @condition(etag_func=lambda request: etag)
    def build_response(request: HttpRequest) -> HttpResponseBase:
        response = FileResponse(file.open("rb"))
        response.headers["Content-Security-Policy"] = "default-src 'none'"
        return response

    with _missing_file_as_404(file):
        response = build_response(request)
    response.headers["Cache-Control"] = control
    if control == PUBLIC_CACHE_CONTROL:
        response.headers[RESOURCE_POLICY] = "cross-origin"
        mark_cacheable(request)
    return response


@contextmanager
def _missing_file_as_404(file: Any) -> Iterator[None]:
    """Raise Http404, and log an error, if the bytes of `file` have vanished from storage."""
    try:
        yield
    except FileNotFoundError as error:
        logger.error("A stored file is missing: %s. Restore it from a backup.", file.name)
        raise Http404(
            "This document is temporarily unavailable, because its file is missing."
        ) from error
