"""Dates no more exact than what is known: to the day, the month or the year."""

import calendar
import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import formats
from django.utils.timezone import localtime


class Precision(models.TextChoices):
    DAY = "day", "Day"
    MONTH = "month", "Month"
    YEAR = "year", "Year"


# The time zone in which schedules are entered and shown.
UK = ZoneInfo("Europe/London")

FORMATS = {Precision.DAY: "j F Y", Precision.MONTH: "F Y", Precision.YEAR: "Y"}
ISO_LENGTH = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}


def format_date(date: datetime.date, precision: str = Precision.DAY) -> str:
    """Return `date` as visitors read it: “24 November 2022”, “November 2022” or “2022”."""
    return formats.date_format(date, FORMATS[Precision(precision)])


@dataclass(frozen=True)
class KnownDate:
    """A date no more exact than what is known."""

    date: datetime.date
    precision: str = Precision.DAY

    @property
    def in_words(self) -> str:
        """Return the date as visitors read it, such as “March 2022”."""
        return format_date(self.date, self.precision)

    @property
    def iso(self) -> str:
        """Return the date in ISO 8601, as exact as it is known, such as “2022-03”."""
        return format_iso_date(self.date, self.precision)


def format_uk_time(moment: datetime.datetime) -> str:
    """Return `moment` as editors read a schedule: “3 June 2030 at 13:00 UK time”.

    The time zone is named and never the reader's own: a release has one time for everybody.
    """
    local = localtime(moment, UK)
    return f"{formats.date_format(local, 'j F Y')} at {local:%H:%M} UK time"


def format_public_time(moment: datetime.datetime) -> str:
    """Return `moment` as visitors read it: “Thursday 12 March 2026, 12.01am (UK time)”."""
    local = localtime(moment, UK)
    minutes = f".{local:%M}" if local.minute else ""
    half = "am" if local.hour < 12 else "pm"
    day = formats.date_format(local, "l j F Y")
    return f"{day}, {local.hour % 12 or 12}{minutes}{half} (UK time)"


def format_iso_date(date: datetime.date, precision: str = Precision.DAY) -> str:
    """Return `date` in ISO 8601, with reduced precision: “2022-11-24”, “2022-11” or “2022”."""
    return date.isoformat()[: ISO_LENGTH[Precision(precision)]]


def get_first_day(date: datetime.date, precision: str = Precision.DAY) -> datetime.date:
    """Return the earliest day that `date` can be, given its precision."""
    if precision == Precision.YEAR:
        return date.replace(month=1, day=1)
    return date.replace(day=1) if precision == Precision.MONTH else date


def get_last_day(date: datetime.date, precision: str = Precision.DAY) -> datetime.date:
    """Return the latest day that `date` can be, given its precision."""
    if precision == Precision.DAY:
        return date
    month = 12 if precision == Precision.YEAR else date.month
    return date.replace(month=month, day=calendar.monthrange(date.year, month)[1])


def validate_date_order(
    earliest: datetime.date | None, latest: datetime.date | None, field: str
) -> None:
    """Raise ValidationError on `field` if the latest date is before the earliest."""
    if earliest and latest and latest < earliest:
        raise ValidationError({field: "The latest date is before the earliest date."})
