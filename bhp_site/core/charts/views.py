"""The figures of a chart as CSV, at an address that stays when its page is moved or renamed."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField
from wagtail.models import Page

from bhp_site.core.caching.cacheable import mark_cacheable
from bhp_site.core.pages import get_child_relation_names
from bhp_site.core.visibility import get_live_pages

from .csv_files import build_figures_response
from .figures import InvalidFigures


@require_safe
def download_figures(request: HttpRequest, page: int, block: uuid.UUID) -> HttpResponse:
    """Return the figures of a chart on a live page as CSV.

    Raises Http404 if there is no such chart, or the visitor may not read the page.
    """
    shown_on = get_object_or_404(get_live_pages(), pk=page).specific
    restrictions = list(shown_on.get_view_restrictions())
    if not all(restriction.accept_request(request) for restriction in restrictions):
        raise Http404
    value = next((v for key, v in iter_charts(shown_on) if key == str(block)), None)
    if value is None:
        raise Http404
    try:
        response = build_figures_response(value)
    except InvalidFigures as error:
        raise Http404 from error
    response.headers["Link"] = f'<{shown_on.get_full_url(request)}>; rel="describedby"'
    if restrictions:
        response.headers["Cache-Control"] = "private, no-store"
    else:
        response.headers["Cache-Control"] = settings.PUBLIC_CACHE_CONTROL
        mark_cacheable(request)
    return response


def iter_charts(page: Page) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield id and stored value of each chart on `page` and in the rows that belong to it."""
    names = get_child_relation_names(type(page))
    rows = (row for name in names for row in getattr(page, name).all())
    for instance in [page, *rows]:
        for field in instance._meta.fields:
            if isinstance(field, StreamField):
                stream: StreamValue = getattr(instance, field.name)
                for block in stream.raw_data:
                    if block["type"] == "chart":
                        yield block.get("id", ""), block["value"]
