"""The view that serves the cards of public pages."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from bhp_site.core.caching.cacheable import mark_cacheable
from bhp_site.core.visibility import get_visible_pages
from bhp_site.files.permissions.public_access import RESOURCE_POLICY

from .models import Card, get_card_url

# The address changes with the content.
CACHE_CONTROL = "public, max-age=31536000, immutable"


@require_safe
def serve_card(request: HttpRequest, page: int, digest: str) -> HttpResponseBase:
    """Return the card of a public page; redirect its earlier URLs to the current one.

    Raises Http404 without such a page, card or file.
    """
    card = get_object_or_404(Card, page__in=get_visible_pages().filter(pk=page))
    if not card.digest:
        raise Http404("The page has no card yet.")
    if digest != card.digest:
        moved: HttpResponse = redirect(get_card_url(page, card.digest))
        moved.headers["Cache-Control"] = "no-cache"
        return moved
    try:
        response = FileResponse(card.open(), content_type="image/jpeg")
    except FileNotFoundError as error:
        raise Http404("The file of the card is missing.") from error
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.headers["ETag"] = f'"{digest}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    response.headers[RESOURCE_POLICY] = "cross-origin"
    mark_cacheable(request)
    return response
