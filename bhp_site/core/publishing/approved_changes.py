"""Mark changes that need no approval of their own, because they follow from an approved one."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_allowed: ContextVar[bool] = ContextVar("allowed", default=False)


@contextmanager
def allow_changes() -> Iterator[None]:
    """Allow changes of public documents and images within the block.

    See `bhp_site.files.permissions.approval`.
    """
    token = _allowed.set(True)
    try:
        yield
    finally:
        _allowed.reset(token)


def are_changes_allowed() -> bool:
    """Return True within a block of `allow_changes`."""
    return _allowed.get()
