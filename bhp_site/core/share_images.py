"""The image that other sites show in links to a page."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static

from .images.renditions import get_rendition_files

# Size of static/share.png.
DEFAULT_WIDTH, DEFAULT_HEIGHT = 1200, 630


@dataclass(frozen=True)
class ShareImage:
    """An image for links to a page: its path or URL, media type, size in pixels, description."""

    url: str
    media_type: str
    width: int
    height: int
    alt: str

    def make_absolute(self, request: HttpRequest) -> "ShareImage":
        """Return the image with an absolute URL on the site that was requested."""
        url = request.build_absolute_uri(self.url)
        return ShareImage(url, self.media_type, self.width, self.height, self.alt)


def build_share_image(image: Any) -> ShareImage | None:
    """Return the widest JPEG of `image`; None if there is no image, or no JPEG of it yet."""
    renditions = get_rendition_files(image, "jpeg") if image else []
    if not renditions:
        return None
    widest = renditions[-1]
    size = widest.width, widest.height
    return ShareImage(widest.url, "image/jpeg", *size, image.default_alt_text)


def build_default_share_image(image: Any, name: str) -> ShareImage:
    """Return the share image of the site called `name`: `image` if it has a JPEG, else its mark."""
    mark = ShareImage(static("share.png"), "image/png", DEFAULT_WIDTH, DEFAULT_HEIGHT, name)
    return build_share_image(image) or mark
