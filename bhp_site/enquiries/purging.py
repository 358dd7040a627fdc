"""Who asked, and in which words, is forgotten some time after a request is closed."""

import datetime

from django.utils import timezone

from .models import Request

_purged: datetime.date | None = None


def purge_outdated() -> int:
    """Purge what is outdated; how many requests that were."""
    number = 0
    for request in Request.objects.outdated():
        request.purge()
        number += 1
    return number


def purge_daily() -> bool:
    """The same once a day; False, for there is never more to do."""
    global _purged
    if _purged != timezone.localdate():
        purge_outdated()
        _purged = timezone.localdate()
    return False
