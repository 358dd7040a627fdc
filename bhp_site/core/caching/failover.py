"""Caches that never fail a request: without the cache server, a folder of this machine is used."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.retry import Retry

from .folder_cache import FolderCache

logger = logging.getLogger(__name__)

# How long a request waits for a connection to the cache server, and for its reply.
TIMEOUT_SECONDS = 0.5
# After a failure the cache server is left alone for so long; requests then do not wait for it.
RETRY_SECONDS = 3
# When more keys than this were changed without the cache server, further ones are not remembered.
MAX_MISSED_KEYS = 10_000
PROBE_KEY = "bhp_site.probe"
# Operations that change the cache, whose keys the server must forget when it is back.
WRITE_OPERATIONS = {"add", "set", "touch", "delete", "incr", "set_many", "delete_many"}


class CacheServerBreaker:
    """Remembers for all threads of a process whether the cache server fails."""

    def __init__(self) -> None:
        self.lock, self.keys_lock = threading.Lock(), threading.Lock()
        self.is_open = False
        self.retry_at = 0.0
        self.missed_keys: set[str] = set()

    def open(self, error: Exception) -> None:
        """Leave the cache server alone for RETRY_SECONDS."""
        if not self.is_open:
            logger.warning("The cache server fails; a folder is used meanwhile: %s", error)
        self.is_open, self.retry_at = True, time.monotonic() + RETRY_SECONDS

    def allows(self, recover: Callable[[set[str]], None]) -> bool:
        """Return True if the cache server may be used; after a failure, if `recover` succeeds.

        One thread calls it, with the keys that were changed meanwhile; the others do not wait.
        """
        if not self.is_open:
            return True
        if time.monotonic() < self.retry_at or not self.lock.acquire(blocking=False):
            return False
        try:
            self._close(recover)
        except (RedisError, OSError) as error:
            self.open(error)
            return False
        else:
            logger.warning("The cache server is used again")
            return True
        finally:
            self.lock.release()

    def _close(self, recover: Callable[[set[str]], None]) -> None:
        """Use the cache server again, after `recover`; raise what that raises."""
        with self.keys_lock:
            keys = set(self.missed_keys)
        recover(keys)
        with self.keys_lock:
            # Changed by other threads meanwhile. They wait now, so that these are few and the last.
            if keys := self.missed_keys - keys:
                recover(keys)
            self.missed_keys.clear()
            self.is_open = False

    def remember(self, keys: Iterable[str]) -> bool:
        """Note keys that are changed without the cache server; return False if it is used again."""
        with self.keys_lock:
            if self.is_open and len(self.missed_keys) < MAX_MISSED_KEYS:
                self.missed_keys.update(keys)
            return self.is_open


breakers: dict[str, CacheServerBreaker] = {}


def build_fallback_method(name: str) -> Callable[..., Any]:
    """Return a method that calls the method `name` of the server's cache, else of the folder's."""

    def method(self: "FailoverCache", *args: Any, **kwargs: Any) -> Any:
        return self.call(name, *args, **kwargs)

    return method


class TimeLimitedRedisCache(RedisCache):
    """Redis or Valkey with timeouts: a server that has frozen does not hold up requests.

    Options in `params` take precedence.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        # Only a broken connection, such as after a restart, is worth a second attempt.
        retry = Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,))
        limits = {
            "socket_connect_timeout": TIMEOUT_SECONDS,
            "socket_timeout": TIMEOUT_SECONDS,
            "retry": retry,
        }
        super().__init__(server, params | {"OPTIONS": limits | params.get("OPTIONS", {})})


class FailoverCache(TimeLimitedRedisCache):
    """Redis or Valkey; while it is away, hangs or is full, a folder that all processes share."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.breaker = breakers.setdefault(server, CacheServerBreaker())
        folder: Path = settings.DATA_DIR / "cache"
        self.fallback = FolderCache(str(folder), {"OPTIONS": {"MAX_ENTRIES": MAX_MISSED_KEYS}})

    def call(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Return the result of the method `name` of the server's cache.

        While the server fails, it is the result of the folder's cache.
        """
        if self.breaker.allows(self.recover):
            try:
                return getattr(super(), name)(*args, **kwargs)
            except (RedisError, OSError) as error:
                self.breaker.open(error)
        if name in WRITE_OPERATIONS:
            keys = args[0] if name.endswith("_many") else args[:1]
            if not self.breaker.remember([self.make_key(key) for key in keys]):
                return self.call(name, *args, **kwargs)
        return getattr(self.fallback, name)(*args, **kwargs)

    def recover(self, missed_keys: set[str]) -> None:
        """Check that values can be written, and delete what was changed meanwhile.

        Raises RedisError.
        """
        self._cache.set(PROBE_KEY, 1, RETRY_SECONDS)
        if missed_keys:
            self._cache.delete_many(sorted(missed_keys))
        self.fallback.clear()

    add = build_fallback_method("add")
    get = build_fallback_method("get")
    set = build_fallback_method("set")
    touch = build_fallback_method("touch")
    delete = build_fallback_method("delete")
    has_key = build_fallback_method("has_key")
    incr = build_fallback_method("incr")
    get_many = build_fallback_method("get_many")
    set_many = build_fallback_method("set_many")
    delete_many = build_fallback_method("delete_many")
    clear = build_fallback_method("clear")
