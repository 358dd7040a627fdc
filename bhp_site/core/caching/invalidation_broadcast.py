"""Tell other machines with the same database and shared cache that content has changed."""

import logging
import secrets
import time

from django.core.cache import caches

from .cache_version import cache_version

logger = logging.getLogger(__name__)

CACHE_KEY = "last-change"
# Only written by changes that may have withdrawn something.
WITHDRAWAL_KEY = "last-withdrawal"
# Ids from here on belong to changes that withdraw nothing. Machines with an earlier version of the
# code send smaller ones for every change.
FIRST_ADDITIVE = 1 << 63
# While the shared cache fails, changes of other machines are unknown: all cached responses are
# rendered again at this interval. What could not be sent is tried again as often.
RENEW_SECONDS = 5
# Kinds of broadcasts that could not be sent; the higher one counts.
NOTHING, ADDITION, WITHDRAWAL = range(3)


class SharedCacheState:
    """The state of the shared cache: whether it fails, and when something was last tried again."""

    failing = False
    renewed_at = 0.0
    resent_at = 0.0


def broadcast_invalidation(withdraws: bool = True) -> None:
    """Write a new broadcast id to the shared cache, where other machines look for it.

    Call this before advancing the own cache version. A broadcast that another machine sends between
    the two calls is then either covered by the new version or received later. If it cannot be
    written, `receive_broadcasts` tries again.
    """
    number = secrets.randbits(63)
    previous = cache_version.last_broadcast, cache_version.last_withdrawal
    values = {CACHE_KEY: number if withdraws else FIRST_ADDITIVE + number}
    if withdraws:
        values[WITHDRAWAL_KEY] = cache_version.last_withdrawal = number
    cache_version.last_broadcast = values[CACHE_KEY]
    try:
        caches["shared"].set_many(values, timeout=None)
    except Exception as error:
        logger.warning("Could not broadcast an invalidation to other machines: %s", error)
        cache_version.last_broadcast, cache_version.last_withdrawal = previous
        kind = WITHDRAWAL if withdraws else ADDITION
        cache_version.unsent_broadcast = max(kind, cache_version.unsent_broadcast)


def resend_broadcast() -> bool:
    """Send again what could not be sent; return True if that has succeeded now."""
    kind = cache_version.unsent_broadcast
    if not kind or time.monotonic() - SharedCacheState.resent_at < RENEW_SECONDS:
        return False
    SharedCacheState.resent_at = time.monotonic()
    # A failure, also of another process meanwhile, sets it again.
    cache_version.unsent_broadcast = NOTHING
    broadcast_invalidation(withdraws=kind == WITHDRAWAL)
    return cache_version.unsent_broadcast == NOTHING


def receive_broadcasts() -> None:
    """Advance the cache version if another machine has broadcast an invalidation.

    While the shared cache fails, and once after it, the cache version restarts instead: another
    machine may have changed something. What this machine could not send is sent first.
    """
    has_resent = resend_broadcast()
    try:
        values = caches["shared"].get_many((CACHE_KEY, WITHDRAWAL_KEY))
    except Exception as error:
        if not SharedCacheState.failing:
            logger.warning("Could not receive invalidations from other machines: %s", error)
        SharedCacheState.failing = True
        if time.monotonic() - SharedCacheState.renewed_at > RENEW_SECONDS:
            SharedCacheState.renewed_at = time.monotonic()
            cache_version.restart()
        return
    # A broadcast of another machine may have been replaced just before it was received.
    if SharedCacheState.failing or has_resent:
        SharedCacheState.failing = False
        cache_version.restart()
    number = values.get(CACHE_KEY) or cache_version.last_broadcast
    withdrawal = values.get(WITHDRAWAL_KEY) or cache_version.last_withdrawal
    if number != cache_version.last_broadcast or withdrawal != cache_version.last_withdrawal:
        is_additive = number >= FIRST_ADDITIVE and withdrawal == cache_version.last_withdrawal
        cache_version.last_broadcast, cache_version.last_withdrawal = number, withdrawal
        if is_additive:
            cache_version.advance(withdraws=False, files=())
        else:
            cache_version.advance()
