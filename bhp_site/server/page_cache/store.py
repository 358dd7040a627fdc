"""Where copies are kept: the latest used in memory, all on disk, both bounded."""

import contextlib
import fcntl
import logging
import os
import tempfile
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlencode

from .cached_responses import CachedResponse

logger = logging.getLogger(__name__)

LOCK_COUNT = 64
# Characters of a path and of a query: no page of this site needs as many.
MAX_KEY_CHARACTERS = 500


class CacheKey(NamedTuple):
    """What a entry is kept by; the `query` holds known parameters only."""

    host: str
    https: bool
    path: str
    query: str

    @property
    def url(self) -> str:
        query = self.query and f"?{self.query}"
        return f"{'https' if self.https else 'http'}://{self.host}{quote(self.path)}{query}"

    def without_query(self) -> "CacheKey":
        return self._replace(query="")

    def with_parameters(self, parameters: tuple[str, ...]) -> "CacheKey | None":
        """This key with these parameters only, in one order; None where there is no reading it."""
        try:
            pairs = parse_qsl(self.query, keep_blank_values=True, max_num_fields=50)
        except ValueError:
            return None
        known = sorted((pair for pair in pairs if pair[0] in parameters), key=lambda pair: pair[0])
        query = urlencode(known)
        return self._replace(query=query) if len(query) <= MAX_KEY_CHARACTERS else None


class CacheStore:
    """Copies by key, in a `folder` that all processes share; limits are in bytes."""

    def __init__(self, folder: Path, max_memory_bytes: int, max_disk_bytes: int) -> None:
        self.folder = folder
        self.max_memory_bytes, self.max_disk_bytes = max_memory_bytes, max_disk_bytes
        self.entries: dict[CacheKey, CachedResponse] = {}
        self.memory_bytes = 0
        folder.mkdir(mode=0o700, exist_ok=True)

    def get(self, key: CacheKey) -> CachedResponse | None:
        """The entry in memory, or else the one on disk, of whatever generation."""
        if entry := self.entries.get(key):
            entry.last_used = time.monotonic()
            return entry
        return self.read_from_disk(key)

    def read_from_disk(self, key: CacheKey) -> CachedResponse | None:
        """The entry on disk, which another process may have written; from now on in memory."""
        path = self.get_path(key)
        try:
            entry = CachedResponse.deserialize(path.read_bytes())
            os.utime(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            logger.warning("A entry cannot be read: %s", error)
            return None
        if entry:
            self.keep_in_memory(key, entry)
        return entry

    def keep_in_memory(self, key: CacheKey, entry: CachedResponse) -> None:
        self.drop_from_memory(key)
        self.entries[key] = entry
        entry.last_used = time.monotonic()
        self.memory_bytes += entry.estimate_bytes()
        while self.memory_bytes > self.max_memory_bytes:
            self.drop_from_memory(self.get_recently_used_keys()[-1])

    def get_recently_used_keys(self) -> list[CacheKey]:
        return sorted(self.entries, key=lambda key: self.entries[key].last_used, reverse=True)

    def drop_from_memory(self, key: CacheKey) -> None:
        if before := self.entries.pop(key, None):
            self.memory_bytes -= before.estimate_bytes()

    def write_to_disk(self, key: CacheKey, entry: CachedResponse) -> None:
        """Onto disk, whole or not at all; where that fails memory must do."""
        try:
            handle, name = tempfile.mkstemp(dir=self.folder, suffix=".new")
            with os.fdopen(handle, "wb") as file:
                file.write(entry.serialize())
            os.replace(name, self.get_path(key))
        except OSError as error:
            logger.warning("A entry cannot be written: %s", error)

    def delete(self, key: CacheKey) -> None:
        """What is no answer any more."""
        self.drop_from_memory(key)
        self.get_path(key).unlink(missing_ok=True)

    def sweep_disk(self) -> None:
        """Remove the copies on disk that were used longest ago, and what was never finished."""
        found = []
        for path in self.folder.glob("*.*"):
            with contextlib.suppress(FileNotFoundError):
                stat = path.stat()
                if path.suffix == ".response":
                    found.append((stat.st_mtime, stat.st_size, path))
                elif path.suffix == ".new" and time.time() - stat.st_mtime > 60:
                    path.unlink()
        room = self.max_disk_bytes
        for _, size, path in sorted(found, reverse=True):
            room -= size
            if room < 0:
                path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def lock(self, name: str) -> Iterator[bool]:
        """Whether nobody else, of all processes, is in here under this `name`."""
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
        return str(int(self._name(key)[:8], 16) % LOCK_COUNT)

    def get_path(self, key: CacheKey) -> Path:
        return self.folder / f"{self._name(key)}.response"

    @staticmethod
    def _name(key: CacheKey) -> str:
        return sha256(repr(tuple(key)).encode()).hexdigest()[:40]
