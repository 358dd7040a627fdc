from typing import Any

from django import template
from django.utils.http import urlencode

from bhp_site.sharing.models import Card, url_of

register = template.Library()


@register.simple_tag(takes_context=True)
def card_of(context: dict[str, Any], page: Any) -> dict[str, Any] | None:
    """Address, size and words of the card of `page`; None until it has one."""
    if not getattr(page, "pk", None):
        return None
    if not hasattr(page, "card_digest"):
        # Nobody has looked for it by its address: the home page, and previews.
        found = Card.objects.filter(page=page.pk).first() or Card()
        page.card_digest, page.card_alt = found.digest, found.alt
    if not page.card_digest:
        return None
    return {
        "url": context["request"].build_absolute_uri(url_of(page.pk, page.card_digest)),
        "width": Card.WIDTH,
        "height": Card.HEIGHT,
        "alt": page.card_alt,
    }


@register.simple_tag
def mailto(subject: str, address: str) -> str:
    """The address of a new message about a page (RFC 6068)."""
    # Mail programs do not read “+” as a space.
    query = urlencode({"subject": subject, "body": f"{subject}\r\n{address}"})
    return "mailto:?" + query.replace("+", "%20")
