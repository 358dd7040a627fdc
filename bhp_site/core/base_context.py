"""What `base.html` shows on every page: site settings, menus, the organisation, defaults."""

from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.utils.encoding import escape_uri_path
from wagtail.models import Page, Site

from .caching.cacheable import may_be_signed_in
from .caching.process_cache import cached_until_change
from .images.renditions import get_logo_file
from .models import SiteSettings
from .pages import IndexPage
from .schema import build_organisation
from .share_images import build_default_share_image
from .url_prefixes import ADMIN_PREFIX
from .visibility import get_visible_pages


def get_site_settings(request: HttpRequest) -> SiteSettings:
    """Return the cached settings of the request's site; defaults if there is no site."""
    site = Site.find_for_request(request)
    settings: SiteSettings = _get_cached(site)["settings"] if site else SiteSettings()
    return settings


def base_context(request: HttpRequest) -> dict[str, Any]:
    """Return the context that `base.html` needs besides the page itself (a context processor).

    Empty for pages of the admin, which do not use it.
    """
    if request.path.startswith(ADMIN_PREFIX) and not getattr(request, "is_preview", False):
        return {}
    try:
        request.get_host()
    except DisallowedHost:
        # This also renders the error page that reports the wrong host.
        return {}
    site = Site.find_for_request(request)
    if site is None:
        return {}
    cached = _get_cached(site)
    return {
        "may_be_signed_in": may_be_signed_in(request),
        "site_settings": cached["settings"],
        "menu": cached["menu"],
        "list_pages": cached["list_pages"],
        "footer_pages": cached["footer_pages"],
        "demonstration_url": cached["demonstration_url"],
        "logo": cached["logo"],
        "icon_version": cached["icon_version"],
        "organisation": build_organisation(request, cached["settings"], cached["logo"]),
        "default_share_image": cached["share_image"].make_absolute(request),
        # `build_absolute_uri` would read a path that begins with “//” as another host.
        "canonical": f"{request.scheme}://{request.get_host()}{escape_uri_path(request.path)}",
    }


def _get_cached(site: Site) -> dict[str, Any]:
    context: dict[str, Any] = cached_until_change(f"base-context:{site.pk}", lambda: _build(site))
    return context


def _build(site: Site) -> dict[str, Any]:
    settings = SiteSettings.for_site(site)
    pages = get_visible_pages().order_by("path")
    others = pages.child_of(site.root_page).filter(show_in_menus=False)
    lists = [page for page in others if issubclass(page.specific_class or Page, IndexPage)]
    return {
        "settings": settings,
        "logo": get_logo_file(settings.logo),
        "icon_version": _get_icon_version(settings.icon),
        "share_image": build_default_share_image(settings.share_image, settings.name),
        "menu": _list_links(pages.descendant_of(site.root_page).filter(show_in_menus=True)),
        "demonstration_url": _get_demonstration_url(settings),
        "list_pages": _list_links(lists),
        "footer_pages": _list_links(page for page in others if page not in lists),
    }


def _get_icon_version(image: Any) -> str:
    """Return what tells this icon from others in its address, which browsers keep for long.

    "" without an icon. Nothing here reads its file, which may be missing.
    """
    return str(image.file_hash[:8] or image.pk) if image else ""


def _get_demonstration_url(settings: SiteSettings) -> str:
    """Return where visitors read what the demonstration assumes; "" if they cannot."""
    page = get_visible_pages().filter(pk=settings.demonstration_page_id).first()
    return str(page.get_url()) if page else ""


def _list_links(pages: Any) -> list[dict[str, str]]:
    return [{"title": page.title, "url": page.get_url()} for page in pages]
