"""The scheduler: runs the periodic jobs of the site, which are all listed in `bhp_site/jobs.py`."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from django.db import close_old_connections, connection

from .heartbeat import RENEW_SECONDS, SCHEDULER, record_heartbeat, record_job, renew_heartbeat

logger = logging.getLogger(__name__)

# A job that failed is repeated after this long, or after its interval if that is shorter.
RETRY_SECONDS = 60


@dataclass(frozen=True)
class Job:
    """A function that is called periodically. It must be quick: slow work is enqueued as tasks."""

    name: str
    function: Callable[[], object]
    interval_seconds: float


class Scheduler:
    """Runs each job when its interval has passed; each for the first time at once."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self.jobs = jobs
        self.stopping = threading.Event()
        self._due_at = dict.fromkeys((job.name for job in jobs), 0.0)

    def run(self) -> None:
        """Run jobs until `stop` is called."""
        while not self.stopping.is_set():
            close_old_connections()
            self.renew_heartbeat()
            self.run_due_jobs()
            next_due = min(self._due_at.values(), default=monotonic() + RETRY_SECONDS)
            self.stopping.wait(min(max(0.1, next_due - monotonic()), RENEW_SECONDS))

    def stop(self) -> None:
        """Make `run` return after the current job."""
        self.stopping.set()

    def renew_heartbeat(self) -> None:
        """Record that the scheduler is alive; a failure is logged."""
        try:
            renew_heartbeat(SCHEDULER)
            record_heartbeat(SCHEDULER)
        except Exception:
            logger.exception("The scheduler could not record that it is alive")
            connection.close()

    def run_due_jobs(self) -> None:
        """Run the due jobs in the order of the list; a failure is logged and stops no other."""
        for job in self.jobs:
            now = monotonic()
            if self.stopping.is_set() or now < self._due_at[job.name]:
                continue
            wait = job.interval_seconds
            self.renew_heartbeat()
            try:
                job.function()
                record_job(job.name)
            except Exception:
                logger.exception("The job “%s” failed", job.name)
                wait = min(wait, RETRY_SECONDS)
                connection.close()  # The database may have been away.
            self._due_at[job.name] = now + wait
