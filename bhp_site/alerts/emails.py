"""The texts of the e-mails, as HTML and as plain text that says the same.

There are no images, and links lead straight to the site: nothing tells us who reads them.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from bhp_site.core.models import SiteSettings
from bhp_site.core.text.dates import format_date

from .links import get_absolute_url, get_confirm_url, get_leave_url, get_manage_url
from .models import REQUEST_RETENTION, Alert, AlertEmail, Frequency, Subscriber, SubscriptionRequest
from .topics import find_topics, get_announceable_page

MAX_SUBJECT_CHARACTERS = 140


@dataclass(frozen=True)
class Item:
    """A page as an e-mail describes it."""

    kind: str
    title: str
    url: str
    date: str
    summary: str
    note: str = ""

    @classmethod
    def build(cls, page: Any, alert: Alert | None = None) -> "Item":
        """Return what the e-mail says about `page`, news or a report; of an update, its note."""
        is_update = bool(alert and alert.is_update)
        return cls(
            kind=f"Updated: {page.kind_label.lower()}" if is_update else page.kind_label,
            title=" ".join(page.title.split()),
            url=urljoin(settings.SITE_URL, page.get_url() or "/"),
            date=page.published,
            summary=page.summary,
            note=alert.note if alert and is_update else "",
        )

    @property
    def subject(self) -> str:
        """Return the item in one line."""
        return f"{self.kind}: {self.title}"


def write_email(email: AlertEmail) -> bool:
    """Write the subject, texts and headers of `email`; return False if it is superfluous."""
    if email.request:
        write_confirmation(email, email.request)
        return True
    if email.subscriber is None:
        return False
    items = get_items(email)
    if items:
        write_alert(email, items, email.subscriber)
    return bool(items)


def get_items(email: AlertEmail) -> list[Item]:
    """Return the pages that an e-mail is about, without those that are not public any more."""
    deliveries = email.deliveries.select_related("alert").order_by("alert__created_at", "alert")
    items = [
        (delivery.alert, get_announceable_page(delivery.alert.page_id)) for delivery in deliveries
    ]
    return [Item.build(page, alert) for alert, page in items if page]


def write_confirmation(email: AlertEmail, request: SubscriptionRequest) -> None:
    """Write the e-mail that asks whether somebody wants alerts."""
    site = SiteSettings.get_default()
    subject = f"Confirm your e-mail alerts from {site.name}"
    expires_on = timezone.localdate(request.created_at + REQUEST_RETENTION)
    context = {
        "topics": find_topics(request.topics),
        "frequency": Frequency(request.frequency).label,
        "confirm_url": get_confirm_url(request),
        "expires_on": format_date(expires_on),
    }
    _fill_in(email, site, subject, "confirmation", context)


def write_alert(email: AlertEmail, items: list[Item], subscriber: Subscriber | None = None) -> None:
    """Write an alert about `items`; without a subscriber it is a test for an editor."""
    site = SiteSettings.get_default()
    is_weekly = subscriber is not None and subscriber.frequency == Frequency.WEEKLY
    sign_up_url = get_absolute_url("alerts")
    context = {
        "items": items,
        "is_weekly": is_weekly,
        "is_test": subscriber is None,
        "manage_url": get_manage_url(subscriber) if subscriber else sign_up_url,
        "leave_url": get_leave_url(subscriber) if subscriber else sign_up_url,
    }
    _fill_in(email, site, get_subject(items, is_weekly, site), "alert", context)
    if subscriber:
        email.headers = {
            "List-Unsubscribe": f"<{context['leave_url']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Id": f"E-mail alerts <alerts.{settings.SITE_HOST}>",
        }


def get_subject(items: list[Item], is_weekly: bool, site: SiteSettings) -> str:
    """Return the subject: the first item, and how many others there are."""
    more = f" and {len(items) - 1} more" if len(items) > 1 else ""
    prefix = f"This week from {site.short_name}: " if is_weekly else ""
    room = MAX_SUBJECT_CHARACTERS - len(prefix) - len(more)
    first = items[0].subject
    if len(first) > room:
        first = first[: room - 1].rstrip() + "…"
    return f"{prefix}{first}{more}"


def _fill_in(
    email: AlertEmail, site: SiteSettings, subject: str, template: str, context: dict[str, Any]
) -> None:
    context = context | {"site": site, "subject": subject, "site_url": settings.SITE_URL}
    email.subject = subject
    email.text = render_to_string(f"alerts/{template}.txt", context).strip() + "\n"
    email.html = render_to_string(f"alerts/{template}.html", context)
    email.reply_to = site.email
