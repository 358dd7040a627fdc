"""Middleware for headers, the content security policy, the current site and posted forms."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
)
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from wagtail.models import Page, Site

from .caching.process_cache import cached_until_change
from .models import SiteSettings
from .pages import routing_annotations
from .private_links import PRIVATE_HEADERS
from .text.characters import clean_form_value
from .url_prefixes import ADMIN_PREFIX, PRIVATE_LINK_PREFIXES, PROBE_PATHS

View = Callable[..., HttpResponseBase]

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "payment",
        "usb",
    )
)


class AnyHostForProbes:
    """Let probes use any Host header: load balancers and kubelets send an IP address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response; a probe's Host header is replaced by an allowed one."""
        if request.path in PROBE_PATHS:
            request.META["HTTP_HOST"] = settings.ALLOWED_HOSTS[0]
            request.META.pop("HTTP_X_FORWARDED_HOST", None)
        return self.get_response(request)


class SecurityHeaders:
    """Headers Django has no setting for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response with these headers, unless the view has set others."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class PrivateLinkHeaders:
    """Headers of everything at a private link, redirects and refused requests included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response; at a private link, with PRIVATE_HEADERS."""
        response = self.get_response(request)
        if request.path.startswith(PRIVATE_LINK_PREFIXES):
            for name, value in PRIVATE_HEADERS.items():
                response.headers[name] = value
        return response


class RefuseBadBytes:
    """Answer 400 to a NUL byte anywhere in an address: no database can hold or look for one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response, or 400 if the address has a NUL byte."""
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path or "\0" in query or "%00" in query:
            return HttpResponseBadRequest("Bad request: the address holds a NUL byte.")
        return self.get_response(request)


class CleanForms:
    """Remove control characters from what forms send, before any form looks at it.

    `characters.clean_row` cleans what is saved; a form must not compare or look up anything else.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response; `process_view` cleans the form."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Replace `request.POST` if it has unwanted characters; return None."""
        if request.method != "POST":
            return None
        changed: dict[str, list[str]] = {}
        for name, values in request.POST.lists():
            # A password is compared letter by letter.
            cleaned = values if "password" in name else [clean_form_value(str(v)) for v in values]
            if cleaned != values:
                changed[name] = cleaned
        if changed:
            form = request.POST.copy()
            for name, cleaned in changed.items():
                form.setlist(name, cleaned)
            request.POST = form  # type: ignore[assignment]
        return None


class CompressText(GZipMiddleware):
    """Compress pages and feeds; leave files alone, whose bytes, length and ranges are promised."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        """Return the response, compressed if Django compresses it; never a streamed one."""
        if response.streaming:
            return response
        return super().process_response(request, response)


class CurrentSite:
    """Gives every request the site and its home page without asking the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response to the request, which now has its site."""
        # Where Wagtail looks first: `Site.find_for_request`.
        if site := cached_until_change("site", self.find):
            request._wagtail_site = site  # type: ignore[attr-defined]
        return self.get_response(request)

    @staticmethod
    def find() -> Site | None:
        """Return the default site with its specific home page; None if there is no site."""
        site = Site.objects.filter(is_default_site=True).first()
        if site:
            # As `BasePage.route`, through which the home page does not come, reads other pages.
            pages = Page.objects.annotate(**routing_annotations)
            home = site.root_page = pages.get(pk=site.root_page_id).specific
            home._known_unrestricted = not home.get_view_restrictions().exists()
        return site


def is_demonstration() -> bool:
    """Return True if the settings of any site mark it as a demonstration."""
    return SiteSettings.objects.filter(is_demonstration=True).exists()


class KeepOutOfSearch:
    """Keeps all of a demonstration out of search engines, its files, feeds and lists too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response; on a demonstration, with `X-Robots-Tag: noindex`."""
        response = self.get_response(request)
        is_found = response.status_code < HTTPStatus.BAD_REQUEST
        if is_found and cached_until_change("demonstration", is_demonstration):
            response.headers["X-Robots-Tag"] = "noindex"
        return response


class AdminPolicy:
    """The admin's content security policy for everything under its address.

    Views there that set a stricter one keep it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response; below the admin's address, with the admin's policy."""
        response = self.get_response(request)
        # A preview is a page of the site that the editor shows in a frame of its own.
        is_admin = request.path.startswith(ADMIN_PREFIX) or getattr(request, "is_preview", False)
        if is_admin and not hasattr(response, "_csp_config"):
            response._csp_config = settings.ADMIN_CSP_DIRECTIVES  # type: ignore[attr-defined]
        return response
