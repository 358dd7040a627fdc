"""When a page of the site, or one below it, last changed for its readers."""

import datetime

from django.db.models import Max
from django.utils import timezone
from wagtail.models import Page

from .caching.process_cache import cached_aggregate
from .page_updates import build_last_change
from .text.dates import KnownDate
from .visibility import get_visible_pages


def get_latest_publication_time(page: Page) -> datetime.datetime | None:
    """Return when `page`, or a visible page below it, was published or had a major update last.

    None if none of them is visible.
    """

    def read_latest() -> datetime.datetime | None:
        pages = get_visible_pages().descendant_of(page, inclusive=True).order_by()
        latest: datetime.datetime | None = pages.aggregate(at=Max(build_last_change()))["at"]
        return latest

    time: datetime.datetime | None = cached_aggregate(
        f"latest publication:{page.path}", read_latest
    )
    return time


def get_latest_publication(page: Page) -> KnownDate | None:
    """Return the day (UK time) of `get_latest_publication_time`; None if nothing is published."""
    latest = get_latest_publication_time(page)
    return KnownDate(timezone.localdate(latest)) if latest else None
