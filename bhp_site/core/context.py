"""What `base.html` shows on every page."""

from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.encoding import escape_uri_path
from wagtail.models import Site

from .caching import until_changed
from .images import picture_url
from .models import SiteSettings
from .schema import organisation
from .storing import is_known
from .url_prefixes import ADMIN_PREFIX
from .visibility import visible_pages


def _menu(site: Site) -> list[dict[str, str]]:
    pages = visible_pages().filter(show_in_menus=True).descendant_of(site.root_page)
    return [{"title": page.title, "url": page.get_url()} for page in pages.order_by("path")]


def _make(site: Site) -> dict[str, Any]:
    settings = SiteSettings.for_site(site)
    picture = settings.share_image
    return {
        "settings": settings,
        "share_image": (picture_url(picture) if picture else "") or static("share.png"),
        "menu": _menu(site),
        "footer_pages": [
            {"title": page.title, "url": page.get_url()}
            for page in visible_pages()
            .child_of(site.root_page)
            .filter(show_in_menus=False)
            .order_by("path")
        ],
    }


def _kept(site: Site) -> dict[str, Any]:
    found: dict[str, Any] = until_changed(f"furniture:{site.pk}", lambda: _make(site))
    return found


def settings_for(request: HttpRequest) -> SiteSettings:
    """The site's settings without asking for them each time; as they begin where no site is."""
    site = Site.find_for_request(request)
    found: SiteSettings = _kept(site)["settings"] if site else SiteSettings()
    return found


def furniture(request: HttpRequest) -> dict[str, Any]:
    """Context processor: what `base.html` needs beside the page itself.

    The admin's own pages use none of it and pay nothing for it.
    """
    if request.path.startswith(ADMIN_PREFIX) and not getattr(request, "is_preview", False):
        return {}
    try:
        request.get_host()
    except DisallowedHost:
        # The page that says so must not fail in its turn.
        return {}
    site = Site.find_for_request(request)
    if site is None:
        return {}
    kept = _kept(site)
    return {
        # Asked who they are, visitors would each get a page of their own.
        "may_be_somebody": is_known(request),
        "site_settings": kept["settings"],
        "menu": kept["menu"],
        "footer_pages": kept["footer_pages"],
        "organisation": organisation(request, kept["settings"]),
        "default_share_image": request.build_absolute_uri(kept["share_image"]),
        # Of an address that begins with “//”, `build_absolute_uri` would make another site's.
        "canonical": f"{request.scheme}://{request.get_host()}{escape_uri_path(request.path)}",
    }
