"""The worker: takes tasks from the queues until it is stopped."""

import logging
import os
import threading
from time import monotonic

from django.db import close_old_connections, connection
from django.utils.module_loading import import_string

from .execution import Attempt, run_task, running
from .heartbeat import RENEW_SECONDS, WORKER, record_heartbeat, renew_heartbeat
from .models import QueuedTask

logger = logging.getLogger(__name__)

# How long a task stays with a worker that no longer renews its lease.
LEASE_SECONDS = 60
POLL_SECONDS = 1
# How long a stopping worker waits for its tasks; the launcher waits a little longer.
STOP_SECONDS = 8


class Worker:
    """Runs the tasks of each queue in a thread of its own, one at a time.

    So a task that takes minutes, in the queue "slow", does not keep short ones waiting.
    """

    def __init__(self, queue_names: list[str], lease_seconds: float = LEASE_SECONDS) -> None:
        self.lease_seconds = lease_seconds
        self.stopping = threading.Event()
        self.threads = [
            threading.Thread(target=self._run_queue, args=[name], name=f"queue-{name}", daemon=True)
            for name in queue_names
        ]

    def run(self) -> None:
        """Run tasks until `stop` is called, then release those that do not finish soon."""
        renew_heartbeat()
        for thread in self.threads:
            thread.start()
        while not self.stopping.wait(min(self.lease_seconds / 4, RENEW_SECONDS)):
            try:
                close_old_connections()
                self.supervise()
            except Exception:  # The database may be away for a while.
                logger.exception("The worker could not renew its leases")
                connection.close()
        deadline = monotonic() + STOP_SECONDS
        for thread in self.threads:
            thread.join(max(0, deadline - monotonic()))
        for attempt in [*running]:
            attempt.release()

    def stop(self) -> None:
        """Make the worker start no more tasks; `run` returns within STOP_SECONDS."""
        self.stopping.set()

    def supervise(self) -> None:
        """Renew the leases of this worker, and release expired leases of other workers.

        Ends the process if one of its tasks exceeds its timeout: a thread cannot be ended.
        """
        renew_heartbeat()
        record_heartbeat(WORKER)
        for attempt in [*running]:
            if is_overdue(attempt):
                seconds = import_string(attempt.queued.path).timeout_seconds
                attempt.fail(TimeoutError(f"It took longer than {seconds} seconds"), "", seconds)
                os._exit(1)
            attempt.renew(self.lease_seconds)
        QueuedTask.objects.release_expired()

    def _run_queue(self, queue_name: str) -> None:
        while not self.stopping.is_set():
            close_old_connections()
            try:
                tasks = QueuedTask.objects.due().filter(queue_name=queue_name)
                if not run_task(tasks, self.lease_seconds):
                    self.stopping.wait(POLL_SECONDS)
            except Exception:
                logger.exception("The worker could not take a task from the queue %s", queue_name)
                connection.close()
                self.stopping.wait(POLL_SECONDS)
        connection.close()


def is_overdue(attempt: Attempt) -> bool:
    """Return True if an attempt has exceeded its task's timeout."""
    return monotonic() - attempt.started > import_string(attempt.queued.path).timeout_seconds
