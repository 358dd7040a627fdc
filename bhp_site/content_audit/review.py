"""Find pages that are due for review, and mark pages as reviewed."""

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

from .models import ContentAuditSettings

# Used if the settings turn off reviews by age.
DEFAULT_REVIEW_MONTHS = 12


def get_review_months() -> int:
    """Return the months from a publication to the next review; 0 means no review by age."""
    site = Site.objects.filter(is_default_site=True).first()
    return ContentAuditSettings.for_site(site).review_months if site else 0


def add_months(day: datetime.date, months: int) -> datetime.date:
    """Return the date `months` after `day` (before, if negative); at most the month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(
        year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1])
    )


def get_due_pages() -> list[BasePage]:
    """Return the public pages to review, the longest due first.

    A page is due on its review date or, without one, `get_review_months` after its last
    publication. Records such as news are due by date only.
    """
    today, review_months = timezone.localdate(), get_review_months()
    by_date = Q(review_by__lte=today)
    by_age = Q(review_by=None, last_published_at__date__lt=add_months(today, -review_months))
    due: list[BasePage] = []
    for model in get_page_models():
        if issubclass(model, BasePage) and model.is_creatable:
            condition = by_date | by_age if review_months and not model.is_record else by_date
            # Visibility is expensive: it is computed for the few due pages, not for all. With a
            # condition on `live`, or in the default order, SQLite would scan all pages each time.
            keys = list(model.objects.filter(condition).order_by().values_list("pk", flat=True))
            if keys:
                due += model.objects.filter(visible_q(), pk__in=keys).defer_streamfields()
    return sorted(due, key=lambda page: (get_due_date(page), page.pk))


def get_due_date(page: BasePage) -> datetime.date:
    """Return the review date of `page`, or else the date of its last publication."""
    published = page.last_published_at or page.first_published_at or timezone.now()
    return page.review_by or timezone.localdate(published)


def mark_reviewed(page: BasePage, user: Any) -> datetime.date:
    """Set the date of the next review of `page`, log it and return the date.

    Nothing that visitors see changes, so the page is not published and a draft stays a draft.
    """
    next_date = add_months(timezone.localdate(), get_review_months() or DEFAULT_REVIEW_MONTHS)
    with transaction.atomic():
        _save_review_date(page, next_date)
        data = {"next": next_date.isoformat()}
        log(Page.objects.get(pk=page.pk), "content_audit.review", user=user, data=data)
    return next_date


def _save_review_date(page: BasePage, next_date: datetime.date) -> None:
    type(page).objects.filter(pk=page.pk).update(review_by=next_date)
    # A revision that is published later must not bring the old date back.
    current = {page.latest_revision_id, page.live_revision_id} - {None}
    # Locked, because saving a draft in the editor writes the whole row.
    for revision in Revision.objects.select_for_update().filter(
        Q(pk__in=current) | Q(object_id=str(page.pk), approved_go_live_at__isnull=False),
        base_content_type__model="page",
    ):
        content = revision.content | {"review_by": next_date.isoformat()}
        Revision.objects.filter(pk=revision.pk).update(content=content)
