"""What is written to whom. No header holds anything that a visitor wrote.

Anybody can send the form in anybody's name: so what confirms it holds no word that its sender could
have written, and nobody can have this site carry their words to others.
"""

from collections.abc import Iterable

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from bhp_site.core.models import SiteSettings

from .models import AccessibleCopy, Request
from .outbox import post


def confirm(request: Request, site: SiteSettings) -> None:
    """Tell the visitor that the request has come, under which number, and until when to wait."""
    if request.email:
        _post(request, site, request.email, "We have your request", "received.txt")


def tell_team(request: Request, site: SiteSettings) -> None:
    """Tell the team what has come; who sent it, and in which words, stands in the admin alone."""
    if mailbox := site.access_mailbox:
        screen = f"{settings.WAGTAILADMIN_BASE_URL}{reverse('requests:edit', args=[request.pk])}"
        subject = f"{request.get_kind_display()}, to be answered by {request.due:%d/%m/%Y}"
        _post(request, site, mailbox, subject, "told.txt", screen=screen)


def answer(
    request: Request, site: SiteSettings, words: str, copies: Iterable[AccessibleCopy]
) -> None:
    """Write to the visitor what an editor has, and where the `copies` are."""
    _post(
        request,
        site,
        request.email,
        "Our answer to your request",
        "answer.txt",
        words=words,
        copies=copies,
    )


def _post(
    request: Request, site: SiteSettings, to: str, subject: str, template: str, **context: object
) -> None:
    text = render_to_string(f"enquiries/{template}", {"request": request, "site": site, **context})
    reply_to = site.access_mailbox if to == request.email else ""
    post(request, to, f"{subject} ({request.reference})", text.strip() + "\n", reply_to)
