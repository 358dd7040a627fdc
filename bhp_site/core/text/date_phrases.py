"""Phrases for dates and periods that are known only to lie between two days.

Dates of memberships, roles and themes become text here and nowhere else. A phrase is as short as
it can be while it is true of every date in the recorded ranges. Beyond one calendar year it names
years only; the ranges themselves stay in the record, the exports and the data for machines.
"""

import datetime
from typing import NamedTuple

from django.utils import timezone

from .dates import Precision, format_date


class DateRange(NamedTuple):
    """The first and the last day on which something can have happened; None is open."""

    earliest: datetime.date | None = None
    latest: datetime.date | None = None


def describe_dates(
    start: DateRange, end: DateRange | None = None, *, today: datetime.date | None = None
) -> str:
    """Return the shortest phrase that is true of every date within the ranges.

    It is "" where the ranges add nothing. Without `end` it is about one event: “on 3 May 2021”,
    “in 2011”, “between 2020 and 2022”, “by 2025”, “in 2020 or later”. With `end` it is about a
    period, which goes on if `end` is open on both sides: “since 2018”, “until 2025 at the latest”,
    “from 2015 to 2018”. `today` (by default the current day) decides whether something has
    certainly begun.
    """
    if end is None:
        return _describe_event(start)
    if end == DateRange():
        return _describe_start(start, today or timezone.localdate())
    return _describe_period(*_narrow(start, end))


def format_year(dates: DateRange) -> str:
    """Return the year of an event as a heading or figure: “2011”, “by 2017”, “2020 or later”.

    It is "" if neither date is known.
    """
    if dates.latest is None:
        return f"{dates.earliest.year} or later" if dates.earliest else ""
    is_one_year = dates.earliest is not None and dates.earliest.year == dates.latest.year
    return f"{dates.latest.year}" if is_one_year else f"by {dates.latest.year}"


def _format_unit(dates: DateRange) -> str:
    """Return the day, month or year that contains both dates; "" if there is none."""
    first, last = dates
    if first is None or last is None or first.year != last.year:
        return ""
    if first == last:
        return format_date(first)
    return format_date(first, Precision.MONTH if first.month == last.month else Precision.YEAR)


def _format_within(dates: DateRange) -> str:
    """Return “on 3 May 2021”, “in May 2021” or “in 2021”; "" if no such unit contains both."""
    unit = _format_unit(dates)
    return f"{'on' if dates.earliest == dates.latest else 'in'} {unit}" if unit else ""


def _describe_event(dates: DateRange) -> str:
    if within := _format_within(dates):
        return within
    if dates.earliest and dates.latest:
        return f"between {dates.earliest.year} and {dates.latest.year}"
    if dates.latest:
        return f"by {dates.latest.year}"
    return f"in {dates.earliest.year} or later" if dates.earliest else ""


def _describe_start(start: DateRange, today: datetime.date) -> str:
    """Describe a period that goes on; “since” only if it has certainly begun."""
    has_begun = start.latest is not None and start.latest <= today
    preposition = "since" if has_begun else "from"
    if unit := _format_unit(start):
        return f"{preposition} {unit}"
    if start.latest:
        return f"{preposition} {start.latest.year} at the latest"
    return f"from {start.earliest.year} at the earliest" if start.earliest else ""


def _narrow(start: DateRange, end: DateRange) -> tuple[DateRange, DateRange]:
    """Return the ranges without days that would put the end before the start."""
    ends = [day for day in (start.earliest, end.earliest) if day]
    starts = [day for day in (start.latest, end.latest) if day]
    return (
        DateRange(start.earliest, min(starts, default=None)),
        DateRange(max(ends, default=None), end.latest),
    )


def _describe_period(start: DateRange, end: DateRange) -> str:
    """Describe a period that has an end, from ranges that `_narrow` returned."""
    if within := _format_within(DateRange(start.earliest, end.latest)):
        return within
    began = _format_unit(start)
    if end.latest:
        ended = _format_unit(end) or f"{end.latest.year} at the latest"
        return f"from {began} to {ended}" if began else f"until {ended}"
    # It ended on or after a day, which `_narrow` has set.
    assert end.earliest is not None
    year = end.earliest.year
    # It went on in this year if it began then, or before a day on which it had not ended.
    if start.latest and start.latest.year == year and (began or start.latest <= end.earliest):
        return f"in {year}"
    until = f"until at least {year}"
    return f"from {began} {until}" if began else until
