"""How long ago the processes of this machine gave a sign of life, by the monotonic clock.

A file says when by the system's clock, which may be corrected by an hour at once. That must not
make all processes look as if they hung.
"""

import time

from bhp_site.tasks.heartbeat import get_heartbeat_path


class HeartbeatAges:
    """The heartbeat files that were looked at, and when each was seen to have changed."""

    def __init__(self) -> None:
        self._changes: dict[str, tuple[int, float]] = {}

    def get_age(self, name: str) -> float:
        """Return the seconds since the file of `name` was first seen with its present time.

        Return infinity if there is no file. Call it often: it sees a change when it is called.
        """
        try:
            renewed_at = get_heartbeat_path(name).stat().st_mtime_ns
        except OSError:
            self._changes.pop(name, None)
            return float("inf")
        last, seen_at = self._changes.get(name, (None, 0.0))
        if last != renewed_at:
            seen_at = time.monotonic()
            self._changes[name] = renewed_at, seen_at
        return time.monotonic() - seen_at
