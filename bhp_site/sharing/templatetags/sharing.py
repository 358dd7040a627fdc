"""Template tags for cards and for sharing a page by email."""

from typing import Any

from django import template
from django.utils.http import urlencode

from bhp_site.core.share_images import ShareImage
from bhp_site.sharing.models import Card, get_card_url

register = template.Library()


@register.simple_tag(takes_context=True)
def get_card(context: dict[str, Any], page: Any) -> ShareImage | None:
    """Return the card of `page` with an absolute URL; None if it has none."""
    if not getattr(page, "pk", None):
        return None
    if not hasattr(page, "card_digest"):
        # The home page and previews are not found by their path, with the columns of the card.
        card = Card.objects.filter(page=page.pk).first() or Card()
        page.card_digest, page.card_alt = card.digest, card.alt
    if not page.card_digest:
        return None
    url = get_card_url(page.pk, page.card_digest)
    image = ShareImage(url, "image/jpeg", Card.WIDTH, Card.HEIGHT, page.card_alt)
    return image.make_absolute(context["request"])


@register.simple_tag
def mailto_url(subject: str, address: str) -> str:
    """Return a URL that opens a new email about the page at `address` (RFC 6068)."""
    # Mail programs do not read “+” as a space.
    query = urlencode({"subject": subject, "body": f"{subject}\r\n{address}"})
    return "mailto:?" + query.replace("+", "%20")
