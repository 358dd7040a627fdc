"""The address of the site, which the setting SITE_URL names."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse


def get_root_url(root_url: str) -> str:
    """Return the root URL of a site with the scheme that SITE_URL has for the same host and port.

    Wagtail builds https from port 443 only, and http from every other port.
    """
    address = urlsplit(settings.SITE_URL)
    if urlsplit(root_url).netloc != address.netloc:
        return root_url
    return f"{address.scheme}://{address.netloc}"


def get_private_url(view_name: str, token: str) -> str:
    """Return the full URL of the private link of a view with this token."""
    return f"{settings.WAGTAILADMIN_BASE_URL}{reverse(view_name, args=[token])}"
