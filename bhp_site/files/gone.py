"""Find the removed page to which the address of a document belonged."""

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from bhp_site.core.gone import Removed

from .models import SiteDocument
from .permissions.collection_restrictions import is_restricted
from .permissions.public_access import iter_referring_pages


def find_page_of_document(request: HttpRequest, removed: Removed) -> int | None:
    """Return the key of a removed page with the document at the requested address, or None.

    Its document then answers 410 with the reason of the page, instead of 404.
    """
    try:
        match = resolve(request.path)
    except Resolver404:
        return None
    if match.url_name not in ("document", "version"):
        return None
    document = SiteDocument.objects.filter(slug=match.kwargs["slug"]).first()
    if document is None or is_restricted(document):
        return None
    keys = (int(key) for key in iter_referring_pages(document) if key is not True)
    return next((key for key in keys if key in removed), None)
