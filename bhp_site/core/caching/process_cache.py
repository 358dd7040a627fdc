"""Values cached in this process until the cache version changes."""

import pickle
from collections.abc import Callable
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, models

from .cache_version import cache_version
from .invalidation_broadcast import broadcast_invalidation

# Every other action may have taken something from visitors that must not reappear.
ADDITIVE_ACTION = "publish"


class InvalidationScope(NamedTuple):
    """The pages and files that a change may have taken from visitors.

    Stale responses must not show them. `pages` is True if that may be pages, or parts of them.
    `files` are the names of stored files; None stands for all of them.
    """

    pages: bool
    files: frozenset[str] | None

    @property
    def is_empty(self) -> bool:
        """Return True if nothing was taken away."""
        return not self.pages and self.files == frozenset()


def get_widest_scope(instance: models.Model, action: str) -> InvalidationScope:
    """Return the scope of a change about which nothing more is known."""
    return InvalidationScope(action != ADDITIVE_ACTION, None)


# The last one finds the scope of a change; the app that knows the files appends its own.
scope_finders: list[Callable[[models.Model, str], InvalidationScope]] = [get_widest_scope]

# When this many values are cached, all are dropped.
MAX_VALUES = 1000

_values: dict[str, tuple[int, bytes]] = {}


def cached_until_change(key: str, build: Callable[[], Any]) -> Any:
    """Return the value cached under `key`; call `build` if content has changed since.

    The value must be picklable. Each caller gets a copy of its own and may change it. In a
    transaction that has changed something `build` is always called, because other threads must not
    get what may be rolled back.
    """
    if has_uncommitted_changes():
        return build()
    # Read before `build` runs: a change during it makes the value stale.
    version = cache_version.current
    # The first version is 0, so 0 cannot mean a missing value.
    cached_version, pickled = _values.get(key, (-1, b""))
    if cached_version == version:
        return pickle.loads(pickled)  # noqa: S301 — pickled below
    value = build()
    if len(_values) >= MAX_VALUES:
        _values.clear()
    _values[key] = version, pickle.dumps(value)
    return value


def has_uncommitted_changes() -> bool:
    """Return True if the transaction of this thread, if there is one, has announced a change."""
    return bool(connection.run_on_commit)


def is_in_transaction() -> bool:
    """Return True if changes may have been made for which the cache version is not advanced yet."""
    return connection.in_atomic_block


def cached_aggregate(key: str, build: Callable[[], Any]) -> Any:
    """Return a value computed from all rows of a list, cached as by `cached_until_change`.

    Within a transaction `build` is always called, because the cache version is only advanced
    after the commit.
    """
    return build() if is_in_transaction() else cached_until_change(key, build)


def advance_cache_version(instance: models.Model, action: str, **kwargs: Any) -> None:
    """Make cached values stale, on other machines too.

    Receiver of `content_changed`.
    """
    invalidate(scope_finders[-1](instance, action))


def invalidate(scope: InvalidationScope) -> None:
    """Make cached values stale, and withhold from the page cache what is in the `scope`.

    Other machines withhold everything unless the scope is empty.
    """
    if settings.SHARED_CACHE:
        broadcast_invalidation(withdraws=not scope.is_empty)
    cache_version.advance(withdraws=scope.pages, files=scope.files)
