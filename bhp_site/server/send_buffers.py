"""Limits what the system buffers for a client that reads slowly or not at all."""

import asyncio
import contextlib
import socket
from pathlib import Path

# By Linux's default a connection buffers up to 4 MB: 200 stalled downloads of large documents took
# 600 MB of the system's memory, and the time to fill it. What is on its way to a client that does
# read is not counted, so this does not slow a download over a distance.
MAX_UNSENT_BYTES = 256 * 1024


# The server listens a moment after its event loop has begun, or before.
POLL_SECONDS = 0.02
MAX_POLLS = 500


def limit_unsent_bytes_later(loop: asyncio.AbstractEventLoop, polls: int = MAX_POLLS) -> None:
    """Call `limit_unsent_bytes` in `loop` until it has found a listening socket."""
    if not limit_unsent_bytes() and polls:
        loop.call_later(POLL_SECONDS, limit_unsent_bytes_later, loop, polls - 1)


def limit_unsent_bytes() -> int:
    """Limit the unsent bytes of each connection that this process accepts from now on.

    A connection inherits the option (tcp(7), TCP_NOTSENT_LOWAT) from its listening socket. granian
    opens one in each worker process without giving access to it, so it is looked for. Return the
    number of listening sockets found: 0 on systems other than Linux, which are left as they are.
    """
    limited = 0
    with contextlib.suppress(OSError):
        for path in Path("/proc/self/fd").iterdir():
            # Most descriptors are no sockets, and that of the folder itself is closed by now.
            with contextlib.suppress(OSError):
                limited += _limit(int(path.name))
    return limited


def _limit(descriptor: int) -> bool:
    """Set the option of a listening TCP socket; return False for another socket."""
    candidate = socket.socket(fileno=descriptor)
    try:
        if not candidate.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            return False
        candidate.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, MAX_UNSENT_BYTES)
        return True
    finally:
        # The descriptor belongs to granian and stays open.
        candidate.detach()
