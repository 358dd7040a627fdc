"""Dates no more exact than what is known: to the day, the month or the year, or between two."""

import calendar
import datetime
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


def format_uk_time(moment: datetime.datetime) -> str:
    """Return `moment` as editors read a schedule: “3 June 2030 at 13:00 UK time”.

    The time zone is named and never the reader's own: a release has one time for everybody.
    """
    local = localtime(moment, UK)
    return f"{formats.date_format(local, 'j F Y')} at {local:%H:%M} UK time"


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


def format_interval(earliest: datetime.date | None, latest: datetime.date | None) -> str:
    """Return the interval from `earliest` to `latest`, both included, as text.

    A whole year or month is named as such. Without `earliest` it begins with “by”, without `latest`
    with “in or after”; without both it is "".
    """
    if earliest is None and latest is None:
        return ""
    if earliest is None:
        return f"by {_end(latest)}"
    if latest is None:
        return f"in or after {_start(earliest)}"
    if earliest == latest:
        return format_date(earliest)
    if (earliest.year, earliest.month, earliest.day) == (latest.year, 1, 1) and (
        latest.month,
        latest.day,
    ) == (12, 31):
        return format_date(earliest, Precision.YEAR)
    if _start(earliest) == _end(latest):
        return _start(earliest)
    return f"between {_start(earliest)} and {_end(latest)}"


def _start(date: datetime.date) -> str:
    """Return the month, where `date` is its first day; else the day."""
    return format_date(date, Precision.MONTH if date.day == 1 else Precision.DAY)


def _end(date: datetime.date | None) -> str:
    """Return the month, where `date` is its last day; else the day."""
    assert date is not None
    last = calendar.monthrange(date.year, date.month)[1]
    return format_date(date, Precision.MONTH if date.day == last else Precision.DAY)


def validate_date_order(
    earliest: datetime.date | None, latest: datetime.date | None, field: str
) -> None:
    """Raise ValidationError on `field` if the latest date is before the earliest."""
    if earliest and latest and latest < earliest:
        raise ValidationError({field: "The latest date lies before the earliest."})
