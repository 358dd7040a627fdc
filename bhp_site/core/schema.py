"""schema.org data shared by all pages: the partnership, and the way to a page."""

from typing import Any

from django.http import HttpRequest
from wagtail.models import Page


def get_organisation_id(request: HttpRequest) -> str:
    """Return the `@id` of the organisation's node, the same on every page."""
    return request.build_absolute_uri("/#organisation")


def build_organisation(request: HttpRequest, settings: Any, logo: Any = None) -> dict[str, Any]:
    """Return the partnership as a schema.org `Organization`, without empty properties.

    `logo` is a rendition of its logo, if it has one.
    """
    node = {
        "@type": "Organization",
        "@id": get_organisation_id(request),
        "name": settings.name,
        "alternateName": settings.short_name,
        "url": request.build_absolute_uri("/"),
        "description": settings.strapline,
        "email": settings.email,
        "logo": request.build_absolute_uri(logo.url) if logo else "",
    }
    return {key: value for key, value in node.items() if value}


def build_image_object(image: Any, url: str) -> dict[str, Any]:
    """Return a schema.org `ImageObject` of the `SiteImage` at `url`, with credit and licence."""
    licence = image.effective_licence
    node = {
        "@type": "ImageObject",
        "url": url,
        "creditText": image.credit,
        "license": licence.url if licence else "",
    }
    return {key: value for key, value in node.items() if value}


def get_absolute_url(page: Page, request: HttpRequest) -> str:
    """Return the full URL of `page` with the scheme and host of `request`."""
    return request.build_absolute_uri(page.get_url(request))


def get_trail(page: Page) -> list[Page]:
    """Return the pages above `page`, home first.

    It takes one query, or none if routing has loaded them already.
    """
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
    """Return the path from home to `page` as a schema.org `BreadcrumbList`.

    `further` are names and URLs of steps below the page.
    """
    steps = [
        ("Home" if step.depth == 2 else step.title, get_absolute_url(step, request))
        for step in [*page.trail, page]
    ]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": url}
            for position, (name, url) in enumerate(steps + (further or []), start=1)
        ],
    }
