"""The views of press packs: of a public announcement, and of a draft for the holder of a link."""

import datetime
import logging

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from bhp_site.core.caching.cacheable import mark_cacheable
from bhp_site.draft_links.access import draft_view
from bhp_site.draft_links.shared_draft import SharedDraft
from bhp_site.files.byte_ranges import build_range_response, require_read_method
from bhp_site.files.permissions.public_access import PUBLIC_CACHE_CONTROL
from news.models import NewsPage

from ..sending.emails import describe_embargo
from ..sending.embargo import get_embargo
from .archive import StoredPack, get_pack
from .contents import list_files

logger = logging.getLogger(__name__)
CONTENT_TYPE = "application/zip"


@require_read_method
def serve_pack(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Return the press pack of a public announcement; raises Http404 if there is none.

    A withdrawn announcement has none: its files would not say that it is withdrawn.
    """
    page = NewsPage.objects.listed().filter(slug=slug).first()
    if page is None:
        raise Http404
    response = build_pack_response(request, page)
    response.headers["Cache-Control"] = PUBLIC_CACHE_CONTROL
    mark_cacheable(request)
    return response


@require_read_method
@draft_view
def serve_draft_pack(request: HttpRequest, draft: SharedDraft) -> HttpResponseBase:
    """Return the press pack of the draft that a link shows; raises Http404 for other pages."""
    if not isinstance(draft.page, NewsPage):
        raise Http404
    return build_pack_response(request, draft.page, describe_embargo(get_embargo(draft.page)))


def build_pack_response(
    request: HttpRequest, page: NewsPage, embargo: str = ""
) -> HttpResponseBase:
    """Return a response with the pack of `page`, or the part of it that the request asks for.

    Raises Http404 if the bytes of a document or image are missing.
    """
    try:
        pack = get_pack(list_files(page, embargo), f"{page.slug}-press-pack")
        response = _build_response(request, pack)
    except FileNotFoundError as error:
        logger.error("A file of the press pack of “%s” is missing: %s", page.slug, error)
        raise Http404("This press pack is temporarily unavailable.") from error
    response.headers["Content-Disposition"] = f'attachment; filename="{page.slug}-press-pack.zip"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _build_response(request: HttpRequest, pack: StoredPack) -> HttpResponseBase:
    # Equal contents have equal bytes, whenever they were built.
    modified = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    return build_range_response(request, pack, f'"{pack.key}"', CONTENT_TYPE, modified)
