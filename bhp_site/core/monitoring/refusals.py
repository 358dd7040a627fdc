"""The log of refused requests: who was refused what, and why.

Code that refuses a request says so with `note_refusal`; `sign_in.refusals.RefusalLog` logs it.
"""

import logging
import threading
import time
from collections import Counter
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

from django.http import HttpRequest
from django.utils.encoding import escape_uri_path

from . import metrics

logger = logging.getLogger(__name__)

# Lines in a minute and a process about one user, or about all visitors without an account.
MAX_LINES_PER_MINUTE = 30


class Reason(StrEnum):
    """The reasons why a request is refused."""

    PERMISSION = "permission"
    # It would say that something private exists, so the response is 404.
    PRIVATE = "private"
    CSRF = "csrf"
    LIMIT = "limit"


@dataclass(frozen=True)
class RequestRefusal:
    """A reason, with details such as the name of a limit."""

    reason: Reason
    detail: str = ""


# The refusals that were noted during the request that is being handled; None outside of one.
noted_refusals: ContextVar[list[RequestRefusal] | None] = ContextVar("noted_refusals", default=None)


def note_refusal(reason: Reason, detail: str = "") -> None:
    """Note why the request that is being handled is refused; the first reason is logged."""
    noted = noted_refusals.get()
    if noted is not None:
        noted.append(RequestRefusal(reason, detail))


class LineLimit:
    """A limit of lines in a minute for each source, so that nobody can fill the disk."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minute = 0
        self._lines: Counter[str] = Counter()

    def allows(self, source: str) -> bool:
        """Count a line; return True if it may be written.

        A line in a later minute says how many were not.
        """
        minute, omitted = int(time.monotonic() // 60), 0
        with self._lock:
            if minute != self._minute:
                excess = (lines - MAX_LINES_PER_MINUTE for lines in self._lines.values())
                omitted = sum(lines for lines in excess if lines > 0)
                self._minute = minute
                self._lines.clear()
            self._lines[source] += 1
            is_allowed = self._lines[source] <= MAX_LINES_PER_MINUTE
        if omitted:
            logger.warning("%d more refused requests were counted, but not logged", omitted)
        return is_allowed


line_limit = LineLimit()


def log_refusal(request: HttpRequest, refusal: RequestRefusal, status: int, user: str) -> None:
    """Log and count a refused request of `user`, a primary key; empty for other visitors.

    The line has neither the query string nor the address of the visitor.
    """
    metrics.count_refusal(refusal.reason)
    if not line_limit.allows(user):
        return
    details = {
        "reason": refusal.reason.value,
        "detail": refusal.detail,
        "method": request.method,
        "path": escape_uri_path(request.path),
        "status": status,
        "user": user,
    }
    reason = ", ".join(part for part in (refusal.reason.value, refusal.detail) if part)
    logger.warning(
        "Refused (%s): %s %s %s, %s",
        *(reason, request.method, details["path"], status),
        f"user {user}" if user else "no user",
        extra={"details": details},
    )
