"""Machines that share a database and a cache hear of each other's changes by way of the cache."""

import logging
import secrets

from django.core.cache import cache

from .generation import generation

logger = logging.getLogger(__name__)

KEY = "last-change"


def tell() -> None:
    """Let other machines know of a change, before this one begins a generation for it.

    In this order, what another machine tells between the two is not lost: it comes before the
    generation, or is heard of later.
    """
    generation.heard = number = secrets.randbits(63)
    try:
        cache.set(KEY, number, timeout=None)
    except Exception:
        logger.exception("Other machines have not heard of a change")


def listen() -> None:
    """Begin a generation where another machine has told of a change."""
    try:
        number = cache.get(KEY) or generation.heard
    except Exception as error:
        logger.warning("Nothing is heard of other machines: %s", error)
        return
    if number != generation.heard:
        generation.heard = number
        generation.advance()
