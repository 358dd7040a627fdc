"""Public views of drafts: the page, its report, documents, images and figures, and comments."""

import uuid
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_safe

from bhp_site.core.charts.csv_files import build_figures_response
from bhp_site.core.charts.figures import InvalidFigures
from bhp_site.core.charts.views import iter_charts
from bhp_site.core.models import SiteRendition
from bhp_site.core.private_links import PRIVATE_HEADERS, make_anonymous
from bhp_site.files.byte_ranges import require_read_method
from bhp_site.files.models import SiteDocument
from bhp_site.files.versions.models import DocumentVersion
from bhp_site.files.views import build_document_response, build_image_response
from bhp_site.files.virus_scan.scanning import is_blocked
from reports.edition_views import find_view

from .access import draft_view
from .addresses import AddressReplacement
from .comments import CommentForm, exceeds_comment_limits, save_comment
from .shared_draft import SharedDraft

CACHE_CONTROL = PRIVATE_HEADERS["Cache-Control"]
TOO_MANY_COMMENTS = (
    "There are too many comments at the moment, so we did not send yours. What you wrote is still "
    "below. Please send it again in an hour."
)


# A link with a password receives it by POST.
@require_http_methods(["GET", "HEAD", "POST"])
@draft_view
def show_draft(request: HttpRequest, draft: SharedDraft) -> HttpResponseBase:
    """Show the latest draft of the page; a POST leaves a comment on it."""
    status = HTTPStatus.OK
    if request.method == "GET":
        draft.link.count_opening()
    form = CommentForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_bound and form.is_valid():
        if not exceeds_comment_limits(request, draft.link):
            save_comment(form, draft.link)
            return HttpResponseRedirect(f"{draft.get_path()}?sent#comments", status=303)
        form.add_error(None, TOO_MANY_COMMENTS)
        status = HTTPStatus.TOO_MANY_REQUESTS
    more = {"comment_form": form, "is_comment_sent": "sent" in request.GET and not form.is_bound}
    return _render_page(request, draft, draft.page, more, status)


@require_safe
@draft_view
def show_page(request: HttpRequest, draft: SharedDraft, pk: int) -> HttpResponseBase:
    """Show another draft that the link offers: the report that the page announces."""
    if pk == draft.page.pk:
        return HttpResponseRedirect(draft.get_path())
    return _render_page(request, draft, _get_page(draft, pk))


@require_safe
@draft_view
def show_edition(
    request: HttpRequest, draft: SharedDraft, pk: int, path: str = ""
) -> HttpResponseBase:
    """Show a part of the edition of a draft report; raise Http404 if there is no such part."""
    page = _get_page(draft, pk)
    view = find_view(getattr(page, "edition", []), path)
    if view is None:
        raise Http404
    return _render_page(request, draft, page, edition_view=view)


@require_read_method
@draft_view
def serve_document(
    request: HttpRequest, draft: SharedDraft, slug: str, extension: str, number: int = 0
) -> HttpResponseBase:
    """Return a document that the draft offers, by default its current version.

    Raises Http404 if the draft does not offer it, or the version was withdrawn.
    """
    document = get_object_or_404(SiteDocument, slug=slug)
    if not draft.offers(document):
        raise Http404
    number = number or document.version_number
    version = get_object_or_404(
        DocumentVersion, document=document, number=number, withdrawn_at=None
    )
    if extension != version.suffix[1:]:
        raise Http404
    return build_document_response(request, document, version, CACHE_CONTROL)


@require_read_method
@draft_view
def serve_rendition(request: HttpRequest, draft: SharedDraft, name: str) -> HttpResponseBase:
    """Return one rendition of an image that the draft shows; raise Http404 for any other."""
    renditions = SiteRendition.objects.select_related("image")
    rendition = get_object_or_404(renditions, file=f"images/{name}")
    if not draft.offers(rendition.image) or is_blocked(rendition.image.file_hash):
        raise Http404
    etag = f'"{rendition.pk}-{rendition.image.file_hash}"'
    return build_image_response(request, rendition.file, etag, CACHE_CONTROL)


@require_safe
@draft_view
def download_figures(
    request: HttpRequest, draft: SharedDraft, page: int, block: uuid.UUID
) -> HttpResponseBase:
    """Return the figures of a chart in the draft as CSV; raise Http404 if there are none."""
    charts = dict(iter_charts(_get_page(draft, page)))
    if str(block) not in charts:
        raise Http404
    try:
        return build_figures_response(charts[str(block)])
    except InvalidFigures as error:
        raise Http404 from error


def _get_page(draft: SharedDraft, pk: int) -> Any:
    """Return one of the pages that the link shows; raise Http404 for any other."""
    if pk not in draft.pages:
        raise Http404
    return draft.pages[pk]


def _render_page(
    request: HttpRequest,
    draft: SharedDraft,
    page: Any,
    context: dict[str, Any] | None = None,
    status: int = HTTPStatus.OK,
    **kwargs: Any,
) -> HttpResponse:
    """Return a draft as visitors will see it, with the banner, and addresses of this link."""
    public_request = make_anonymous(request, page.get_url(request))
    values = {
        **page.get_context(public_request, **kwargs),
        "draft_link": draft.link,
        "draft_path": draft.get_path(),
        "noindex": True,
        # Nothing invites to pass the draft on.
        "canonical": "",
        "share_image": None,
        "default_share_image": None,
        **(context or {}),
    }
    template = page.get_template(public_request, **kwargs)
    html = render_to_string(template, values, public_request)
    return HttpResponse(AddressReplacement(draft, public_request).apply(html), status=status)
