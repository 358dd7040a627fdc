"""E-mails about sign-offs: the request, reminders, and what editors are told."""

from typing import Any

from django.conf import settings
from django.db import models
from django.template.loader import render_to_string
from django.urls import reverse

from bhp_site.core.confidential.rules import is_hidden
from bhp_site.core.mail.queue import QueuedEmail
from bhp_site.core.models import SiteSettings
from bhp_site.core.private_links import LINK_PLACEHOLDER


class SignOffEmail(QueuedEmail):
    """An e-mail about a sign-off, to the person asked or to the editor who asked."""

    gives_up_when_refused = True

    sign_off = models.ForeignKey(
        "sign_off.SignOff", on_delete=models.CASCADE, related_name="emails"
    )

    def prepare(self) -> bool:
        """Put the link in place of the placeholder; return True."""
        self.text = self.text.replace(LINK_PLACEHOLDER, self.sign_off.url)
        return True


def send_request(sign_off: Any, subject_label: str, is_reminder: bool = False) -> None:
    """Ask the person by e-mail to answer; the editor who asks gets replies."""
    editor = sign_off.requested_by
    about = f"“{sign_off.page.specific.draft_title}”"
    subject_name = "your words in" if sign_off.block_id else "our draft of"
    prefix = "Reminder: please" if is_reminder else "Please"
    context = {
        "sign_off": sign_off,
        "title": sign_off.page.specific.draft_title,
        "label": subject_label,
        "link": LINK_PLACEHOLDER,
        "site": SiteSettings.get_default(),
        "is_reminder": is_reminder,
        "editor": editor,
    }
    SignOffEmail(
        sign_off=sign_off,
        to=sign_off.email,
        reply_to=editor.email if editor else "",
        subject=f"{prefix} check {subject_name} {about}"[:150],
        text=render_to_string("sign_off/request.txt", context),
    ).queue()


def notify_editor(sign_off: Any, subject_label: str) -> None:
    """Tell the editor who asked what was answered; the words themselves are in the admin only.

    An editor who may not open the draft any more, because it is confidential now, is not told.
    """
    editor = sign_off.requested_by
    if editor is None or not editor.is_active or not editor.email:
        return
    if is_hidden(sign_off.page, editor):
        return
    path = reverse("sign-offs", args=[sign_off.page_id])
    context = {
        "sign_off": sign_off,
        "title": sign_off.page.specific.draft_title,
        "label": subject_label,
        "url": f"{settings.WAGTAILADMIN_BASE_URL}{path}",
    }
    SignOffEmail(
        sign_off=sign_off,
        to=editor.email,
        subject=f"{sign_off.get_state_display()}: {subject_label}"[:150],
        text=render_to_string("sign_off/answer.txt", context),
    ).queue()
