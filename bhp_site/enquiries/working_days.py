"""Days on which people in England work: Monday to Friday, without bank holidays."""

import datetime
import functools
from collections.abc import Container
from itertools import count, islice

SATURDAY = 5


@functools.cache
def bank_holidays() -> Container[datetime.date]:
    """Those of England. A year's are made when a day of it is asked for; nothing is fetched."""
    # With the first question: it takes 17 MB, and most processes are never asked.
    import holidays

    return holidays.country_holidays("GB", subdiv="ENG")


def is_working_day(day: datetime.date) -> bool:
    return day.weekday() < SATURDAY and day not in bank_holidays()


def working_days_after(day: datetime.date, number: int) -> datetime.date:
    """The working day that is `number` such days after `day`, which need not be one itself."""
    later = (day + datetime.timedelta(days=days) for days in count(1))
    return next(islice(filter(is_working_day, later), number - 1, None))
