from collections.abc import Iterable

from django import template
from django.conf import settings

from bhp_site.core.caching import of_all
from bhp_site.enquiries.forms import EnquiryForm
from bhp_site.enquiries.models import AccessibleCopy
from bhp_site.files.models import SiteDocument

register = template.Library()


@register.simple_tag
def title_of_form(title: str, form: EnquiryForm) -> str:
    """The title of a form's page, which is read out first: “Error: …” where it was refused."""
    return f"Error: {title}" if form.errors else title


@register.filter
def accessible_copies(document: SiteDocument) -> Iterable[AccessibleCopy]:
    """Those of `document`; few files have any, and which these are is looked up once."""
    with_some = of_all("files with accessible copies", _originals)
    return document.accessible_copies.all() if document.pk in with_some else ()


def _originals() -> set[int]:
    return {*AccessibleCopy.objects.order_by().values_list("original", flat=True)}


@register.simple_tag
def kept_for() -> str:
    """How long personal data is kept after a request is closed: “365 days”."""
    days = settings.ENQUIRIES_KEPT_DAYS
    return "a day" if days == 1 else f"{days} days"
