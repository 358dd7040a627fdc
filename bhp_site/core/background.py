"""What is done beside the requests, by the scheduler: in small pieces, between its looks."""

import datetime
import functools
import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.utils import timezone

logger = logging.getLogger(__name__)

# Does one small piece of its work; False where nothing is left to do.
Job = Callable[[], bool]

jobs: list[Job] = []

# Touched at every look.
BEAT = settings.DATA_DIR / "scheduler"
# Seconds after which a scheduler that has not looked is gone.
GONE = 60


def once_a_day(act: Callable[[], object]) -> Job:
    """A job that does all of `act` at the first look of a day, and at the next where it failed."""
    done: datetime.date | None = None

    @functools.wraps(act)
    def job() -> bool:
        nonlocal done
        if done != timezone.localdate():
            act()
            done = timezone.localdate()
        return False

    return job


def work() -> bool:
    """Do a piece of every job; whether any has more. What fails is told, and keeps up no other."""
    more = False
    for job in jobs:
        try:
            more = job() or more
        except Exception:
            logger.exception("%s: %s has failed", getattr(job, "__module__", ""), job)
    return more


def beat() -> None:
    BEAT.touch(mode=0o600)


def is_running() -> bool:
    """Whether a scheduler of this machine will do what is left to it."""
    try:
        return time.time() - BEAT.stat().st_mtime < GONE
    except OSError:
        return False
