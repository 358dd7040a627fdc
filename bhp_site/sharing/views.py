"""Cards, for whoever may read their pages."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from bhp_site.core.caching.cacheable import mark_cacheable
from bhp_site.core.visibility import get_visible_pages

from .models import Card, url_of

# The address names the bytes.
FOR_GOOD = "public, max-age=31536000, immutable"


@require_safe
def card(request: HttpRequest, page: int, digest: str) -> HttpResponseBase:
    """The card of a page that anybody may read; where it had been before leads to it."""
    found = get_object_or_404(Card, page__in=get_visible_pages().filter(pk=page))
    if not found.digest:
        raise Http404("No card yet.")
    if digest != found.digest:
        moved: HttpResponse = redirect(url_of(page, found.digest))
        moved.headers["Cache-Control"] = "no-cache"
        return moved
    try:
        response = FileResponse(found.open(), content_type="image/jpeg")
    except FileNotFoundError as error:
        raise Http404("No card any more.") from error
    response.headers["Cache-Control"] = FOR_GOOD
    response.headers["ETag"] = f'"{digest}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    mark_cacheable(request)
    return response
