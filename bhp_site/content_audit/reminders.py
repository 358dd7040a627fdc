"""E-mail the last editor of a page when the page is due for review."""

from collections import defaultdict
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from bhp_site.core.models import SiteSettings
from bhp_site.core.pages import BasePage
from bhp_site.sign_in.account_emails import queue_email

from .models import Reminder
from .review import get_due_pages


def send_due_reminders() -> None:
    """Queue one e-mail to each person about all their due pages (a job)."""
    pages: dict[int, Any] = {page.pk: page for page in get_due_pages() if page.review_by}
    with transaction.atomic():
        for address, due in _claim_due_pages(pages).items():
            _queue(address, due)


def _claim_due_pages(pages: dict[int, Any]) -> dict[str, list[BasePage]]:
    """Return by address the pages to remind of, with their reminders marked as sent."""
    for pk, day in {(page.pk, page.review_by) for page in pages.values()}:
        Reminder.objects.get_or_create(page_id=pk, due_on=day)
    claimed: dict[str, list[BasePage]] = defaultdict(list)
    # The lock keeps another scheduler from sending the same.
    waiting = Reminder.objects.select_for_update().filter(sent_at=None)
    for reminder in waiting.order_by("due_on", "pk"):
        page = pages.get(reminder.page_id)
        if page is None or page.review_by != reminder.due_on:
            # Reviewed in the meantime, or not public any more.
            reminder.delete()
        elif address := get_recipient(page):
            claimed[address].append(page)
            reminder.sent_at = timezone.now()
            reminder.save(update_fields=["sent_at"])
    return claimed


def get_recipient(page: BasePage) -> str:
    """Return the email address of the active user who edited `page` last, or else of its owner.

    If neither has one, return the address of the site; it may be empty.
    """
    revision = page.latest_revision
    people = [revision.user if revision else None, page.owner]
    addresses = (user.email for user in people if user and user.is_active and user.email)
    return next(addresses, SiteSettings.get_default().email)


def _queue(address: str, pages: list[BasePage]) -> None:
    title = pages[0].title if len(pages) == 1 else f"{len(pages)} pages"
    context = {"pages": pages, "base": settings.WAGTAILADMIN_BASE_URL}
    text = render_to_string("content_audit/reminder.txt", context)
    queue_email(address, f"Pages to review: {title}", text)
