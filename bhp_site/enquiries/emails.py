"""Emails about enquiries: confirmation, notification of the team, and answer.

Anybody can send the form in somebody else's name. So the confirmation contains nothing that its
sender could have written, and no header of any email contains text from a visitor: nobody can use
this site to send their own text to others.
"""

from collections.abc import Iterable

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from bhp_site.core.models import SiteSettings

from .models import AccessibleCopy, Enquiry
from .outbox import post


def send_confirmation(enquiry: Enquiry, site: SiteSettings) -> None:
    """Email the visitor the reference and the due date, if they gave an address."""
    if enquiry.email:
        subject = f"We have received your {_get_noun(enquiry)}"
        _post(enquiry, site, enquiry.email, subject, "confirmation.txt")


def notify_team(enquiry: Enquiry, site: SiteSettings) -> None:
    """Email the team, if it has an address, that a new enquiry has arrived.

    The email names neither the sender nor the text: they are shown only in the admin.
    """
    if mailbox := site.accessibility_email:
        url = f"{settings.WAGTAILADMIN_BASE_URL}{reverse('requests:edit', args=[enquiry.pk])}"
        event = "requested" if enquiry.kind == Enquiry.Kind.COPY else "reported"
        subject = f"{enquiry.get_kind_display()} {event}: answer by {enquiry.due:%d/%m/%Y}"
        _post(enquiry, site, mailbox, subject, "team_notification.txt", url=url)


def send_answer(
    enquiry: Enquiry, site: SiteSettings, text: str, copies: Iterable[AccessibleCopy]
) -> None:
    """Email the visitor an editor's answer, with the addresses of the `copies`."""
    subject = f"Our answer to your {_get_noun(enquiry)}"
    _post(enquiry, site, enquiry.email, subject, "answer.txt", text=text, copies=copies)


def _get_noun(enquiry: Enquiry) -> str:
    """Return what the visitor sent, in their words."""
    return "request" if enquiry.kind == Enquiry.Kind.COPY else "report"


def _post(
    enquiry: Enquiry, site: SiteSettings, to: str, subject: str, template: str, **context: object
) -> None:
    context |= {"enquiry": enquiry, "site": site}
    text = render_to_string(f"enquiries/{template}", context)
    reply_to = site.accessibility_email if to == enquiry.email else ""
    post(enquiry, to, f"{subject} ({enquiry.reference})", text.strip() + "\n", reply_to)
