"""Local copies of stored files: what this machine has sent, up to a limit of bytes.

All processes of the machine share the folder. A copy is complete or not there, because its name
comes last. The modification time says when it was last used.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from .errors import StorageUnavailable
from .files import write_atomically

LOCKS_NAME = ".locks"
# A copy that was used within these seconds is not deleted: granian opens a file after the site has
# named it.
UNUSED_SECONDS = 10
# A used copy is touched at most this often.
TOUCH_SECONDS = 1
# How long a request waits for another one that fetches the same file.
WAIT_SECONDS = 15
POLL_SECONDS = 0.02


class LocalCopies:
    """Copies in `folder`, which take up to `max_bytes`; the least recently used are deleted."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self.folder, self.max_bytes = folder, max_bytes

    def find(self, name: str) -> Path | None:
        """Return the path of the copy of `name`, and note that it is used; None without one."""
        path = self.folder / name
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            note_use(path, path.stat())
            return path
        return None

    def fetch(self, name: str, size: int, download: Callable[[], Iterable[bytes]]) -> Path:
        """Return the copy of `name`, of `size` bytes, which `download` yields if there is none.

        One process of the machine fetches a file, and the others wait for it. Raises what
        `download` does, and StorageUnavailable.
        """
        with self._lock(name):
            return self.find(name) or self.store(name, size, download())

    def store(self, name: str, size: int, chunks: Iterable[bytes]) -> Path:
        """Keep `chunks`, of `size` bytes, as the copy of `name`; return its path."""
        path = self.folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.evict(self.max_bytes - size)
        write_atomically(path, chunks)
        return path

    def discard(self, name: str) -> None:
        """Delete the copy of `name`, if there is one."""
        with contextlib.suppress(OSError):
            (self.folder / name).unlink()

    def measure(self) -> int:
        """Return the bytes that all copies take."""
        return sum(stat.st_size for _, stat in self._iter_copies())

    def evict(self, max_bytes: int) -> None:
        """Delete the least recently used copies until the rest takes at most `max_bytes`."""
        copies = sorted(self._iter_copies(), key=lambda copy: copy[1].st_mtime)
        total = sum(stat.st_size for _, stat in copies)
        used_since = time.time() - UNUSED_SECONDS
        for path, stat in copies:
            if total <= max_bytes or stat.st_mtime > used_since:
                return
            path.unlink(missing_ok=True)
            total -= stat.st_size

    def _iter_copies(self) -> Iterator[tuple[Path, os.stat_result]]:
        """Yield path and stat of each copy, and of what an interrupted process has left."""
        for folder, folders, names in os.walk(self.folder):
            if LOCKS_NAME in folders:
                folders.remove(LOCKS_NAME)
            for name in names:
                path = Path(folder) / name
                with contextlib.suppress(FileNotFoundError):
                    yield path, path.stat()

    @contextlib.contextmanager
    def _lock(self, name: str) -> Iterator[None]:
        """Hold the lock of `name` on this machine; raise StorageUnavailable after WAIT_SECONDS."""
        locks = self.folder / LOCKS_NAME
        locks.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A limited number of files: names that share one wait for each other, which is rare.
        path = locks / sha256(name.encode()).hexdigest()[:3]
        deadline = time.monotonic() + WAIT_SECONDS
        with path.open("w") as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise StorageUnavailable(f"{name} is still being fetched.") from None
                    time.sleep(POLL_SECONDS)
                else:
                    yield
                    return


def note_use(path: Path | str, stat: os.stat_result) -> None:
    """Record that the copy at `path` is used now; `stat` is its current state."""
    if time.time() - stat.st_mtime > TOUCH_SECONDS:
        os.utime(path)
