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

from .copies import Copy

logger = logging.getLogger(__name__)

LOCKS = 64
# Characters of a path and of a query: no page of this site needs as many.
LONGEST = 500


class Key(NamedTuple):
    """What a copy is kept by; the `query` holds known parameters only."""

    host: str
    https: bool
    path: str
    query: str

    @property
    def url(self) -> str:
        query = self.query and f"?{self.query}"
        return f"{'https' if self.https else 'http'}://{self.host}{quote(self.path)}{query}"

    def alone(self) -> "Key":
        return self._replace(query="")

    def knowing(self, parameters: tuple[str, ...]) -> "Key | None":
        """This key with these parameters only, in one order; None where there is no reading it."""
        try:
            pairs = parse_qsl(self.query, keep_blank_values=True, max_num_fields=50)
        except ValueError:
            return None
        known = sorted((pair for pair in pairs if pair[0] in parameters), key=lambda pair: pair[0])
        query = urlencode(known)
        return self._replace(query=query) if len(query) <= LONGEST else None


class Store:
    """Copies by key, in a `folder` that all processes share; limits are in bytes."""

    def __init__(self, folder: Path, memory: int, disk: int) -> None:
        self.folder, self.memory, self.disk = folder, memory, disk
        self.copies: dict[Key, Copy] = {}
        self.weight = 0
        folder.mkdir(mode=0o700, exist_ok=True)

    def get(self, key: Key) -> Copy | None:
        """The copy in memory, or else the one on disk, of whatever generation."""
        if copy := self.copies.get(key):
            copy.used = time.monotonic()
            return copy
        return self.read(key)

    def read(self, key: Key) -> Copy | None:
        """The copy on disk, which another process may have written; from now on in memory."""
        path = self._path(key)
        try:
            copy = Copy.load(path.read_bytes())
            os.utime(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            logger.warning("A copy cannot be read: %s", error)
            return None
        if copy:
            self.remember(key, copy)
        return copy

    def remember(self, key: Key, copy: Copy) -> None:
        self.forget(key)
        self.copies[key] = copy
        copy.used = time.monotonic()
        self.weight += copy.weight()
        while self.weight > self.memory:
            self.forget(self.latest_used_first()[-1])

    def latest_used_first(self) -> list[Key]:
        return sorted(self.copies, key=lambda key: self.copies[key].used, reverse=True)

    def forget(self, key: Key) -> None:
        if before := self.copies.pop(key, None):
            self.weight -= before.weight()

    def write(self, key: Key, copy: Copy) -> None:
        """Onto disk, whole or not at all; where that fails memory must do."""
        try:
            handle, name = tempfile.mkstemp(dir=self.folder, suffix=".new")
            with os.fdopen(handle, "wb") as file:
                file.write(copy.dump())
            os.replace(name, self._path(key))
        except OSError as error:
            logger.warning("A copy cannot be written: %s", error)

    def drop(self, key: Key) -> None:
        """What is no answer any more."""
        self.forget(key)
        self._path(key).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove the copies on disk that were used longest ago, and what was never finished."""
        found = []
        for path in self.folder.glob("*.*"):
            with contextlib.suppress(FileNotFoundError):
                stat = path.stat()
                if path.suffix == ".copy":
                    found.append((stat.st_mtime, stat.st_size, path))
                elif path.suffix == ".new" and time.time() - stat.st_mtime > 60:
                    path.unlink()
        room = self.disk
        for _, size, path in sorted(found, reverse=True):
            room -= size
            if room < 0:
                path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def locked(self, name: str) -> Iterator[bool]:
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

    def lock_of(self, key: Key) -> str:
        return str(int(self._name(key)[:8], 16) % LOCKS)

    def _path(self, key: Key) -> Path:
        return self.folder / f"{self._name(key)}.copy"

    @staticmethod
    def _name(key: Key) -> str:
        return sha256(repr(tuple(key)).encode()).hexdigest()[:40]
