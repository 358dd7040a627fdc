"""The date of a page that is a record of something: news, reports and quotes."""

import datetime
from typing import Any

from django.db import models

from .pages import BasePage
from .text.dates import KnownDate, Precision, format_date, format_iso_date
from .unindexed import Unindexed
from .visibility import SitePageQuerySet


class DatedPageQuerySet(SitePageQuerySet):
    """Queries on pages with a date."""

    def tagged(self, field: str, key: int) -> Any:
        """Return the pages whose many-to-many `field` has the page with this `key`.

        It is meant for the newest of them. SQLite would find all, decide for each whether it is
        visible, and sort them. Instead it reads the index of dates until the list is full.
        """
        relation: Any = self.model._meta.get_field(field)
        tags = relation.remote_field.through.objects.filter(
            **{relation.m2m_reverse_field_name(): key}
        )
        pages = self.alias(unindexed_key=Unindexed("pk", output_field=models.IntegerField()))
        return pages.filter(unindexed_key__in=tags.values(relation.m2m_field_name()))

    def newest_first(self) -> Any:
        """Return the pages ordered by date, the newest first."""
        return self.order_by("-date", "-pk")


class DatedPageMixin(BasePage):
    """A page with a date that may be known to the month or the year only."""

    date = models.DateField(default=datetime.date.today)
    date_precision = models.CharField(
        "how exact the date is",
        max_length=5,
        choices=Precision.choices,
        default=Precision.DAY,
        help_text="If you only know the month or the year, enter its first day.",
    )

    # What only some types have, and rows of every list show: a `Call`, the page that replaces it.
    call: Any = None
    successor: Any = None

    class Meta:
        abstract = True

    @property
    def first_published(self) -> KnownDate | None:
        """Return the date of the record; never None, unlike that of other pages."""
        return KnownDate(self.date, self.date_precision)

    @property
    def published(self) -> str:
        """Return the date as text with its recorded precision, such as “March 2022”."""
        return format_date(self.date, self.date_precision)

    @property
    def published_iso(self) -> str:
        """Return the date in ISO 8601 with its recorded precision, such as “2022-03”."""
        return format_iso_date(self.date, self.date_precision)
