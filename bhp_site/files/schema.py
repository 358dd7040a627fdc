from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from .models import SiteDocument


def build_media_object(document: SiteDocument, request: HttpRequest) -> dict[str, Any]:
    """A file as schema.org `MediaObject`: address, format, bytes, hash."""
    node = {
        "@type": "MediaObject",
        "name": document.title,
        "contentUrl": request.build_absolute_uri(document.url),
        "encodingFormat": document.content_type,
        "contentSize": str(document.file_size),
        "sha256": document.sha256,
        "version": document.version_number,
    }
    if version := document.current_version:
        node["datePublished"] = version.publication.iso
    return node


def build_media_objects(offers: Iterable[Any], request: HttpRequest) -> list[dict[str, Any]]:
    """The files that a page offers, without those that have been withdrawn."""
    documents = (offer.document for offer in offers)
    return [build_media_object(one, request) for one in documents if not one.withdrawn_reason]
