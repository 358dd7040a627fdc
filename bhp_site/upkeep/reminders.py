"""A mail to whoever edited a page last, on the day by which it was to be reviewed."""

import datetime
import logging
from collections import defaultdict
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from bhp_site.core.models import SiteSettings
from bhp_site.core.pages import BasePage

from .models import Reminder
from .review import due_pages

logger = logging.getLogger(__name__)

# Between two looks, and between two attempts to send the same.
PAUSE = datetime.timedelta(hours=1)

_next_look = 0.0


def remind() -> bool:
    """Send what is due; looked for once an hour. False, for there is never more to do."""
    global _next_look
    if monotonic() >= _next_look:
        _next_look = monotonic() + PAUSE.total_seconds()
        send_due()
    return False


def send_due() -> None:
    """One mail to each person for all their pages; what cannot be sent is tried again."""
    pages: dict[int, Any] = {page.pk: page for page in due_pages() if page.review_by}
    for pk, day in {(page.pk, page.review_by) for page in pages.values()}:
        Reminder.objects.get_or_create(page_id=pk, due_on=day)
    mails: dict[str, list[tuple[Reminder, BasePage]]] = defaultdict(list)
    for reminder in Reminder.objects.filter(sent_at=None).order_by("due_on", "pk"):
        due = pages.get(reminder.page_id)
        if due is None or due.review_by != reminder.due_on:
            # Reviewed meanwhile, or not public any more.
            reminder.delete()
        elif (address := recipient(due)) and _take(reminder):
            mails[address].append((reminder, due))
    for address, found in mails.items():
        try:
            _send(address, [page for _, page in found])
        except Exception:
            logger.exception("A reminder waits: mail could not be sent")
            continue
        sent = [reminder.pk for reminder, _ in found]
        Reminder.objects.filter(pk__in=sent).update(sent_at=timezone.now())


def _take(reminder: Reminder) -> bool:
    """Whether it is for this process to send it now."""
    late = Q(tried_at=None) | Q(tried_at__lt=timezone.now() - PAUSE / 2)
    mine = Reminder.objects.filter(late, pk=reminder.pk, sent_at=None)
    return bool(mine.update(tried_at=timezone.now()))


def recipient(page: BasePage) -> str:
    """Who edited `page` last or made it, if they still work here; else the site’s mailbox."""
    revision = page.latest_revision
    people = [revision.user if revision else None, page.owner]
    here = (one.email for one in people if one and one.is_active and one.email)
    return next(here, SiteSettings.of_the_site().email)


def _send(address: str, pages: list[BasePage]) -> None:
    one = len(pages) == 1
    subject = f"To be reviewed: {pages[0].title if one else f'{len(pages)} pages'}"
    context = {"pages": pages, "base": settings.WAGTAILADMIN_BASE_URL}
    words = render_to_string("upkeep/reminder.txt", context)
    send_mail(" ".join(subject.split()), words, settings.DEFAULT_FROM_EMAIL, [address])
