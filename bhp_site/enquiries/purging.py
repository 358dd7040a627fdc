"""Who asked, and in which words, is forgotten some time after a request is closed."""

from bhp_site.core.background import once_a_day

from .models import Request


def purge_outdated() -> int:
    """Purge what is outdated; how many requests that were."""
    number = 0
    for request in Request.objects.outdated():
        request.purge()
        number += 1
    return number


purge_daily = once_a_day(purge_outdated)
