"""Addresses of images."""

from bhp_site.core.images.renditions import get_rendition_files
from bhp_site.core.models import SiteImage


def get_image_url(image: SiteImage | None) -> str:
    """Return the URL path of the widest JPEG of `image`; "" if there is none."""
    renditions = get_rendition_files(image, "jpeg") if image else []
    return renditions[-1].url if renditions else ""
