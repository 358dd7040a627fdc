"""A cache server that is away, hangs or is full fails no request; checked with a real one."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as configured
from django.contrib.sessions.backends import db
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry

from bhp_site.core import rate_limits
from bhp_site.core.caching import failover
from bhp_site.core.caching.failover import FailoverCache
from bhp_site.core.caching.folder_cache import FolderCache
from bhp_site.environment import build_redis_location
from bhp_site.sign_in.sessions import SessionStore

from ..cache_server import SERVER, CacheServer
from ..subprocesses import run_program

# Prints a value from the cache, and the user and the database of the connection.
USE_SHARED_CACHE = """
from django.core.cache import caches
cache = caches["shared"]
cache.set("one", 1)
client = cache._cache.get_client()
print(cache.get("one"), client.client_info()["user"], client.client_info()["db"])
"""

pytestmark = pytest.mark.skipif(not SERVER, reason="it needs redis-server or valkey-server")


@pytest.fixture
def server() -> Iterator[CacheServer]:
    server = CacheServer()
    yield server
    server.process.send_signal(signal.SIGCONT)
    server.kill()


@pytest.fixture
def cache(server: CacheServer, settings: Any, tmp_path: Path) -> BaseCache:
    settings.DATA_DIR = tmp_path
    retry = Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,))
    options = {"socket_timeout": 0.1, "socket_connect_timeout": 0.1, "retry": retry}
    return FailoverCache(f"redis://127.0.0.1:{server.port}/0", {"OPTIONS": options})


def use_everything(cache: BaseCache) -> None:
    """Call every operation of `cache`, and check that it behaves as a cache."""
    cache.delete_many(["one", "two", "number"])
    cache.set("one", 1)
    assert cache.get("one") == 1
    assert cache.add("two", 2)
    assert not cache.add("two", 3)
    cache.set_many({"three": 3})
    assert cache.get_many(["two", "three"]) == {"two": 2, "three": 3}
    assert "two" in cache
    assert cache.touch("two", 50)
    cache.set("number", 1)
    assert cache.incr("number") == 2
    assert cache.get_or_set("four", 4) == 4
    assert cache.delete("two")
    assert cache.get("two", "none") == "none"


def retry_now(cache: Any) -> None:
    cache.breaker.retry_at = 0


def test_a_server_that_is_killed_and_started_again(server: CacheServer, cache: Any) -> None:
    use_everything(cache)
    server.kill()
    use_everything(cache)
    assert cache.breaker.is_open
    server.start()
    retry_now(cache)
    use_everything(cache)
    assert not cache.breaker.is_open
    assert server.client.dbsize() > 1


def test_a_restart_between_two_requests_is_not_noticed(server: CacheServer, cache: Any) -> None:
    use_everything(cache)
    server.kill()
    server.start()
    cache.set("one", 1)
    assert cache.get("one") == 1
    assert not cache.breaker.is_open


def test_a_server_that_hangs_is_waited_for_once(server: CacheServer, cache: Any) -> None:
    cache.set("one", "old")
    server.process.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    for _ in range(50):
        cache.set("one", "new")
        assert cache.get("one") == "new"
    # If each of 100 requests waited for the server, they would take 10 seconds.
    assert time.monotonic() - began < 5
    server.process.send_signal(signal.SIGCONT)
    retry_now(cache)
    # The server must not bring back what was changed meanwhile.
    assert cache.get("one") is None


def test_the_server_forgets_what_is_changed_while_it_comes_back(
    server: CacheServer, cache: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other threads use the folder until one has told the server what it must forget."""
    cache.set_many({"one": "old", "two": "old", "three": "old"})
    cache.breaker.open(RedisConnectionError("away"))
    cache.set("one", "new")
    others, delete_many = ["two", "three"], cache._cache.delete_many

    def delete_slowly(keys: list[str]) -> None:
        delete_many(keys)
        # Another thread would wait for the second deletion.
        if len(others) == 2:
            cache.set(others.pop(), "new")

    monkeypatch.setattr(cache._cache, "delete_many", delete_slowly)
    retry_now(cache)
    assert cache.get("one") is None
    assert not cache.breaker.is_open
    assert (cache.get("two"), cache.get("three")) == ("old", None)


def test_a_change_reaches_a_server_that_has_just_come_back(
    server: CacheServer, cache: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.breaker.open(RedisConnectionError("away"))
    allows = iter([False, True])

    def come_back(recover: Any) -> bool:
        """Refuse the server to a thread, and let another one use it again at once."""
        cache.breaker.is_open = False
        return next(allows)

    monkeypatch.setattr(cache.breaker, "allows", come_back)
    cache.set("one", "new")
    assert server.client.dbsize() == 1


def test_limits_hold_while_the_server_is_full(
    server: CacheServer, cache: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "cache", cache)
    server.client.config_set("maxmemory", "1")
    counts = []
    for _ in range(4):
        retry_now(cache)
        counts.append(rate_limits.count_event("form", "127.0.0.1"))
    assert counts == [1, 2, 3, 4]


def test_a_full_disk_drops_what_it_cannot_keep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = FolderCache(str(tmp_path), {})

    def full(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    folder.set("one", 1)
    monkeypatch.setattr(folder, "_createdir", full)
    folder.set("one", 2)
    assert folder.get("two") is None


def test_a_server_that_asks_for_a_user(server: CacheServer, tmp_path: Path) -> None:
    """CACHE_URL may name a user of the server's ACL, and any password."""
    password = "a,b;c/d@e:f%"
    server.client.acl_setuser(
        "site", enabled=True, passwords=[f"+{password}"], keys=["*"], categories=["+@all"]
    )
    server.client.acl_setuser("default", enabled=False)
    address = f"site:{quote(password, safe=',;')}@127.0.0.1:{server.port}/1"
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)}
    env["CACHE_URL"] = f"redis://{address}"
    assert run_program(USE_SHARED_CACHE, env) == "1 site 1\n"


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("redis://cache", "redis://cache"),
        ("rediss://site:a%40,b@cache:1/2?timeout=9", "rediss://site:a%40%2Cb@cache:1/2"),
        ("hiredis://:word@[::1]:1/2", "redis://:word@[::1]:1/2"),
    ],
)
def test_the_address_of_a_server_is_kept(url: str, location: str) -> None:
    assert build_redis_location(url) == location


def test_sessions_need_no_cache() -> None:
    assert configured.SESSION_ENGINE == "bhp_site.sign_in.sessions"
    assert SessionStore.__bases__ == (db.SessionStore,)
    assert {"default", "shared"} == set(configured.CACHES)
    assert caches["default"] is not None
    assert failover.RETRY_SECONDS <= 5
