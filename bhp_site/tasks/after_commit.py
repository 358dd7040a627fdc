"""Call functions after the commit of a transaction, so that none that fails stops the others."""

from collections.abc import Callable
from typing import Any

from django.db import transaction


def call_after_commit(function: Callable[..., object], *args: Any, **kwargs: Any) -> None:
    """Call `function` with these arguments after the commit, or at once outside a transaction.

    A failure is logged. Otherwise Django would not call what was registered later, such as the
    invalidation of cached responses.
    """

    def call() -> None:
        function(*args, **kwargs)

    # Django names a callback that has failed by this; a `partial` has none, which is an error.
    call.__qualname__ = getattr(function, "__qualname__", repr(function))
    transaction.on_commit(call, robust=True)
