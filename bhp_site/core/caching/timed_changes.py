"""Times at which public content changes by itself, such as the closing of a call."""

import math
import time
from collections.abc import Callable, Iterable
from datetime import datetime

from .process_cache import cached_until_change

# Functions of apps that return such times, past and to come.
timed_change_sources: list[Callable[[], Iterable[datetime]]] = []


def _read_times() -> list[float]:
    return sorted({moment.timestamp() for read in timed_change_sources for moment in read()})


def _get_times() -> list[float]:
    times: list[float] = cached_until_change("timed changes", _read_times)
    return times


def get_next_change(after: float) -> float:
    """Return the first time of a change later than `after`, as Unix times; infinity if none."""
    return next((moment for moment in _get_times() if moment > after), math.inf)


def get_last_change() -> float:
    """Return the time of the last change until now, as Unix time; 0 if there was none.

    As a part of a cache key it makes values stale that depend on such times.
    """
    now = time.time()
    return max((moment for moment in _get_times() if moment <= now), default=0)
