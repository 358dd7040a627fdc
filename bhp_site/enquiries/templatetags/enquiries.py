"""Template tags for accessible copies and the forms of visitors."""

from collections.abc import Iterable

from django import template
from django.conf import settings

from bhp_site.core.caching.process_cache import cached_aggregate
from bhp_site.enquiries.forms import VisitorForm
from bhp_site.enquiries.models import AccessibleCopy
from bhp_site.files.models import SiteDocument

register = template.Library()


@register.simple_tag
def form_page_title(title: str, form: VisitorForm) -> str:
    """Return the title of a page with a form; “Error: …” after it was refused, as GOV.UK does."""
    return f"Error: {title}" if form.errors else title


@register.filter
def accessible_copies(document: SiteDocument) -> Iterable[AccessibleCopy]:
    """Return the accessible copies of `document`.

    Few documents have any, so the keys of those that do are cached.
    """
    originals = cached_aggregate("files with accessible copies", _get_originals)
    return document.accessible_copies.all() if document.pk in originals else ()


def _get_originals() -> set[int]:
    return {*AccessibleCopy.objects.order_by().values_list("original", flat=True)}


@register.simple_tag
def retention_period() -> str:
    """Return how long personal data is kept after an enquiry is closed: “365 days”."""
    days = settings.ENQUIRIES_KEPT_DAYS
    return "a day" if days == 1 else f"{days} days"
