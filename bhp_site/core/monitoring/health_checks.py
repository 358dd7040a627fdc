"""Health checks behind `/readyz`: whether a load balancer should send visitors here."""

import datetime
import logging
import os
import secrets
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.utils import timezone
from wagtail.models import Page, Revision

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.database_clock import check_clock
from bhp_site.tasks.heartbeat import SCHEDULER, WORKER, get_late_jobs, is_alive
from bhp_site.tasks.monitoring import is_queue_moving

logger = logging.getLogger(__name__)

# Apps above add functions that return the keys of revisions that are overdue for a reason known to
# editors, such as a lock: the scheduler works, and visitors must not be turned away.
blocked_revision_keys: list[Callable[[], Iterable[int]]] = []

# The scheduler looks every ten seconds. A page overdue for longer means that it does not run.
MAX_OVERDUE = datetime.timedelta(minutes=2)


def check_database() -> bool:
    """Return True; raise DatabaseError if the database does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def check_storage() -> bool:
    """Return True if the folders for data are writable and have room for the largest document.

    Raises OSError if a file cannot be written.
    """
    # The folder of documents is created with the first one.
    media = [settings.MEDIA_ROOT] if settings.MEDIA_ROOT.exists() else []
    folders = [settings.DATA_DIR, settings.FILE_UPLOAD_TEMP_DIR, *media]
    free_bytes = min(shutil.disk_usage(folder).free for folder in folders)
    for folder in folders:
        probe = folder / f".probe-{secrets.token_hex(8)}"
        probe.write_bytes(b"probe")
        probe.unlink()
    writable = all(os.access(path, os.W_OK) for root in media for path in get_folders(root))
    return writable and free_bytes > 2 * settings.WAGTAILDOCS_MAX_BYTES


def get_folders(root: Path) -> Iterable[Path]:
    """Return the folders in `root`: what may be mounted, or made read-only, separately."""
    return (path for path in root.iterdir() if path.is_dir())


def check_cache() -> bool:
    """Return True if Django's cache keeps what is written; raise RedisError if it fails."""
    value = secrets.token_hex(8)
    caches["shared"].set(f"readyz-{value}", value, timeout=5)
    return caches["shared"].get(f"readyz-{value}") == value


def check_scheduler() -> bool:
    """Return True if a scheduler, on any machine, is alive and does not hang."""
    return is_alive(SCHEDULER)


def check_worker() -> bool:
    """Return True if a worker, on any machine, is alive and does not hang."""
    return is_alive(WORKER)


def check_jobs() -> bool:
    """Return True if no periodic job is late; the log names those that are."""
    if late := get_late_jobs():
        logger.warning("Late jobs: %s", ", ".join(late))
    return not late


def check_schedule() -> bool:
    """Return True if nothing that should have been published or unpublished is overdue."""
    since = timezone.now() - MAX_OVERDUE
    overdue = Revision.objects.filter(approved_go_live_at__lte=since)
    for get_keys in blocked_revision_keys:
        overdue = overdue.exclude(pk__in=get_keys())
    return not (overdue.exists() or Page.objects.filter(live=True, expire_at__lte=since).exists())


def check_page_cache() -> bool:
    """Return True if changes make cached responses stale, and responses can be cached."""
    folder = settings.DATA_DIR / "page_cache"
    return cache_version.current > 0 and (not folder.exists() or os.access(folder, os.W_OK))


def is_healthy(check: Callable[[], bool]) -> bool:
    """Return what `check` returns; False if it raises.

    The reason goes to the log only, because anybody may request `/readyz`.
    """
    try:
        return check()
    except Exception as error:
        logger.warning("Not ready: %s: %s", check.__name__, error)
        return False


# Apps above add checks of their own.
HEALTH_CHECKS: dict[str, Callable[[], bool]] = {
    "database": check_database,
    "clock": check_clock,
    "storage": check_storage,
    "schedule": check_schedule,
    "jobs": check_jobs,
    "scheduler": check_scheduler,
    "worker": check_worker,
    "tasks": is_queue_moving,
    "cache": check_cache,
    "page_cache": check_page_cache,
}


def run_health_checks() -> dict[str, bool]:
    """Return for each health check, by name, whether it passes."""
    return {name: is_healthy(check) for name, check in HEALTH_CHECKS.items()}
