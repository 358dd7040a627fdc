"""Health checks behind `/readyz`: whether a load balancer should send visitors here."""

import datetime
import logging
import os
import shutil
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import connection
from django.utils import timezone
from wagtail.models import Page, Revision

from bhp_site.core.caching.cache_version import cache_version
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
    """Return True if the disk is writable and has room for the largest document."""
    free_bytes = shutil.disk_usage(settings.DATA_DIR).free
    # The folder of documents is created with the first one.
    folder = settings.MEDIA_ROOT if settings.MEDIA_ROOT.exists() else settings.DATA_DIR
    return free_bytes > 2 * settings.WAGTAILDOCS_MAX_BYTES and os.access(folder, os.W_OK)


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


HEALTH_CHECKS = {
    "database": check_database,
    "storage": check_storage,
    "schedule": check_schedule,
    "tasks": is_queue_moving,
    "page_cache": check_page_cache,
}
