"""Dated records of the register, whose dates may be known only to lie between two days."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldRowPanel

from bhp_site.core.dates import check_order, interval_in_words

# How the words for an interval begin that is not one known day, month or year.
VAGUE = ("by ", "between ", "in or after ")


class Certainty(models.TextChoices):
    """What an editor says of a date, of which one side may be unknown."""

    EXACT = "exact", "Exact date"
    NOT_SURE = "not_sure", "Not sure"


CERTAINTY_HELP = (
    "“Exact date”: enter it once. “Not sure”: enter the first and the last possible day, as far as "
    "you know them."
)
HALF_FILLED = (
    "You entered one date. If it is the exact date, choose “Exact date”. If you do not know the "
    "other date, choose “Not sure”: public pages then give a range, for example “at least 9, at "
    "most 10 members”."
)


def certainty_field(label: str) -> models.CharField:
    """Return the field in which an editor says how sure a date is; needed where one is missing."""
    return models.CharField(
        label, max_length=8, choices=Certainty.choices, blank=True, help_text=CERTAINTY_HELP
    )


def complete(row: Any, certainty: str, earliest: str, latest: str) -> None:
    """Give `row` both dates where the one in it is exact; raise ValidationError where that is open.

    The others are the names of its fields.
    """
    first, last = getattr(row, earliest), getattr(row, latest)
    sure = getattr(row, certainty)
    if sure == Certainty.EXACT:
        if first is None and last is None:
            raise ValidationError({certainty: "You chose “Exact date”. Enter the date."})
        if first and last and first != last:
            raise ValidationError(
                {certainty: "You chose “Exact date” but entered two dates. Choose “Not sure”."}
            )
        setattr(row, earliest, first or last)
        setattr(row, latest, first or last)
    elif not sure and (first is None) != (last is None):
        raise ValidationError({certainty: HALF_FILLED})
    check_order(getattr(row, earliest), getattr(row, latest), latest)


def settle(row: Any, certainty: str, earliest: str, latest: str) -> None:
    """Note on a `row` saved by code, which is not asked, that an open side is meant to be open."""
    half = (getattr(row, earliest) is None) != (getattr(row, latest) is None)
    if half and not getattr(row, certainty):
        setattr(row, certainty, Certainty.NOT_SURE)


class Interval(models.Model):
    """Something that happened on one day, known to lie between two (both included)."""

    certainty = certainty_field("how sure is the date")
    earliest = models.DateField(
        null=True, blank=True, help_text="The first day it can have happened."
    )
    latest = models.DateField(null=True, blank=True, help_text="The last day it can have happened.")

    interval_panels: list[Any] = ["certainty", FieldRowPanel(["earliest", "latest"])]

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        complete(self, "certainty", "earliest", "latest")

    def save(self, *args: Any, **kwargs: Any) -> None:
        settle(self, "certainty", "earliest", "latest")
        super().save(*args, **kwargs)

    @property
    def when(self) -> str:
        """The date in honest words: “between September 2020 and August 2022”."""
        return interval_in_words(self.earliest, self.latest)

    @property
    def iso(self) -> str:
        """The date for machines (ISO 8601), cut to what is known; "" where even the year is not."""
        if self.earliest is None or self.latest is None:
            return ""
        for length in (10, 7, 4):
            if self.earliest.isoformat()[:length] == self.latest.isoformat()[:length]:
                return self.earliest.isoformat()[:length]
        return ""

    @property
    def year(self) -> int | None:
        """The year by which it had certainly happened, else the first it can have happened in."""
        date = self.latest or self.earliest
        return date.year if date else None


class Span(models.Model):
    """Something that lasted from one uncertain day to another; no end: it goes on."""

    start_certainty = certainty_field("how sure is the beginning")
    start_earliest = models.DateField("began, earliest", null=True, blank=True)
    start_latest = models.DateField("began, latest", null=True, blank=True)
    end_certainty = certainty_field("how sure is the end")
    end_earliest = models.DateField("ended, earliest", null=True, blank=True)
    end_latest = models.DateField("ended, latest", null=True, blank=True)

    span_panels: list[Any] = [
        "start_certainty",
        FieldRowPanel(["start_earliest", "start_latest"]),
        "end_certainty",
        FieldRowPanel(["end_earliest", "end_latest"]),
    ]

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        complete(self, "start_certainty", "start_earliest", "start_latest")
        complete(self, "end_certainty", "end_earliest", "end_latest")
        check_order(self.start_earliest, self.end_latest, "end_latest")

    def save(self, *args: Any, **kwargs: Any) -> None:
        settle(self, "start_certainty", "start_earliest", "start_latest")
        settle(self, "end_certainty", "end_earliest", "end_latest")
        super().save(*args, **kwargs)

    @property
    def when(self) -> str:
        """From when to when in honest words: “from 2018”, “began by May 2022”."""
        began = interval_in_words(self.start_earliest, self.start_latest)
        ended = interval_in_words(self.end_earliest, self.end_latest)
        if any(words.startswith(VAGUE) for words in (began, ended)):
            parts = [f"began {began}" if began else "", f"ended {ended}" if ended else ""]
            return "; ".join(filter(None, parts))
        parts = [f"from {began}" if began else "", f"until {ended}" if ended else ""]
        return " ".join(filter(None, parts))

    @property
    def goes_on(self) -> bool:
        """Whether it can have begun by now, and nothing is known of an end."""
        no_end = self.end_earliest is None and self.end_latest is None
        return no_end and self.possible_on(timezone.localdate())

    def possible_on(self, date: datetime.date) -> bool:
        """Whether it can have lasted on `date`; open bounds allow everything."""
        began = self.start_earliest is None or self.start_earliest <= date
        over = self.end_latest is not None and self.end_latest < date
        return began and not over

    def certain_on(self, date: datetime.date) -> bool:
        """Whether it certainly lasted on `date`."""
        began = self.start_latest is not None and self.start_latest <= date
        no_end = self.end_earliest is None and self.end_latest is None
        later = self.end_earliest is not None and self.end_earliest > date
        return began and (no_end or later)
