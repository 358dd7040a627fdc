"""What every page shows and hardly ever changes, kept until something changes."""

import logging
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.dispatch import receiver

from .changes import changed

logger = logging.getLogger(__name__)

GENERATION = "generation"


def until_changed(key: str, make: Callable[[], Any]) -> Any:
    """The value kept under `key`, made by `make` when anything has changed since.

    A change starts a new generation for everything at once; old entries fall out of the cache
    by age. All worker processes share the cache, so no worker shows an older state. Without a
    working cache everything is made anew.
    """
    try:
        name = f"{generation()}:{key}"
        value = cache.get(name)
    except Exception:
        logger.exception("The cache does not work")
        return make()
    if value is None:
        value = make()
        cache.set(name, value, timeout=3600)
    return value


def generation() -> str:
    """The token of the state all worker processes agree on; a lost one is replaced."""
    token: str | None = cache.get(GENERATION)
    if token is None:
        cache.add(GENERATION, uuid4().hex, timeout=None)
        token = cache.get(GENERATION)
    return token or uuid4().hex


@receiver(changed)
def start_generation(**kwargs: Any) -> None:
    # A fresh token rather than a counter: two changes at once cannot both arrive at “one more”.
    cache.set(GENERATION, uuid4().hex, timeout=None)
