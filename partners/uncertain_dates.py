"""Model mixins for dates and periods that are known only to lie between two days."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldRowPanel

from bhp_site.core.text.date_phrases import DateRange, describe_dates, format_year
from bhp_site.core.text.dates import validate_date_order


class Certainty(models.TextChoices):
    """The way in which an editor entered a date: exactly, or as the range in which it lies."""

    EXACT = "exact", "Exact date"
    NOT_SURE = "not_sure", "Not sure"


CERTAINTY_HELP = (
    "If you know the exact date, choose “Exact date” and enter it once. If you are not sure, "
    "choose “Not sure” and enter the first and the last possible day. If you only know one of "
    "them, leave the other empty."
)
ONE_DATE_MISSING = (
    "You entered one date. If it is the exact date, choose “Exact date”. If you do not know the "
    "other date, choose “Not sure”: public pages then say no more than you know, for example "
    "“by 2025” or “between 9 and 10 members”."
)


def build_certainty_field(label: str) -> models.CharField:
    """Return the model field for `Certainty`, which is required if one of two dates is missing."""
    return models.CharField(
        label, max_length=8, choices=Certainty.choices, blank=True, help_text=CERTAINTY_HELP
    )


def complete_exact_date(row: Any, certainty: str, earliest: str, latest: str) -> None:
    """Copy an exact date of `row` to both fields; the other arguments are names of its fields.

    Raises ValidationError if one date is missing and the certainty is not given, if it contradicts
    the dates, or if they are in the wrong order.
    """
    first, last = getattr(row, earliest), getattr(row, latest)
    entered = getattr(row, certainty)
    if entered == Certainty.EXACT:
        if first is None and last is None:
            raise ValidationError({certainty: "You chose “Exact date”. Enter the date."})
        if first and last and first != last:
            raise ValidationError(
                {certainty: "You chose “Exact date” but entered two dates. Choose “Not sure”."}
            )
        setattr(row, earliest, first or last)
        setattr(row, latest, first or last)
    elif not entered and (first is None) != (last is None):
        raise ValidationError({certainty: ONE_DATE_MISSING})
    validate_date_order(getattr(row, earliest), getattr(row, latest), latest)


def set_default_certainty(row: Any, certainty: str, earliest: str, latest: str) -> None:
    """Set the certainty of a `row` that has one of two dates to “not sure” if it is empty.

    Code saves rows without a form. The other arguments are names of fields.
    """
    is_incomplete = (getattr(row, earliest) is None) != (getattr(row, latest) is None)
    if is_incomplete and not getattr(row, certainty):
        setattr(row, certainty, Certainty.NOT_SURE)


class UncertainDate(models.Model):
    """Something that happened on a day between two others, both included; None is open."""

    certainty = build_certainty_field("how exact the date is")
    earliest = models.DateField(null=True, blank=True, help_text="The first possible day.")
    latest = models.DateField(null=True, blank=True, help_text="The last possible day.")

    date_panels: list[Any] = ["certainty", FieldRowPanel(["earliest", "latest"])]

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Raise ValidationError if the dates do not fit `certainty`; complete an exact date."""
        super().clean()
        complete_exact_date(self, "certainty", "earliest", "latest")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the date; without a choice of its certainty, that follows from its two days."""
        set_default_certainty(self, "certainty", "earliest", "latest")
        super().save(*args, **kwargs)

    @property
    def date_range(self) -> DateRange:
        """Return the first and the last day on which it can have happened."""
        return DateRange(self.earliest, self.latest)

    @property
    def when(self) -> str:
        """Return the shortest true phrase: “in May 2021”, “between 2020 and 2022”, “by 2025”."""
        return describe_dates(self.date_range)

    @property
    def until(self) -> str:
        """Return a phrase about what this ended: “until 2023”, “until 2025 at the latest”."""
        return describe_dates(DateRange(), self.date_range)

    @property
    def year_text(self) -> str:
        """Return the year as a heading or figure: “2011”, “by 2017”, “2020 or later”."""
        return format_year(self.date_range)

    @property
    def when_beside_year(self) -> str:
        """Return `when` for text below the heading `year_text`; "" if that says as much."""
        return "" if self.when.removeprefix("in ") == self.year_text else self.when

    @property
    def iso(self) -> str:
        """Return the date as ISO 8601, with day or month only if known; "" if the year is not."""
        if self.earliest is None or self.latest is None:
            return ""
        for length in (10, 7, 4):
            if self.earliest.isoformat()[:length] == self.latest.isoformat()[:length]:
                return self.earliest.isoformat()[:length]
        return ""

    def is_possible_by(self, date: datetime.date) -> bool:
        """Return True if it can have happened on or before `date`."""
        return self.earliest is None or self.earliest <= date

    def is_certain_by(self, date: datetime.date) -> bool:
        """Return True if it certainly happened on or before `date`."""
        return self.latest is not None and self.latest <= date

    def is_certainly_before(self, other: "UncertainDate") -> bool:
        """Return True if it certainly happened on an earlier day than `other`."""
        return bool(self.latest and other.earliest and self.latest < other.earliest)


class UncertainPeriod(models.Model):
    """Something that lasted from one uncertain date to another; without an end it is ongoing."""

    start_certainty = build_certainty_field("how exact the start is")
    start_earliest = models.DateField("earliest start", null=True, blank=True)
    start_latest = models.DateField("latest start", null=True, blank=True)
    end_certainty = build_certainty_field("how exact the end is")
    end_earliest = models.DateField("earliest end", null=True, blank=True)
    end_latest = models.DateField("latest end", null=True, blank=True)

    period_panels: list[Any] = [
        "start_certainty",
        FieldRowPanel(["start_earliest", "start_latest"]),
        "end_certainty",
        FieldRowPanel(["end_earliest", "end_latest"]),
    ]

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Complete exact dates; raise ValidationError for missing or contradictory values."""
        super().clean()
        complete_exact_date(self, "start_certainty", "start_earliest", "start_latest")
        complete_exact_date(self, "end_certainty", "end_earliest", "end_latest")
        validate_date_order(self.start_earliest, self.end_latest, "end_latest")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the period; certainties that nobody chose follow from the days."""
        set_default_certainty(self, "start_certainty", "start_earliest", "start_latest")
        set_default_certainty(self, "end_certainty", "end_earliest", "end_latest")
        super().save(*args, **kwargs)

    @property
    def when(self) -> str:
        """Return the shortest true phrase: “since 2018”, “until 2025 at the latest”."""
        return describe_dates(
            DateRange(self.start_earliest, self.start_latest),
            DateRange(self.end_earliest, self.end_latest),
        )

    @property
    def is_ongoing(self) -> bool:
        """Return True if it can have begun by today and no end is recorded."""
        no_end = self.end_earliest is None and self.end_latest is None
        return no_end and self.is_possible_on(timezone.localdate())

    @property
    def is_over(self) -> bool:
        """Return True if an end is recorded and its last possible day is past.

        An end that is only known not to be before a day counts from that day on.
        """
        today = timezone.localdate()
        if self.end_latest is not None:
            return self.end_latest < today
        return self.end_earliest is not None and self.end_earliest <= today

    @property
    def is_current(self) -> bool:
        """Return True if it can have begun by today and is not over."""
        return self.is_possible_on(timezone.localdate()) and not self.is_over

    def is_possible_on(self, date: datetime.date) -> bool:
        """Return True if `date` can lie within the period; open bounds allow any date."""
        began = self.start_earliest is None or self.start_earliest <= date
        over = self.end_latest is not None and self.end_latest < date
        return began and not over

    def is_certain_on(self, date: datetime.date) -> bool:
        """Return True if `date` certainly lies within the period."""
        began = self.start_latest is not None and self.start_latest <= date
        no_end = self.end_earliest is None and self.end_latest is None
        later = self.end_earliest is not None and self.end_earliest > date
        return began and (no_end or later)
