"""Counts that are added up beside the answers, then written by a thread.

An answer waits for no database, and what cannot be written is kept for the next time.
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


class Tally(Generic[Key]):
    """How often each key was counted; `add` writes so many more of each, in one transaction."""

    def __init__(self, name: str, add: Callable[[dict[Key, int]], None]) -> None:
        self.name, self.add = name, add
        self.waiting: Counter[Key] = Counter()
        self.lock, self.writing = threading.Lock(), threading.Lock()
        self.started = False

    def count(self, key: Key) -> None:
        with self.lock:
            self.waiting[key] += 1
            self._start()

    def write(self) -> None:
        """Write what has been counted; DatabaseError, with nothing lost, where that fails."""
        with self.writing:
            with self.lock:
                taken = dict(self.waiting)
                self.waiting.clear()
            try:
                self.add(taken)
            except BaseException:
                with self.lock:
                    self.waiting.update(taken)
                raise

    def _start(self) -> None:
        """Start the thread that writes, once a process; at the first count, after any fork."""
        if settings.COUNTER_FLUSH_SECONDS and not self.started:
            self.started = True
            threading.Thread(target=self._keep_writing, name=self.name, daemon=True).start()
            # Unlike `atexit`, this runs in forked workers too.
            Finalize(None, self._write_apart, exitpriority=0)

    def _keep_writing(self) -> None:
        while every := settings.COUNTER_FLUSH_SECONDS:
            time.sleep(every)
            if self.waiting:
                self._write_apart()

    def _write_apart(self) -> None:
        """Write, with a connection that nobody else uses and that is closed after."""
        try:
            self.write()
        except Exception as error:
            logger.warning("%s will be written later: %s", self.name.capitalize(), error)
        finally:
            connection.close()
