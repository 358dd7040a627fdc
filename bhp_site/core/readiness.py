"""What the site stands on, part by part, for whoever decides whether to send visitors here."""

import datetime
import logging
import os
import shutil
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import connection
from django.utils import timezone
from wagtail.models import Page, Revision

from .generation import generation

logger = logging.getLogger(__name__)

# Apps above add functions that return the keys of revisions that are late for a reason people were
# told, such as a lock: the scheduler works, and visitors must not be turned away.
blocked_revision_keys: list[Callable[[], Iterable[int]]] = []

# Scheduled pages are looked at every ten seconds; after so long nobody does.
LATE = datetime.timedelta(minutes=2)


def database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def storage() -> bool:
    """Whether there is room for the largest file, and permission to keep it."""
    free = shutil.disk_usage(settings.DATA_DIR).free
    # The folder of files comes with the first one.
    folder = settings.MEDIA_ROOT if settings.MEDIA_ROOT.exists() else settings.DATA_DIR
    return free > 2 * settings.WAGTAILDOCS_MAX_BYTES and os.access(folder, os.W_OK)


def schedule() -> bool:
    """Whether nothing that should have been published or unpublished waits for long."""
    since = timezone.now() - LATE
    late = Revision.objects.filter(approved_go_live_at__lte=since)
    for get_keys in blocked_revision_keys:
        late = late.exclude(pk__in=get_keys())
    return not (late.exists() or Page.objects.filter(live=True, expire_at__lte=since).exists())


def page_cache() -> bool:
    """Whether changes reach what is kept, and copies can be kept."""
    folder = settings.DATA_DIR / "page_cache"
    return generation.current > 0 and (not folder.exists() or os.access(folder, os.W_OK))


def _well(check: Callable[[], bool]) -> Callable[[], bool]:
    def is_well() -> bool:
        try:
            return check()
        except Exception as error:
            # Whoever asks is told no more than that; whoever runs the site finds it here.
            logger.warning("Not ready: %s: %s", check.__name__, error)
            return False

    return is_well


CHECKS = {check.__name__: _well(check) for check in (database, storage, schedule, page_cache)}
