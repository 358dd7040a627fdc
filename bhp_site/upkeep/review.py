"""Which pages somebody should read again, and what “reviewed” does."""

import calendar
import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page, Revision, Site, get_page_models

from bhp_site.core.pages import BasePage
from bhp_site.core.visibility import visible_q

from .models import UpkeepSettings

# Months to the next review where the settings name none.
YEAR = 12


def months() -> int:
    site = Site.objects.filter(is_default_site=True).first()
    return UpkeepSettings.for_site(site).review_months if site else 0


def shifted(day: datetime.date, number: int) -> datetime.date:
    """`day` so many months later, or earlier; the last of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return day.replace(
        year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1])
    )


def due_pages() -> list[BasePage]:
    """Public pages whose day has come, and those that were published long ago, oldest first."""
    today, wait = timezone.localdate(), months()
    dated = Q(review_by__lte=today)
    old = Q(review_by=None, last_published_at__date__lt=shifted(today, -wait))
    found: list[BasePage] = []
    for model in get_page_models():
        if issubclass(model, BasePage) and model.is_creatable:
            asked = dated | old if wait and not model.is_record else dated
            # Who may see them is asked of few, rather than of every page of the site.
            if due := list(model.objects.filter(asked, live=True).values_list("pk", flat=True)):
                pages = model.objects.filter(visible_q(), pk__in=due)
                found += pages.defer_streamfields()
    return sorted(found, key=lambda page: (since(page), page.pk))


def since(page: BasePage) -> datetime.date:
    """The day by which `page` was to be reviewed, or else that it was published."""
    published = page.last_published_at or page.first_published_at or timezone.now()
    return page.review_by or timezone.localdate(published)


def mark_reviewed(page: BasePage, user: Any) -> datetime.date:
    """Set the day of the next review, which is returned; the draft, if any, stays a draft. Logged.

    Nothing that visitors see changes, so nothing is published.
    """
    next_day = shifted(timezone.localdate(), months() or YEAR)
    with transaction.atomic():
        _write_review_day(page, next_day)
        data = {"next": next_day.isoformat()}
        log(Page.objects.get(pk=page.pk), "upkeep.review", user=user, data=data)
    return next_day


def _write_review_day(page: BasePage, next_day: datetime.date) -> None:
    type(page).objects.filter(pk=page.pk).update(review_by=next_day)
    # What is published from these later must not bring the old day back.
    kept = {page.latest_revision_id, page.live_revision_id}
    # Locked, because saving a draft in the editor writes the same row as a whole.
    for revision in Revision.objects.select_for_update().filter(
        Q(pk__in=kept - {None}) | Q(object_id=str(page.pk), approved_go_live_at__isnull=False),
        base_content_type__model="page",
    ):
        content = revision.content | {"review_by": next_day.isoformat()}
        Revision.objects.filter(pk=revision.pk).update(content=content)
