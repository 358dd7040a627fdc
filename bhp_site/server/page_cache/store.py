"""Stores cached responses: recently used ones in memory, all of them on disk."""

import contextlib
import fcntl
import logging
import os
import tempfile
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from .cached_responses import CachedResponse
from .keys import CacheKey

logger = logging.getLogger(__name__)

LOCK_COUNT = 64
# An unfinished file this old belongs to a process that was killed.
UNFINISHED_FILE_SECONDS = 60
# How much of the limit on disk is still used after it was reached.
SWEEP_TARGET_SHARE = 0.9


class CacheStore:
    """Cached responses by key, in memory and in a `folder` that all processes share."""

    def __init__(self, folder: Path, max_memory_bytes: int, max_disk_bytes: int) -> None:
        self.folder = folder
        self.max_memory_bytes, self.max_disk_bytes = max_memory_bytes, max_disk_bytes
        self.entries: dict[CacheKey, CachedResponse] = {}
        self.memory_bytes = 0
        folder.mkdir(mode=0o700, exist_ok=True)

    def get(self, key: CacheKey) -> CachedResponse | None:
        """Return the entry in memory, or else on disk, whether it is fresh or stale."""
        if entry := self.entries.get(key):
            entry.last_used = time.monotonic()
            return entry
        return self.read_from_disk(key)

    def read_from_disk(self, key: CacheKey) -> CachedResponse | None:
        """Return the entry on disk, perhaps of another process, and keep it in memory.

        Return None if there is none or if it cannot be read.
        """
        path = self.get_path(key)
        try:
            entry = CachedResponse.deserialize(path.read_bytes())
            os.utime(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            logger.warning("A cached response could not be read: %s", error)
            return None
        if entry:
            self.keep_in_memory(key, entry)
        return entry

    def keep_in_memory(self, key: CacheKey, entry: CachedResponse) -> None:
        """Put `entry` in memory, and evict the least recently used ones above the limit."""
        self.evict(key)
        self.entries[key] = entry
        entry.last_used = time.monotonic()
        self.memory_bytes += entry.estimate_bytes()
        while self.memory_bytes > self.max_memory_bytes:
            self.evict(self.get_recently_used_keys()[-1])

    def get_recently_used_keys(self) -> list[CacheKey]:
        """Return the keys of the entries in memory, most recently used first."""
        return sorted(self.entries, key=lambda key: self.entries[key].last_used, reverse=True)

    def evict(self, key: CacheKey) -> None:
        """Remove an entry from memory if it is there."""
        if entry := self.entries.pop(key, None):
            self.memory_bytes -= entry.estimate_bytes()

    def write_to_disk(self, key: CacheKey, entry: CachedResponse) -> None:
        """Write `entry` atomically; a failure is logged, and the entry stays in memory only."""
        data = entry.serialize()
        try:
            if not self.reserve_disk(len(data)):
                return
            handle, name = tempfile.mkstemp(dir=self.folder, suffix=".new")
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(name, self.get_path(key))
        except OSError as error:
            logger.warning("A cached response could not be written: %s", error)

    def reserve_disk(self, size: int) -> bool:
        """Make room for `size` bytes among all processes; return False if they exceed the limit.

        The bytes used are counted in a file, so that the folder is read only when it is full.
        Deleted entries are counted until then.
        """
        if size > self.max_disk_bytes:
            return False
        path = self.folder / "used-bytes"
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            text = file.read()
            used = int(text) + size if text.isdecimal() else self.max_disk_bytes + 1
            if used > self.max_disk_bytes:
                # Some more than needed, or each entry would have the folder read again.
                room = min(
                    self.max_disk_bytes - size, int(self.max_disk_bytes * SWEEP_TARGET_SHARE)
                )
                used = self.sweep_disk(room) + size
            file.seek(0)
            file.truncate()
            file.write(str(used))
        return True

    def delete(self, key: CacheKey) -> None:
        """Delete an entry from memory and disk."""
        self.evict(key)
        self.get_path(key).unlink(missing_ok=True)

    def sweep_disk(self, max_bytes: int | None = None) -> int:
        """Delete the least recently used files above the limit, and unfinished files.

        The limit is `max_bytes`, or that of the store. Return the number of bytes that are left.
        """
        files, used = [], 0
        for path in self.folder.glob("*.*"):
            with contextlib.suppress(FileNotFoundError):
                stat = path.stat()
                if path.suffix == ".response":
                    files.append((stat.st_mtime, stat.st_size, path))
                elif path.suffix != ".new":
                    continue
                elif time.time() - stat.st_mtime > UNFINISHED_FILE_SECONDS:
                    path.unlink()
                else:
                    used += stat.st_size
        limit = self.max_disk_bytes if max_bytes is None else max_bytes
        for _, size, path in sorted(files, reverse=True):
            if used + size > limit:
                path.unlink(missing_ok=True)
            else:
                used += size
        return used

    @contextlib.contextmanager
    def lock(self, name: str) -> Iterator[bool]:
        """Try to acquire the lock `name`, which all processes share; yield True if acquired."""
        handle = os.open(self.folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
        finally:
            os.close(handle)

    def get_lock_name(self, key: CacheKey) -> str:
        """Return the name of the lock for rendering `key`; some keys share one."""
        return str(int(self._get_digest(key)[:8], 16) % LOCK_COUNT)

    def get_path(self, key: CacheKey) -> Path:
        """Return the path of the entry on disk, whether it exists or not."""
        return self.folder / f"{self._get_digest(key)}.response"

    @staticmethod
    def _get_digest(key: CacheKey) -> str:
        return sha256(repr(tuple(key)).encode()).hexdigest()[:40]
