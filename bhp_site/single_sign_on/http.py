"""Bounded requests to the provider of single sign-on."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import requests
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter

from bhp_site.core.deadlines import run_within

Result = TypeVar("Result")

# Seconds to wait for a connection, for each read, and for all requests of a step together.
TIMEOUTS = (3, 5)
DEADLINE_SECONDS = 10
MAX_RESPONSE_BYTES = 1_000_000
# Threads of this process that may wait for the provider at the same time.
MAX_WAITING = 4

_slots = threading.BoundedSemaphore(MAX_WAITING)


class BoundedSession(requests.Session):
    """A session that limits waits and the size of responses, and follows no redirects.

    A redirect could take the client's secret to another host.
    """

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """Return the response with its body; raise RequestException if it is too long."""
        kwargs |= {"timeout": TIMEOUTS, "allow_redirects": False, "stream": True}
        with super().request(method, url, *args, **kwargs) as response:
            body = bytearray()
            for chunk in response.iter_content(16_384):
                body += chunk
                if len(body) > MAX_RESPONSE_BYTES:
                    raise requests.RequestException(f"The response of {url} is too long")
            response._content = bytes(body)
        return response


class ProviderAdapter(DefaultSocialAccountAdapter):
    """The adapter with which django-allauth's client makes bounded requests."""

    def get_requests_session(self) -> requests.Session:
        """Return the session for requests to the provider."""
        return BoundedSession()


def fetch_json(url: str, **headers: str) -> Any:
    """Return the JSON at `url`; raise RequestException or ValueError."""
    with BoundedSession() as session:
        response = session.get(url, headers=headers)
    response.raise_for_status()
    return response.json()


def run_within_deadline(function: Callable[[], Result]) -> Result:
    """Return what `function` returns; raise what it raises, or TimeoutError at the deadline."""
    return run_within(DEADLINE_SECONDS, _slots, function)
