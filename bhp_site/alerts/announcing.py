"""Announce pages to subscribers: once, and after the commit that publishes them."""

import datetime
import logging
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from bhp_site.core.publishing.rules import is_first_publication
from bhp_site.core.text.dates import get_last_day

from .distribution import distribute_alerts
from .models import Alert
from .topics import is_announceable

logger = logging.getLogger(__name__)

# A page about something that is longer ago is an addition to the archive, not news.
MAX_AGE = datetime.timedelta(days=60)


def announce_first_publication(instance: Page, **kwargs: Any) -> None:
    """Announce a page that is published for the first time (receiver of `page_published`).

    The row belongs to the transaction that publishes: nothing leaves before its commit.
    """
    is_new = instance.live and is_first_publication(instance)
    if is_new and is_announceable(instance) and is_recent(instance):
        announce(instance)


def announce_major_update(instance: Page, update: Any, **kwargs: Any) -> None:
    """Announce a major update of a page (receiver of `major_update_published`)."""
    if instance.live:
        announce(instance, f"update-{update.pk}", update.note)


def announce(page: Page, occasion: str = Alert.FIRST_PUBLICATION, note: str = "") -> None:
    """Tell the subscribers of a news item or report, once for each `occasion` of the page.

    Call it in the transaction that publishes. `note` says what was updated.
    """
    if not is_announceable(page):
        return
    _, is_new = Alert.objects.get_or_create(
        page_id=page.pk, occasion=occasion, defaults={"note": note}
    )
    if is_new:
        distribute_alerts.enqueue()


def is_recent(page: Any) -> bool:
    """Return True if the page's date is not so long ago that it belongs to the archive."""
    return bool(get_last_day(page.date, page.date_precision) >= timezone.localdate() - MAX_AGE)
