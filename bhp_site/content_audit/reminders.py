"""Email the last editor of a page when the page is due for review."""

import datetime
import logging
from collections import defaultdict
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from bhp_site.core.mail import send_email
from bhp_site.core.models import SiteSettings
from bhp_site.core.pages import BasePage

from .models import Reminder
from .review import get_due_pages

logger = logging.getLogger(__name__)

# Between two runs of the job, and so between two attempts to send the same reminder.
JOB_INTERVAL = datetime.timedelta(hours=1)


def send_due_reminders() -> None:
    """Send each person one email about all their due pages; what fails is retried (a job)."""
    pages: dict[int, Any] = {page.pk: page for page in get_due_pages() if page.review_by}
    for pk, day in {(page.pk, page.review_by) for page in pages.values()}:
        Reminder.objects.get_or_create(page_id=pk, due_on=day)
    emails: dict[str, list[tuple[Reminder, BasePage]]] = defaultdict(list)
    for reminder in Reminder.objects.filter(sent_at=None).order_by("due_on", "pk"):
        page = pages.get(reminder.page_id)
        if page is None or page.review_by != reminder.due_on:
            # Reviewed in the meantime, or not public any more.
            reminder.delete()
        elif (address := get_recipient(page)) and _claim(reminder):
            emails[address].append((reminder, page))
    for address, due in emails.items():
        try:
            _send(address, [page for _, page in due])
        except Exception:
            logger.exception("Could not send a reminder of page reviews; it is retried later")
            continue
        sent = [reminder.pk for reminder, _ in due]
        Reminder.objects.filter(pk__in=sent).update(sent_at=timezone.now())


def _claim(reminder: Reminder) -> bool:
    """Return True if this process, and no other, should send `reminder` now."""
    is_unclaimed = Q(tried_at=None) | Q(tried_at__lt=timezone.now() - JOB_INTERVAL / 2)
    claimable = Reminder.objects.filter(is_unclaimed, pk=reminder.pk, sent_at=None)
    return bool(claimable.update(tried_at=timezone.now()))


def get_recipient(page: BasePage) -> str:
    """Return the email address of the active user who edited `page` last, or else of its owner.

    If neither has one, return the address of the site; it may be empty.
    """
    revision = page.latest_revision
    people = [revision.user if revision else None, page.owner]
    addresses = (user.email for user in people if user and user.is_active and user.email)
    return next(addresses, SiteSettings.get_default().email)


def _send(address: str, pages: list[BasePage]) -> None:
    title = pages[0].title if len(pages) == 1 else f"{len(pages)} pages"
    context = {"pages": pages, "base": settings.WAGTAILADMIN_BASE_URL}
    text = render_to_string("content_audit/reminder.txt", context)
    send_email(f"Pages to review: {title}", text, address)
