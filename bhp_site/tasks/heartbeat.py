"""The sign of life of the worker of this machine: a file whose modification time it renews."""

import time
from pathlib import Path

from django.conf import settings

# A worker that has not renewed its file for this long counts as stopped.
STOPPED_AFTER_SECONDS = 60


def get_heartbeat_path() -> Path:
    """Return the file that the worker touches."""
    return settings.DATA_DIR / "worker"


def renew_heartbeat() -> None:
    """Record that the worker is alive now."""
    get_heartbeat_path().touch(mode=0o600)


def is_worker_alive() -> bool:
    """Return True if a worker here renewed its heartbeat in the last STOPPED_AFTER_SECONDS."""
    try:
        return time.time() - get_heartbeat_path().stat().st_mtime < STOPPED_AFTER_SECONDS
    except OSError:
        return False
