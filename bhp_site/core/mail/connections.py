"""One connection to the mail server for e-mails that are sent one after another.

A connection costs several round trips, and TLS and a sign-in besides. A worker keeps it while it
has more to send.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from django.core.mail import get_connection

from bhp_site.tasks.execution import is_in_task

# Mail servers close connections that are idle for longer, or over which many messages came.
MAX_IDLE_SECONDS = 10
MAX_MESSAGES = 100


class KeptConnection(threading.local):
    """The connection of a thread: a backend, its number of messages, and when it was last used."""

    backend: Any = None
    message_count = 0
    used_at = 0.0

    def get(self) -> Any:
        """Return an open backend, a new one if the kept one can no longer be used."""
        if self.backend is not None and not self._is_usable():
            self.close()
        if self.backend is None:
            backend = get_connection()
            backend.open()
            self.backend, self.message_count = backend, 0
        return self.backend

    def _is_usable(self) -> bool:
        idle_seconds = monotonic() - self.used_at
        if self.message_count >= MAX_MESSAGES or idle_seconds > MAX_IDLE_SECONDS:
            return False
        return is_alive(self.backend)

    def note_message(self) -> None:
        """Count a message that was sent."""
        self.message_count += 1
        self.used_at = monotonic()

    def close(self) -> None:
        """Close the connection, if there is one."""
        backend, self.backend = self.backend, None
        if backend is not None:
            backend.close()


def is_alive(backend: Any) -> bool:
    """Return True if the mail server still answers on the backend's connection, if it has one."""
    connection = getattr(getattr(backend, "transport", backend), "connection", None)
    if connection is None:
        return False
    try:
        return bool(connection.noop()[0] == 250)
    except OSError:  # Also the base class of smtplib's errors.
        return False


_kept = KeptConnection()


@contextmanager
def reuse_connection(is_kept: Callable[[], bool]) -> Iterator[Any]:
    """Yield an open connection; in a task, the one of this thread's previous message if possible.

    It is kept for the next message if `is_kept` returns True after this one was sent. After an
    error it is closed.
    """
    if not is_in_task():
        with get_connection() as backend:
            yield backend
        return
    backend = _kept.get()
    try:
        yield backend
        _kept.note_message()
        is_needed = is_kept()
    except BaseException:
        _kept.close()
        raise
    if not is_needed:
        _kept.close()
