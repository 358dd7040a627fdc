"""Counters kept in memory and written to the database by a thread every few seconds.

No response waits for the database, and counts that cannot be written are kept for the next try.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable
from multiprocessing.util import Finalize
from typing import Generic, TypeVar

from django.conf import settings
from django.db import connection

logger = logging.getLogger(__name__)

Key = TypeVar("Key", bound=Hashable)


class BufferedCounter(Generic[Key]):
    """Counts per key.

    `name` is for the log and the thread. `add` gets the counts since the last flush and adds them
    to the database in one transaction.
    """

    def __init__(self, name: str, add: Callable[[dict[Key, int]], None]) -> None:
        self.name, self.add = name, add
        self.pending: Counter[Key] = Counter()
        self.lock, self.flush_lock = threading.Lock(), threading.Lock()
        self.is_started = False

    def increment(self, key: Key) -> None:
        """Add one to the count of `key`."""
        with self.lock:
            self.pending[key] += 1
            self._start()

    def flush(self) -> None:
        """Write all pending counts; raise what `add` raises and keep the counts if that fails."""
        with self.flush_lock:
            with self.lock:
                counts = dict(self.pending)
                self.pending.clear()
            try:
                self.add(counts)
            except BaseException:
                with self.lock:
                    self.pending.update(counts)
                raise

    def _start(self) -> None:
        """Start the writing thread of this process, at its first count and so after any fork."""
        if settings.COUNTER_FLUSH_SECONDS and not self.is_started:
            self.is_started = True
            threading.Thread(target=self._run, name=self.name, daemon=True).start()
            # Unlike `atexit`, this runs in forked workers too.
            Finalize(None, self._flush_in_thread, exitpriority=0)

    def _run(self) -> None:
        while seconds := settings.COUNTER_FLUSH_SECONDS:
            time.sleep(seconds)
            if self.pending:
                self._flush_in_thread()

    def _flush_in_thread(self) -> None:
        """Flush with this thread's own database connection, and close it."""
        try:
            self.flush()
        except Exception as error:
            logger.warning("%s will be written later: %s", self.name.capitalize(), error)
        finally:
            connection.close()
