"""schema.org data shared by all pages: the partnership, and the way to a page."""

from typing import Any

from django.http import HttpRequest
from wagtail.models import Page


def get_organisation_id(request: HttpRequest) -> str:
    """The identifier of the partnership's own node, the same on every page."""
    return request.build_absolute_uri("/#organisation")


def build_organisation(request: HttpRequest, settings: Any) -> dict[str, Any]:
    """The partnership itself (schema.org `Organization`)."""
    node = {
        "@type": "Organization",
        "@id": get_organisation_id(request),
        "name": settings.name,
        "alternateName": settings.short_name,
        "url": request.build_absolute_uri("/"),
        "description": settings.strapline,
        "email": settings.email,
    }
    return {key: value for key, value in node.items() if value}


def get_trail(page: Page) -> list[Page]:
    """The pages above `page`, home first; one query at most, none where routing has them."""
    cached: list[Page] = []
    above = getattr(page, "_cached_parent_obj", None)
    while above is not None and above.depth > 1:
        cached.append(above)
        above = getattr(above, "_cached_parent_obj", None)
    if page.depth <= 2:
        return []
    if cached and cached[-1].depth == 2:
        return cached[::-1]
    return list(page.get_ancestors().filter(depth__gt=1))


def build_breadcrumbs(
    page: Any, request: HttpRequest, further: list[tuple[str, str]] | None = None
) -> dict[str, Any]:
    """The way from home to `page`, and `further` by names and addresses.

    As schema.org `BreadcrumbList`.
    """
    steps = [
        ("Home" if step.depth == 2 else step.title, step.get_full_url(request))
        for step in [*page.trail, page]
    ]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": url}
            for position, (name, url) in enumerate(steps + (further or []), start=1)
        ],
    }
