"""Structured data of documents (schema.org)."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from bhp_site.core.licences import Licence

from .models import SiteDocument, load_current_versions


def build_media_object(
    document: SiteDocument, request: HttpRequest, licence: Licence | None
) -> dict[str, Any]:
    """Return `document` as a schema.org `MediaObject`: address, format, size, hash, `licence`.

    `accessibilityFeature` is there only if the check found a tagged PDF without faults.
    """
    node: dict[str, Any] = {
        "@type": "MediaObject",
        "name": document.title,
        "contentUrl": request.build_absolute_uri(document.url),
        "encodingFormat": document.content_type,
        "contentSize": str(document.file_size),
        "sha256": document.sha256,
        "version": document.version_number,
    }
    if licence:
        node["license"] = licence.url
    if document.is_tagged and document.has_text and not document.has_faults:
        node["accessibilityFeature"] = ["taggedPDF"]
    if version := document.current_version:
        node["datePublished"] = version.publication.iso
    return node


def build_media_objects(rows: Iterable[Any], request: HttpRequest) -> list[dict[str, Any]]:
    """Return the `document` of each row as a MediaObject, without withdrawn ones.

    A row has the properties of `reports.downloads.Download`.
    """
    offered = [row for row in rows if not row.document.withdrawn_reason]
    load_current_versions(row.document for row in offered)
    return [build_media_object(row.document, request, row.licence) for row in offered]
