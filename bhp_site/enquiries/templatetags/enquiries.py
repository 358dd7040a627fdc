from django import template
from django.conf import settings

from bhp_site.enquiries.forms import EnquiryForm

register = template.Library()


@register.simple_tag
def title_of_form(title: str, form: EnquiryForm) -> str:
    """The title of a form's page, which is read out first: “Error: …” where it was refused."""
    return f"Error: {title}" if form.errors else title


@register.simple_tag
def kept_for() -> str:
    """How long personal data is kept after a request is closed: “365 days”."""
    days = settings.ENQUIRIES_KEPT_DAYS
    return "a day" if days == 1 else f"{days} days"
