"""Template tags for cards and for sharing a page by email."""

from typing import Any

from django import template
from django.utils.http import urlencode

from bhp_site.sharing.models import Card, get_card_url

register = template.Library()


@register.simple_tag(takes_context=True)
def get_card(context: dict[str, Any], page: Any) -> dict[str, Any] | None:
    """Return address, size and alternative text of the card of `page`; None if it has none."""
    if not getattr(page, "pk", None):
        return None
    if not hasattr(page, "card_digest"):
        # The home page and previews are not found by their path, with the columns of the card.
        card = Card.objects.filter(page=page.pk).first() or Card()
        page.card_digest, page.card_alt = card.digest, card.alt
    if not page.card_digest:
        return None
    return {
        "url": context["request"].build_absolute_uri(get_card_url(page.pk, page.card_digest)),
        "width": Card.WIDTH,
        "height": Card.HEIGHT,
        "alt": page.card_alt,
    }


@register.simple_tag
def mailto_url(subject: str, address: str) -> str:
    """Return a URL that opens a new email about the page at `address` (RFC 6068)."""
    # Mail programs do not read “+” as a space.
    query = urlencode({"subject": subject, "body": f"{subject}\r\n{address}"})
    return "mailto:?" + query.replace("+", "%20")
