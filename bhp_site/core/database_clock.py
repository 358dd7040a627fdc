"""The clock of the database, which all machines share, beside that of this machine."""

import datetime

from django.db import connection
from django.utils import timezone

# A larger difference is an error of one of the clocks.
MAX_DIFFERENCE = datetime.timedelta(minutes=1)


def get_database_time() -> datetime.datetime:
    """Return the database's time; on SQLite, which has no clock of its own, that of this machine.

    Raises DatabaseError.
    """
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (time,) = cursor.fetchone()
    return time  # type: ignore[no-any-return]


def get_certain_time() -> datetime.datetime:
    """Return the earlier time of both clocks: what is due then is due whichever is wrong."""
    return min(timezone.now(), get_database_time())


def check_clock() -> bool:
    """Return True if the clocks of this machine and the database agree (health check)."""
    return abs(timezone.now() - get_database_time()) <= MAX_DIFFERENCE
