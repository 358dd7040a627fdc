"""Sessions (SESSION_ENGINE): how long they last, which a user has, and how they are ended.

The session of a user holds when it began, when it was last used, and from where. Its expiry, which
Django checks on every path, is renewed while the admin is used.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from bhp_site.core.private_links import hash_token
from bhp_site.core.rate_limits import get_client_network

STARTED, SEEN, BROWSER, NETWORK = "started_at", "seen_at", "browser", "network"
# Visitors without an account enter the password of a page again after so long.
VISITOR_SESSION_SECONDS = 7 * 24 * 60 * 60
# A session is written so often at most.
RENEWAL_SECONDS = 60
# Scripts of an open page send these while nobody is there.
BACKGROUND_PATHS = re.compile(r"/(?:editing-sessions|session)/")

# Names in a User-Agent header, the more specific first.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome"}
SYSTEMS = {
    "Windows": "Windows",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS": "Mac",
    "Android": "Android",
    "Linux": "Linux",
}


class SessionStore(db.SessionStore):
    """Django's sessions in the database, in which only those of users end when they are idle."""

    def get_session_cookie_age(self) -> int:
        """Return the seconds after which the session expires unless it is saved again."""
        return settings.SESSION_COOKIE_AGE if SESSION_KEY in self else VISITOR_SESSION_SECONDS


@dataclass(frozen=True)
class UserSession:
    """A session of a user, for a list; `id` identifies it without being its key."""

    key: str
    started_at: datetime | None
    seen_at: datetime | None
    browser: str
    network: str

    @property
    def id(self) -> str:
        """Return a hash of the key."""
        return hash_token(self.key)


class SessionLimits:
    """Middleware: renew the session while its user works, and end it after the absolute limit."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Renew or end the session of a request to the admin, and return the response."""
        if request.path.startswith(reverse("wagtailadmin_home")) and SESSION_KEY in request.session:
            self._check(request)
        return self.get_response(request)

    def _check(self, request: HttpRequest) -> None:
        session = request.session
        now = timezone.now().timestamp()
        if STARTED not in session:
            start_session(request)
        elif now - session[STARTED] > settings.SESSION_MAX_SECONDS:
            session.flush()
            return
        is_background = BACKGROUND_PATHS.search(request.path)
        if not is_background and now - session.get(SEEN, 0) >= RENEWAL_SECONDS:
            session[SEEN] = now


def start_session(request: HttpRequest) -> None:
    """Note in the session when and from where its user signed in."""
    now = timezone.now().timestamp()
    request.session.update(
        {
            STARTED: now,
            SEEN: now,
            BROWSER: describe_browser(request.headers.get("User-Agent", "")),
            NETWORK: get_client_network(request),
        }
    )


def describe_browser(user_agent: str) -> str:
    """Return a browser and its system in words, such as “Firefox on Windows”."""
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), "")
    if not browser and "Safari" in user_agent:
        browser = "Safari"
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    return " on ".join(part for part in (browser, system) if part) or "Unknown browser"


def get_seconds_left(request: HttpRequest) -> int:
    """Return for how long the session lasts if its user does nothing; 0 without a user."""
    session = request.session
    if SESSION_KEY not in session or STARTED not in session:
        return 0
    ends_at = min(
        session[SEEN] + settings.SESSION_COOKIE_AGE,
        session[STARTED] + settings.SESSION_MAX_SECONDS,
    )
    return max(0, round(ends_at - timezone.now().timestamp()))


def find_sessions(user: Any) -> Iterator[UserSession]:
    """Yield the sessions of `user`, the one that was used last first."""
    stored = Session.objects.filter(expire_date__gt=timezone.now()).order_by("-expire_date")
    for session in stored.iterator():
        data = session.get_decoded()
        if data.get(SESSION_KEY) == str(user.pk):
            yield UserSession(
                session.session_key,
                _get_time(data.get(STARTED)),
                _get_time(data.get(SEEN)),
                data.get(BROWSER, ""),
                data.get(NETWORK, ""),
            )


def end_sessions(user: Any, matches: Callable[[UserSession], bool] = lambda session: True) -> int:
    """End the sessions of `user` that match, at once; return how many there were."""
    keys = [session.key for session in find_sessions(user) if matches(session)]
    Session.objects.filter(session_key__in=keys).delete()
    return len(keys)


def delete_expired_sessions() -> None:
    """Delete the sessions that have expired."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def _get_time(timestamp: float | None) -> datetime | None:
    return (
        datetime.fromtimestamp(timestamp, tz=timezone.get_current_timezone()) if timestamp else None
    )
