"""The state of the site as a number that every change raises, for all processes of a machine.

It lies in a file that they all map into memory: reading it costs less than a call.
"""

import contextlib
import fcntl
import mmap
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

# What the words of the file hold, each of 64 bits.
CURRENT, PAGES, FILES, HEARD = range(4)
# From here on when each of the last generations began, in nanoseconds of the machine's clock.
BEGUN = 8
REMEMBERED = 120


class Generation:
    """The number kept at `path`, and since when it stands.

    `pages` and `files` are the oldest generations of which a copy may be shown when nothing newer
    can be made: later changes have taken something away that must not come back.
    """

    def __init__(self, path: Path) -> None:
        self.handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        size = 8 * (BEGUN + REMEMBERED)
        os.ftruncate(self.handle, size)
        self.words = memoryview(mmap.mmap(self.handle, size)).cast("Q")
        self.lock = threading.Lock()

    @property
    def current(self) -> int:
        return self.words[CURRENT]

    @property
    def pages(self) -> int:
        return self.words[PAGES]

    @property
    def files(self) -> int:
        return self.words[FILES]

    @property
    def heard(self) -> int:
        """The last change that this machine has told others of, or heard of from them."""
        return self.words[HEARD]

    @heard.setter
    def heard(self, number: int) -> None:
        self.words[HEARD] = number

    def advance(self, withdraws: bool = True) -> int:
        """Begin a generation after a change, which may take a page away; what was added cannot.

        Any change may take a file away: a page that no longer names it is enough.
        """
        with self._alone():
            number = self._begin(time.monotonic_ns())
            self.words[FILES] = number
            if withdraws:
                self.words[PAGES] = number
        return number

    def restart(self) -> int:
        """Begin one because nobody knows what happened before; nothing was taken away by that."""
        with self._alone():
            # The machine's clock may have begun anew: no copy is younger than it looks.
            self.words[BEGUN:] = memoryview(bytes(8 * REMEMBERED)).cast("Q")
            return self._begin(0)

    def overtaken(self, number: int) -> float:
        """Seconds since generation `number` was followed by another; 0 while it is current."""
        ago = self.current - number
        if not ago:
            return 0
        begun = self.words[BEGUN + (number + 1) % REMEMBERED] if 0 < ago < REMEMBERED else 0
        return (time.monotonic_ns() - begun) / 1e9 if begun else float("inf")

    def _begin(self, moment: int) -> int:
        number = self.current + 1
        self.words[BEGUN + number % REMEMBERED] = moment
        # Last: who sees the number finds the rest in place.
        self.words[CURRENT] = number
        return number

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One writer at a time, of all threads and processes."""
        with self.lock:
            fcntl.flock(self.handle, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self.handle, fcntl.LOCK_UN)


generation = Generation(settings.DATA_DIR / "generation")
