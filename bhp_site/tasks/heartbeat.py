"""Signs of life of the scheduler and the worker: files whose modification time they renew."""

import time
from pathlib import Path

from django.conf import settings

# A process that has not renewed its file for this long counts as stopped.
STOPPED_AFTER_SECONDS = 60


class Heartbeat:
    """The sign of life of one kind of process on this machine."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def path(self) -> Path:
        """Return the file that the process touches; its parent is DATA_DIR."""
        return settings.DATA_DIR / self.name

    def renew(self) -> None:
        """Record that the process is alive now."""
        self.path.touch(mode=0o600)

    def is_alive(self) -> bool:
        """Return True if the process renewed its file within STOPPED_AFTER_SECONDS."""
        try:
            return time.time() - self.path.stat().st_mtime < STOPPED_AFTER_SECONDS
        except OSError:
            return False


worker_heartbeat = Heartbeat("worker")
scheduler_heartbeat = Heartbeat("scheduler")
