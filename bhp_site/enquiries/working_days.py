"""Days on which people in England work: Monday to Friday, without bank holidays."""

import datetime
from itertools import count, islice

import holidays

# Rows of a year are made when a day of it is first asked for; nothing is fetched.
ENGLAND = holidays.country_holidays("GB", subdiv="ENG")
SATURDAY = 5


def is_working_day(day: datetime.date) -> bool:
    return day.weekday() < SATURDAY and day not in ENGLAND


def working_days_after(day: datetime.date, number: int) -> datetime.date:
    """The working day that is `number` such days after `day`, which need not be one itself."""
    later = (day + datetime.timedelta(days=days) for days in count(1))
    return next(islice(filter(is_working_day, later), number - 1, None))
