"""Calls for applications: when they open and close, and how visitors are told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils import timezone

from bhp_site.core.text.dates import format_public_time


class CallState(StrEnum):
    """The state of a call, which decides whether it can be answered."""

    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Call:
    """The opening and closing times of a call, of which one may be missing."""

    opens_at: datetime | None
    closes_at: datetime | None

    @property
    def state(self) -> CallState:
        """Return the state at this moment."""
        now = timezone.now()
        if self.closes_at and self.closes_at <= now:
            return CallState.CLOSED
        return CallState.UPCOMING if self.opens_at and self.opens_at > now else CallState.OPEN

    @property
    def label(self) -> str:
        """Return the state in one or two words, such as “Open”."""
        labels = {
            CallState.UPCOMING: "Opening soon",
            CallState.OPEN: "Open",
            CallState.CLOSED: "Closed",
        }
        return labels[self.state]

    @property
    def description(self) -> str:
        """Return when the state changes or changed, such as “Closes on Friday 28 …”; "" if never.

        The times are UK times.
        """
        if self.state == CallState.UPCOMING and self.opens_at:
            return f"Opens on {format_public_time(self.opens_at)}"
        if self.closes_at is None:
            return ""
        verb = "Closed" if self.state == CallState.CLOSED else "Closes"
        return f"{verb} on {format_public_time(self.closes_at)}"


def is_call_q() -> Q:
    """Return the condition for announcements with an opening or a closing time."""
    return Q(kind="call") & (Q(opens_at__isnull=False) | Q(closes_at__isnull=False))


def closed_q() -> Q:
    """Return the condition for calls that have closed."""
    return Q(kind="call", closes_at__lte=timezone.now())


def open_q() -> Q:
    """Return the condition for calls that are open."""
    now = timezone.now()
    has_opened = Q(opens_at__isnull=True) | Q(opens_at__lte=now)
    return is_call_q() & has_opened & (Q(closes_at__isnull=True) | Q(closes_at__gt=now))


def read_call_times() -> Iterable[datetime]:
    """Return all times at which a live call opens or closes, for the caches."""
    from .models import NewsPage

    calls: Any = NewsPage.objects.filter(is_call_q(), live=True)
    times = calls.order_by().values_list("opens_at", "closes_at")
    return (moment for pair in times for moment in pair if moment)
