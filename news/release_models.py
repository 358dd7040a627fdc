"""The release: an announcement and everything else that is published with it."""

import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from wagtail.models import Page

from bhp_site.core.publishing.rules import is_first_publication
from bhp_site.core.text.dates import format_public_time
from partners.models import PartnerPage, Person
from reports.models import ReportPage

from .quote_pages import QuotePage


class Release(models.Model):
    """An announcement with its report, quotes, and other pages and people that go out with it.

    The announcement itself names its report and partners. An announcement without a row here is
    published with these in the same way: see `news.release`.
    """

    # It shows on no page.
    wagtail_reference_index_ignore = True

    announcement = models.OneToOneField(
        "news.NewsPage", on_delete=models.CASCADE, related_name="release"
    )
    pages = models.ManyToManyField(Page, blank=True, related_name="+")
    people = models.ManyToManyField(Person, blank=True, related_name="+")
    embargo_until = models.DateTimeField(null=True, blank=True)
    # When all of it was published; None before.
    published_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.announcement.title

    @property
    def is_under_embargo(self) -> bool:
        """Return True before the time at which the embargo ends."""
        return self.is_under_embargo_at(timezone.now())

    @property
    def end_of_embargo(self) -> str:
        """Return when the embargo ends, in words; "" if the release is not under embargo."""
        until = self.embargo_until
        return format_public_time(until) if until and self.is_under_embargo else ""

    def get_pages(self) -> list[Any]:
        """Return the pages that were chosen for the release, as instances of their classes."""
        return list(Page.objects.filter(pk__in=self.pages.values("pk")).specific())

    def is_under_embargo_at(self, moment: datetime.datetime) -> bool:
        """Return True if the embargo has not ended at `moment`."""
        return self.embargo_until is not None and moment < self.embargo_until


def get_release(instance: Any, is_being_published: bool = False) -> Release | None:
    """Return the release to which a page or a person belongs; None if there is none.

    The release of a report or a partner is the announcement that would publish it. Of several
    releases the latest that has not been published is returned. `is_being_published` is True in
    the transaction that publishes `instance`, whose row is live already.
    """
    belongs = _get_condition(instance, is_being_published) if instance.pk else None
    if belongs is None:
        return None
    releases = Release.objects.filter(belongs).select_related("announcement")
    latest_first = models.F("published_at").desc(nulls_first=True)
    release: Release | None = releases.order_by(latest_first, "-pk").first()
    return release


def _get_condition(instance: Any, is_being_published: bool) -> models.Q | None:
    """Return the condition on releases to which `instance` belongs; None if it can be in none."""
    if isinstance(instance, Person):
        return models.Q(people=instance.pk)
    if not isinstance(instance, Page):
        return None
    condition = models.Q(announcement=instance.pk) | models.Q(pages=instance.pk)
    page_type = instance.specific_class
    if page_type is QuotePage:
        parents = instance.get_ancestors().filter(depth=instance.depth - 1)
        return condition | models.Q(announcement__in=parents.values("pk"))
    if instance.live and not (is_being_published and is_first_publication(instance)):
        return condition
    if page_type is ReportPage:
        draft = models.Q(announcement__latest_revision__content__report=instance.pk)
        return condition | models.Q(announcement__report=instance.pk) | draft
    if page_type is PartnerPage:
        row = models.Q(announcement__partners=instance.pk, announcement__publish_partners=True)
        return condition | row | models.Q(pk__in=_find_drafts_with_partner(instance.pk))
    return condition


def _find_drafts_with_partner(partner: int) -> list[int]:
    """Return the releases not published yet whose latest draft would publish this partner too."""
    content = "announcement__latest_revision__content"
    drafts = Release.objects.filter(published_at=None, **{f"{content}__publish_partners": True})
    rows = drafts.values_list("pk", f"{content}__partners")
    return [pk for pk, partners in rows if partner in (partners or [])]


def is_under_embargo(instance: Any) -> bool:
    """Return True if a page or a person belongs to a release whose embargo has not ended."""
    release = get_release(instance)
    return release is not None and release.is_under_embargo
