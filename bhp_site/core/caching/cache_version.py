"""A number that every change of content raises, shared by all processes of one machine.

It lies in a memory-mapped file, so reading it costs less than a function call.
"""

import contextlib
import fcntl
import mmap
import os
import threading
import time
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

# What the 64-bit slots of the file hold.
CURRENT, MINIMUM_FOR_PAGES, MINIMUM_FOR_FILES, LAST_BROADCAST, LAST_WITHDRAWAL = range(5)
# The last version that withheld single files.
LAST_FOR_SINGLE_FILES = 5
# What other machines could not be told: see `invalidation_broadcast`.
UNSENT_BROADCAST = 6
# From this slot on: when each of the last versions began, in nanoseconds of the monotonic clock.
HISTORY_START = 8
HISTORY_LENGTH = 120
# From this slot on: the minimum versions for single files, by a hash of their names. Files that
# share a slot are withheld together.
FILES_START = HISTORY_START + HISTORY_LENGTH
FILE_SLOTS = 4096


class CacheVersion:
    """The current cache version, kept in the file at `path`.

    A cached value belongs to the version at which its computation began. It is stale once the
    current version is higher.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.open_file()
        size = 8 * (FILES_START + FILE_SLOTS)
        os.ftruncate(self.handle, size)
        self.slots = memoryview(mmap.mmap(self.handle, size)).cast("Q")
        self.lock = threading.Lock()

    def open_file(self) -> None:
        """Open the file for this process."""
        self.handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)

    @property
    def current(self) -> int:
        """Return the current version; 0 before the first change."""
        return self.slots[CURRENT]

    @property
    def minimum_for_pages(self) -> int:
        """Return the oldest version of which a page may be served while it cannot be rebuilt.

        A later change took content away, which must not reappear.
        """
        return self.slots[MINIMUM_FOR_PAGES]

    def get_minimum_for_file(self, path: str) -> int:
        """Return the oldest version of which the file at `path` may be served without Django.

        A later change may have taken the file away, or every file.
        """
        return max(self.slots[MINIMUM_FOR_FILES], self.slots[_get_file_slot(path)])

    @property
    def minimum_for_derived_files(self) -> int:
        """Return the oldest version of which a file made from pages and other files may be served.

        That is for example a press pack: a later change may have taken away any part of it.
        """
        slots = self.slots
        return max(slots[MINIMUM_FOR_PAGES], slots[MINIMUM_FOR_FILES], slots[LAST_FOR_SINGLE_FILES])

    @property
    def last_broadcast(self) -> int:
        """Return the id of the last broadcast that this machine sent or received."""
        return self.slots[LAST_BROADCAST]

    @last_broadcast.setter
    def last_broadcast(self, number: int) -> None:
        self.slots[LAST_BROADCAST] = number

    @property
    def last_withdrawal(self) -> int:
        """Return the id of the last broadcast of a withdrawal that this machine knows."""
        return self.slots[LAST_WITHDRAWAL]

    @last_withdrawal.setter
    def last_withdrawal(self, number: int) -> None:
        self.slots[LAST_WITHDRAWAL] = number

    @property
    def unsent_broadcast(self) -> int:
        """Return which kind of broadcast this machine could not send; 0 if it has sent all."""
        return self.slots[UNSENT_BROADCAST]

    @unsent_broadcast.setter
    def unsent_broadcast(self, kind: int) -> None:
        self.slots[UNSENT_BROADCAST] = kind

    def advance(self, withdraws: bool = True, files: Iterable[str] | None = None) -> int:
        """Begin a new version after a change and return it.

        `withdraws` is True if the change may have taken a page away. `files` are the names or paths
        of the stored files that it may have taken away; None stands for all of them.
        """
        with self._locked():
            number = self.current + 1
            # Written first: a reader that sees the new number must know what it withholds.
            if withdraws:
                self.slots[MINIMUM_FOR_PAGES] = number
            if files is None:
                self.slots[MINIMUM_FOR_FILES] = number
            for name in files or ():
                self.slots[_get_file_slot(name)] = self.slots[LAST_FOR_SINGLE_FILES] = number
            return self._begin_version(time.monotonic_ns())

    def restart(self) -> int:
        """Begin a new version when the server starts and return it.

        Changes made while it was down are unknown. Restarting takes no content away, so the
        minimum versions stay.
        """
        with self._locked():
            # The monotonic clock may have been reset, so recorded times mean nothing now.
            history = memoryview(bytes(8 * HISTORY_LENGTH)).cast("Q")
            self.slots[HISTORY_START:FILES_START] = history
            return self._begin_version(0)

    def get_stale_seconds(self, number: int) -> float:
        """Return for how many seconds version `number` has been superseded.

        0 while it is current; infinity if its successor is too old to be recorded.
        """
        versions_behind = self.current - number
        if not versions_behind:
            return 0
        if not 0 < versions_behind < HISTORY_LENGTH:
            return float("inf")
        began = self.slots[HISTORY_START + (number + 1) % HISTORY_LENGTH]
        return (time.monotonic_ns() - began) / 1e9 if began else float("inf")

    def _begin_version(self, began: int) -> int:
        number = self.current + 1
        self.slots[HISTORY_START + number % HISTORY_LENGTH] = began
        # Written last: a reader that sees the new number finds its time recorded.
        self.slots[CURRENT] = number
        return number

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the lock that serialises writers of all threads and processes."""
        with self.lock:
            fcntl.flock(self.handle, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self.handle, fcntl.LOCK_UN)


def _get_file_slot(path: str) -> int:
    """Return the slot of the stored file with this name or path: its last part is unique."""
    return FILES_START + zlib.crc32(path.rpartition("/")[2].encode()) % FILE_SLOTS


cache_version = CacheVersion(settings.DATA_DIR / "cache-version")
# A file that was opened before a fork has one lock for both processes (flock(2)).
os.register_at_fork(after_in_child=cache_version.open_file)
