"""E-mails to users of the admin, about their accounts and their work."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from bhp_site.core.text.dates import format_uk_time

from .models import AccountEmail, AccountEvent


def send_notice(event: AccountEvent, address: str) -> None:
    """Queue an e-mail to `address` that says what was changed about the account."""
    text = render_to_string(
        "sign_in/notice_email.txt",
        {
            "event": event,
            "time": format_uk_time(event.created_at),
            "reset_url": settings.SITE_URL + reverse("wagtailadmin_password_reset"),
            "site_name": settings.WAGTAIL_SITE_NAME,
        },
    )
    queue_email(address, f"{event.label}: your {settings.WAGTAIL_SITE_NAME} account", text)


def queue_email(address: str, subject: str, text: str, **fields: Any) -> AccountEmail:
    """Queue and return an e-mail to `address`, with other fields of AccountEmail."""
    email = AccountEmail(to=address, subject=subject[:150], text=text, **fields)
    email.queue()
    return email
