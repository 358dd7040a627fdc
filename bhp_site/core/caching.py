"""What every page shows and hardly ever changes, kept until something changes."""

import pickle
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.dispatch import receiver

from .changes import changed
from .generation import generation
from .machines import tell

# Whatever else is told may have taken something from visitors that must not come back.
ADDING = "publish"

# How many values are kept at most; then all are forgotten.
MANY = 1000

_kept: dict[str, tuple[int, bytes]] = {}


def until_changed(key: str, make: Callable[[], Any]) -> Any:
    """The value kept under `key`, made by `make` when anything has changed since.

    Kept in this process, as a copy: whoever gets it may change it.
    """
    # Before it is made: what changes meanwhile makes it old at once.
    now = generation.current
    # A fresh site is at generation 0, so 0 must not stand for “nothing kept”.
    number, kept = _kept.get(key, (-1, b""))
    if number == now:
        return pickle.loads(kept)  # noqa: S301 — made above
    value = make()
    if len(_kept) >= MANY:
        _kept.clear()
    _kept[key] = now, pickle.dumps(value)
    return value


def of_all(key: str, make: Callable[[], Any]) -> Any:
    """The same for what takes a look at all rows of a list, of which a page shows a few.

    Within a transaction it is always made: what changes there is told of only afterwards.
    """
    return make() if connection.in_atomic_block else until_changed(key, make)


@receiver(changed)
def start_generation(instance: models.Model, action: str, **kwargs: Any) -> None:
    if settings.SHARED_CACHE:
        tell()
    generation.advance(withdraws=action != ADDING)
