"""On which terms others may be given an image at full size."""

import re

from bhp_site.core.licences import RESERVED
from bhp_site.core.models import SiteImage

# Permissions that name the press, noted by an editor.
PRESS_PERMISSION = re.compile(r"\s*(free )?(for )?(press|editorial) use\b", re.IGNORECASE)


def get_sharing_terms(image: SiteImage) -> str:
    """Return what the press may do with `image`; "" if we may not give it to them."""
    licence = image.effective_licence
    if licence and licence.code != RESERVED:
        return f"{licence.name} ({licence.url})"
    return "For press use only" if PRESS_PERMISSION.match(image.permission) else ""
