"""Check the collected links, one at a time."""

import datetime
from time import monotonic
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from bhp_site.tasks.backends import has_unfinished_calls

from .models import LinkCheck

if TYPE_CHECKING:
    from .link_checker import LinkStatus

RECHECK_INTERVAL = datetime.timedelta(days=7)
# After the first day with a failure, after the second, and so on.
RETRY_DELAYS = [datetime.timedelta(days=days) for days in (1, 2, 4, 7, 14)]
# Our own network may have failed, so the result says nothing about the link.
UNCERTAIN_RETRY_DELAY = datetime.timedelta(hours=1)
# Least pause between two requests to one host.
HOST_INTERVAL_SECONDS = 60
# The next link is the first of so many due ones whose host was not checked recently.
MAX_CANDIDATES = 50
RESULT_FIELDS = (
    *("status", "problem", "answered_at", "failures", "failing_since", "failed_on", "next_at"),
)


# Host → monotonic time of the last check.
_checked_hosts: dict[str, float] = {}


def enqueue_next_check() -> None:
    """Enqueue the check of the longest due link, unless another check waits or runs (a job)."""
    if not settings.LINK_CHECKS or has_unfinished_calls(check_link):
        return
    if link := claim_next_link():
        _checked_hosts[link.host] = monotonic()
        check_link.enqueue(link.pk)


@task(backend="database", queue_name="slow", priority=-10, max_attempts=1, timeout_seconds=600)
def check_link(pk: int) -> None:
    """Check a link and save the result, if the link is still collected."""
    link = LinkCheck.objects.filter(pk=pk).first()
    if link is None:
        return
    # Imported here because httpx takes 8 MB, which most processes never need.
    from .link_checker import LinkChecker

    checker = LinkChecker(get_user_agent())
    result = checker.check(link.url)
    if not result.is_certain:
        # Our own network may be down: ask what has answered before.
        reference_url = _get_reference_url(link)
        if not reference_url or not checker.check(reference_url).is_certain:
            return
    save_result(link, result)


def get_user_agent() -> str:
    """Return the User-Agent header, which tells other sites who checks their pages."""
    return f"BHP-link-check/1.0 (+{settings.SITE_URL})"


def claim_next_link() -> LinkCheck | None:
    """Return the longest due link whose host was not checked recently, None if there is none.

    The row is made due again after UNCERTAIN_RETRY_DELAY before the check starts, so that no other
    process checks it too.
    """
    for host, checked_at in [*_checked_hosts.items()]:
        if monotonic() - checked_at > HOST_INTERVAL_SECONDS:
            del _checked_hosts[host]
    candidates = LinkCheck.objects.due().exclude(host__in=_checked_hosts)
    for link in candidates[:MAX_CANDIDATES]:
        unclaimed = LinkCheck.objects.filter(pk=link.pk, next_at=link.next_at)
        if unclaimed.update(next_at=timezone.now() + UNCERTAIN_RETRY_DELAY):
            return link
    return None


def _get_reference_url(link: LinkCheck) -> str:
    """Return the link on another host that answered last, an empty string if none ever has."""
    others = LinkCheck.objects.exclude(host=link.host).exclude(answered_at=None)
    latest = others.order_by("-answered_at").first()
    return latest.url if latest else ""


def save_result(link: LinkCheck, result: "LinkStatus") -> None:
    """Save the result of a check and when to check again."""
    now, today = timezone.now(), timezone.localdate()
    link.status, link.problem = result.status, result.problem
    if result.status is not None:
        link.answered_at = now
    if not result.problem:
        link.failures, link.failing_since, link.failed_on = 0, None, None
        link.next_at = now + RECHECK_INTERVAL
    else:
        if link.failed_on != today:
            link.failures += 1
        link.failing_since, link.failed_on = link.failing_since or today, today
        delays = RETRY_DELAYS
        link.next_at = now + delays[min(link.failures, len(delays)) - 1]
    values = {name: getattr(link, name) for name in RESULT_FIELDS}
    LinkCheck.objects.filter(pk=link.pk).update(**values)
