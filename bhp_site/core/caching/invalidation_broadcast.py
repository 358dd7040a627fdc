"""Tell other machines with the same database and shared cache that content has changed."""

import logging
import secrets

from django.core.cache import cache

from .cache_version import cache_version

logger = logging.getLogger(__name__)

CACHE_KEY = "last-change"


def broadcast_invalidation() -> None:
    """Write a new broadcast id to the shared cache, where other machines look for it.

    Call this before advancing the own cache version. A broadcast that another machine sends between
    the two calls is then either covered by the new version or received later.
    """
    cache_version.last_broadcast = number = secrets.randbits(63)
    try:
        cache.set(CACHE_KEY, number, timeout=None)
    except Exception:
        logger.exception("Could not broadcast an invalidation to other machines")


def receive_broadcasts() -> None:
    """Advance the cache version if another machine has broadcast an invalidation."""
    try:
        number = cache.get(CACHE_KEY) or cache_version.last_broadcast
    except Exception as error:
        logger.warning("Could not receive invalidations from other machines: %s", error)
        return
    if number != cache_version.last_broadcast:
        cache_version.last_broadcast = number
        cache_version.advance()
