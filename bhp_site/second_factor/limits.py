"""Limits of attempts at codes, in the database like those of passwords."""

from typing import Any

from django.http import HttpRequest

from bhp_site.sign_in.attempts import AttemptLimit, begin_attempt, end_attempt
from bhp_site.sign_in.sources import get_sources

ACCOUNT = AttemptLimit("code of account", free_attempts=5)
KNOWN_DEVICE = AttemptLimit("code by known device", free_attempts=5)
NETWORK = AttemptLimit("code by network", free_attempts=20)
PASSKEY = AttemptLimit("passkey by network", free_attempts=20)


class CodeAttempt:
    """An attempt at a code of `user`: `wait` is 0, or the seconds to wait before another one."""

    def __init__(self, request: HttpRequest, user: Any) -> None:
        self.sources = get_sources(request, user.email, ACCOUNT, KNOWN_DEVICE, NETWORK)
        self.wait = begin_attempt(self.sources)

    def succeed(self) -> None:
        """Note that the code was right."""
        account, *others = self.sources
        end_attempt([account], others)
