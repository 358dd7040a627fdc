"""Limits of attempts at passwords: after some free ones, each has to wait longer than the last.

An attempt is counted before the password is compared, so that attempts at the same time cannot pass
together, and is taken back when it succeeds.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from bhp_site.core.monitoring.refusals import Reason, note_refusal

from .models import AttemptCounter

# Counters without an attempt for so long are deleted, and begin anew.
COUNTER_RETENTION = datetime.timedelta(days=1)
# How often a counter is read again that another request has just changed.
MAX_RETRIES = 5


@dataclass(frozen=True)
class AttemptLimit:
    """A number of free attempts of a source, and the waits between further ones, in seconds."""

    name: str
    free_attempts: int
    first_wait: int = 30
    max_wait: int = 15 * 60

    def get_wait(self, attempts: int) -> int:
        """Return the seconds to wait after so many attempts: nothing, then doubled each time."""
        if attempts < self.free_attempts:
            return 0
        # 2³⁰ is beyond every maximum.
        doublings = min(attempts - self.free_attempts, 30)
        return min(self.first_wait * 2**doublings, self.max_wait)


@dataclass(frozen=True)
class AttemptSource:
    """An account, network or page whose attempts are counted for a limit."""

    limit: AttemptLimit
    name: str

    @property
    def key(self) -> str:
        """Return the key of the counter, from which nobody can tell the name."""
        text = f"{self.limit.name} {self.name}"
        return salted_hmac("bhp_site.sign_in.attempts", text, algorithm="sha256").hexdigest()


def get_wait(sources: Iterable[AttemptSource]) -> int:
    """Return the seconds that an attempt of `sources` has to wait, without counting one."""
    now = timezone.now()
    sources = list(sources)
    rows = AttemptCounter.objects.in_bulk([source.key for source in sources], field_name="key")
    waits = (_get_remaining_wait(source, rows.get(source.key), now) for source in sources)
    return max(waits, default=0)


def begin_attempt(sources: Iterable[AttemptSource]) -> int:
    """Count an attempt of all `sources`; return 0, or the seconds to wait if one has to.

    An attempt that has to wait is not counted.
    """
    sources = list(sources)
    now = timezone.now()
    wait = get_wait(sources) or max((_count(source, now) for source in sources), default=0)
    if wait:
        note_refusal(Reason.LIMIT, sources[0].limit.name)
    return wait


def end_attempt(sources: Iterable[AttemptSource]) -> None:
    """Note that an attempt of `sources` succeeded.

    The first source, the most specific one, begins anew. The others keep the attempts before this
    one: who knows one password may not use it to try others for ever.
    """
    keys = [source.key for source in sources]
    AttemptCounter.objects.filter(key__in=keys[:1]).delete()
    others = AttemptCounter.objects.filter(key__in=keys[1:], attempts__gt=0)
    others.update(attempts=F("attempts") - 1)


def delete_old_counters() -> None:
    """Delete the counters that are forgotten."""
    AttemptCounter.objects.filter(last_attempt_at__lt=timezone.now() - COUNTER_RETENTION).delete()


def _get_remaining_wait(
    source: AttemptSource, counter: AttemptCounter | None, now: datetime.datetime
) -> int:
    if counter is None or counter.last_attempt_at < now - COUNTER_RETENTION:
        return 0
    passed = (now - counter.last_attempt_at).total_seconds()
    return max(0, round(source.limit.get_wait(counter.attempts) - passed))


def _count(source: AttemptSource, now: datetime.datetime) -> int:
    """Count an attempt of `source`; return 0, or the seconds to wait.

    The counter only changes if nobody else has changed it since it was read.
    """
    for _ in range(MAX_RETRIES):
        counter, is_new = AttemptCounter.objects.get_or_create(
            key=source.key, defaults={"attempts": 1, "last_attempt_at": now}
        )
        if is_new:
            return 0
        if wait := _get_remaining_wait(source, counter, now):
            return wait
        is_forgotten = counter.last_attempt_at < now - COUNTER_RETENTION
        unchanged = AttemptCounter.objects.filter(
            pk=counter.pk, attempts=counter.attempts, last_attempt_at=counter.last_attempt_at
        )
        attempts = 1 if is_forgotten else counter.attempts + 1
        if unchanged.update(attempts=attempts, last_attempt_at=now):
            return 0
    return source.limit.first_wait
