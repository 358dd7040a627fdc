"""Working days in England: Monday to Friday, without bank holidays."""

import datetime
import functools
from collections.abc import Container
from itertools import count, islice

SATURDAY = 5


@functools.cache
def get_bank_holidays() -> Container[datetime.date]:
    """Return the bank holidays of England; the library computes each year on first use."""
    # Imported here because it takes 17 MB that most processes never need.
    import holidays

    return holidays.country_holidays("GB", subdiv="ENG")


def is_working_day(day: datetime.date) -> bool:
    """Return True for Monday to Friday, except bank holidays."""
    return day.weekday() < SATURDAY and day not in get_bank_holidays()


def add_working_days(day: datetime.date, number: int) -> datetime.date:
    """Return the working day that is `number` (1 or more) working days after any `day`."""
    later = (day + datetime.timedelta(days=days) for days in count(1))
    return next(islice(filter(is_working_day, later), number - 1, None))
