"""Asking one link after the other whether it answers, beside all else, without haste."""

import datetime
import logging
import threading
from time import monotonic

from django.conf import settings
from django.utils import timezone

from .asking import Answer, Asker
from .models import LinkCheck

logger = logging.getLogger(__name__)

FINE = datetime.timedelta(days=7)
# After the first day of failing, after the second, and so on.
PAUSES = [datetime.timedelta(days=days) for days in (1, 2, 4, 7, 14)]
# Until the next attempt where our own network may be down.
SOON = datetime.timedelta(hours=1)
# Seconds between two questions to one host.
HOST_PAUSE = 60
# Links among which one of another host is looked for.
AHEAD = 50


class Errand(threading.Thread):
    """Asks a link beside the scheduler, which must not wait: a look-up of a name can take long.

    `answer` is None where nothing answers and `witness`, which has answered before, does not
    either: then it may be our own network.
    """

    def __init__(self, link: LinkCheck, witness: str, asker: Asker) -> None:
        super().__init__(daemon=True)
        self.link, self._witness, self._asker = link, witness, asker
        self.answer: Answer | None = None

    def run(self) -> None:
        try:
            answer = self._asker.ask(self.link.url)
            if answer.is_certain or (self._witness and self._asker.ask(self._witness).is_certain):
                self.answer = answer
        except Exception:
            logger.exception("Could not ask %s", self.link.url)


_errand: Errand | None = None
_asked: dict[str, float] = {}


def ask_next() -> bool:
    """Keep what came of the last question and ask the next; one at a time, one at each look."""
    global _errand
    if not settings.LINK_CHECKS or (_errand and _errand.is_alive()):
        return False
    if _errand:
        keep(_errand.link, _errand.answer)
        _errand = None
    if link := _next():
        _asked[link.host] = monotonic()
        _errand = Errand(link, _witness(link), Asker(agent()))
        _errand.start()
    return False


def agent() -> str:
    return f"BHP-link-check/1.0 (+{settings.SITE_URL})"


def _next() -> LinkCheck | None:
    """The link due for longest whose host has rested, taken so that no other scheduler asks it."""
    for host, when in [*_asked.items()]:
        if monotonic() - when > HOST_PAUSE:
            del _asked[host]
    rested = LinkCheck.objects.due().exclude(host__in=_asked)
    for link in rested[:AHEAD]:
        taken = LinkCheck.objects.filter(pk=link.pk, next_at=link.next_at)
        if taken.update(next_at=timezone.now() + SOON):
            return link
    return None


def _witness(link: LinkCheck) -> str:
    """What answered last of another host; "" where nothing ever has."""
    others = LinkCheck.objects.exclude(host=link.host).exclude(answered_at=None)
    found = others.order_by("-answered_at").first()
    return found.url if found else ""


def keep(link: LinkCheck, answer: Answer | None) -> None:
    """Write what came of asking `link`; None: it may have been our own network, so nothing."""
    now, today = timezone.now(), timezone.localdate()
    if answer is None:
        LinkCheck.objects.filter(pk=link.pk).update(next_at=now + SOON)
        return
    link.status, link.problem = answer.status, answer.problem
    if answer.status is not None:
        link.answered_at = now
    if not answer.problem:
        link.failures, link.failing_since, link.failed_on = 0, None, None
        link.next_at = now + FINE
    else:
        if link.failed_on != today:
            link.failures += 1
        link.failing_since, link.failed_on = link.failing_since or today, today
        link.next_at = now + PAUSES[min(link.failures, len(PAUSES)) - 1]
    LinkCheck.objects.filter(pk=link.pk).update(**{name: getattr(link, name) for name in KEPT})


KEPT = ("status", "problem", "answered_at", "failures", "failing_since", "failed_on", "next_at")
