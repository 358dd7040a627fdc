"""Check the collected links one at a time in the background."""

import datetime
import logging
import threading
from time import monotonic
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from .models import LinkCheck

if TYPE_CHECKING:
    from .link_checker import LinkChecker, LinkStatus

logger = logging.getLogger(__name__)

RECHECK_AFTER = datetime.timedelta(days=7)
# After the first day with a failure, after the second, and so on.
RETRY_AFTER_FAILURES = [datetime.timedelta(days=days) for days in (1, 2, 4, 7, 14)]
# Our own network may have failed, so the result says nothing about the link.
RETRY_WHEN_UNCERTAIN = datetime.timedelta(hours=1)
# Between two requests to one host.
HOST_INTERVAL_SECONDS = 60
# The next link is the first of so many due ones whose host has not been asked recently.
MAX_CANDIDATES = 50
RESULT_FIELDS = (
    *("status", "problem", "answered_at", "failures", "failing_since", "failed_on", "next_at"),
)


class LinkCheckThread(threading.Thread):
    """Checks a link in a thread, because a DNS lookup may block for longer than a job may take.

    After the run, `result` is the status of the link. It is None if the check failed and
    `reference_url`, a link that answered before, failed as well: then our own network may be down.
    """

    def __init__(self, link: LinkCheck, reference_url: str, checker: "LinkChecker") -> None:
        super().__init__(daemon=True)
        self.link, self._reference_url, self._checker = link, reference_url, checker
        self.result: LinkStatus | None = None

    def run(self) -> None:
        try:
            result = self._checker.check(self.link.url)
            if result.is_certain or self._is_network_up():
                self.result = result
        except Exception:
            logger.exception("Could not check the link %s", self.link.url)

    def _is_network_up(self) -> bool:
        url = self._reference_url
        return bool(url) and self._checker.check(url).is_certain


_running_check: LinkCheckThread | None = None
# Host → monotonic time of the last check.
_checked_hosts: dict[str, float] = {}


def check_next_link() -> bool:
    """Save the result of the last check and start the next one (a job).

    Return False always: one check at a time is enough, so the scheduler need not call again soon.
    """
    global _running_check
    if not settings.LINK_CHECKS or (_running_check and _running_check.is_alive()):
        return False
    if _running_check:
        save_result(_running_check.link, _running_check.result)
        _running_check = None
    if link := claim_next_link():
        # Imported here because httpx takes 8 MB, which most processes never need.
        from .link_checker import LinkChecker

        _checked_hosts[link.host] = monotonic()
        checker = LinkChecker(get_user_agent())
        _running_check = LinkCheckThread(link, _get_reference_url(link), checker)
        _running_check.start()
    return False


def get_user_agent() -> str:
    """Return the User-Agent header, which tells other sites who checks their pages."""
    return f"BHP-link-check/1.0 (+{settings.SITE_URL})"


def claim_next_link() -> LinkCheck | None:
    """Return the longest due link whose host was not checked recently, None if there is none.

    The link is marked in the database, so that no other process checks it too.
    """
    for host, checked_at in [*_checked_hosts.items()]:
        if monotonic() - checked_at > HOST_INTERVAL_SECONDS:
            del _checked_hosts[host]
    candidates = LinkCheck.objects.due().exclude(host__in=_checked_hosts)
    for link in candidates[:MAX_CANDIDATES]:
        unclaimed = LinkCheck.objects.filter(pk=link.pk, next_at=link.next_at)
        if unclaimed.update(next_at=timezone.now() + RETRY_WHEN_UNCERTAIN):
            return link
    return None


def _get_reference_url(link: LinkCheck) -> str:
    """Return the link on another host that answered last, an empty string if none ever has."""
    others = LinkCheck.objects.exclude(host=link.host).exclude(answered_at=None)
    latest = others.order_by("-answered_at").first()
    return latest.url if latest else ""


def save_result(link: LinkCheck, result: "LinkStatus | None") -> None:
    """Save the result of a check and when to check again; None only reschedules the check."""
    now, today = timezone.now(), timezone.localdate()
    if result is None:
        LinkCheck.objects.filter(pk=link.pk).update(next_at=now + RETRY_WHEN_UNCERTAIN)
        return
    link.status, link.problem = result.status, result.problem
    if result.status is not None:
        link.answered_at = now
    if not result.problem:
        link.failures, link.failing_since, link.failed_on = 0, None, None
        link.next_at = now + RECHECK_AFTER
    else:
        if link.failed_on != today:
            link.failures += 1
        link.failing_since, link.failed_on = link.failing_since or today, today
        delays = RETRY_AFTER_FAILURES
        link.next_at = now + delays[min(link.failures, len(delays)) - 1]
    values = {name: getattr(link, name) for name in RESULT_FIELDS}
    LinkCheck.objects.filter(pk=link.pk).update(**values)
