"""The icons that browsers and phones request at the root of every site."""

import io
import mimetypes
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from PIL import Image

from bhp_site.core.caching.cacheable import cacheable
from bhp_site.core.images.conversion import build_source
from bhp_site.core.models import SiteSettings
from bhp_site.files.permissions.public_access import is_public
from bhp_site.files.virus_scan.scanning import is_blocked

# A month: the address of an icon stays when its content changes. Pages link to an icon of the
# site's own with its version; only programs that request it without have it for a day.
ICON_CACHE_CONTROL = "public, max-age=2592000"
OWN_ICON_CACHE_CONTROL = "public, max-age=86400"
SIZE = 180


@require_safe
@cacheable()
def serve_icon(request: HttpRequest, name: str) -> HttpResponse:
    """Return the icon that the site settings name, as PNG, or else the static file `name`.

    Raises Http404 if there is none, or its file is missing.
    """
    image = SiteSettings.for_request(request).icon
    if image and is_public(image) and not is_blocked(image.file_hash):
        # Phones show black where an icon is transparent.
        try:
            content = draw_icon(image, is_opaque=name == "touch-icon.png")
        except FileNotFoundError as error:
            # Health checks and the content audit name missing files.
            raise Http404 from error
        response = HttpResponse(content, content_type="image/png")
        response.headers["Cache-Control"] = OWN_ICON_CACHE_CONTROL
        return response
    path = finders.find(name)
    if not path:
        raise Http404
    response = HttpResponse(Path(path).read_bytes(), content_type=mimetypes.guess_type(name)[0])
    response.headers["Cache-Control"] = ICON_CACHE_CONTROL
    return response


def draw_icon(image: Any, is_opaque: bool) -> bytes:
    """Return `image` as a PNG of SIZE pixels, on white if `is_opaque`.

    Raises FileNotFoundError if its file is missing.
    """
    with image.file.storage.open(image.file.name) as file:
        icon = build_source(file, max_width=SIZE).get_image(SIZE)
    if is_opaque:
        ground = Image.new("RGBA", icon.size, "white")
        icon = Image.alpha_composite(ground, icon.convert("RGBA")).convert("RGB")
    output = io.BytesIO()
    icon.save(output, "PNG", optimize=True)
    return output.getvalue()
