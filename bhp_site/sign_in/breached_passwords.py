"""Refuse passwords that are known from data breaches.

BREACHED_PASSWORDS names a service with the range protocol of Pwned Passwords, or a folder with its
files. Only the first five digits of a password's SHA-1 hash leave the site: they fit hundreds of
passwords, and the site looks for the right one among these itself.
"""

import logging
import threading
import time
from hashlib import sha1
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from bhp_site.core.deadlines import run_within

logger = logging.getLogger(__name__)

PREFIX_LENGTH = 5
# Seconds to wait for the service in all, with the look-up of its name and all its addresses.
TIMEOUT_SECONDS = 2
# Threads of this process that may wait for the service at the same time.
MAX_WAITING = 4
# A range has about 40 kB.
MAX_RANGE_BYTES = 1_000_000

_slots = threading.BoundedSemaphore(MAX_WAITING)


class BreachedPasswordValidator:
    """Looks a password up among those of known data breaches.

    If the list cannot be reached the password is accepted, and the log says so: nobody could choose
    a password otherwise, and the other validators have looked at it.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError if `password` was in a data breach."""
        if not is_enabled():
            return
        digest = sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        prefix, suffix = digest[:PREFIX_LENGTH], digest[PREFIX_LENGTH:]
        try:
            counts = read_range(prefix)
        except OSError as error:
            # Without the digits, which would tell readers of the log something of the password.
            reason = str(error).replace(prefix, "…")
            logger.warning("A password was not compared with those of breaches: %s", reason)
            return
        # A service may add made-up lines, which have the count 0.
        if counts.get(suffix, 0):
            raise ValidationError(
                "This password has appeared in a data breach, so others may try it. Choose another "
                "one, here and wherever you use it.",
                code="password_breached",
            )

    def get_help_text(self) -> str:
        """Return what the validator asks for, shown beside the field."""
        return "Do not use a password that you use elsewhere."


def is_enabled() -> bool:
    """Return True if passwords are compared with those of breaches."""
    return settings.BREACHED_PASSWORDS != "off"


def read_range(prefix: str) -> dict[str, int]:
    """Return how often each password was in a breach, by the rest of the hashes after `prefix`.

    Raises OSError if the list cannot be read or is empty.
    """
    source: str = settings.BREACHED_PASSWORDS
    if source.startswith(("https://", "http://")):
        url = f"{source.rstrip('/')}/{prefix}"
        text = run_within(TIMEOUT_SECONDS, _slots, lambda: _fetch(url))
    else:
        text = (Path(source) / f"{prefix}.txt").read_text(encoding="ascii", errors="replace")
    counts = {}
    for line in text.split():
        suffix, separator, count = line.partition(":")
        if not separator or not count.isdecimal():
            raise OSError("The list of breached passwords has an unknown format")
        counts[suffix.upper()] = int(count)
    if not counts:
        raise OSError("The list of breached passwords is empty")
    return counts


def _fetch(url: str) -> str:
    """Return the text at `url`; raise OSError if it is not complete in time."""
    # Imported here: few processes ever need it.
    import requests

    # Padding hides from the length of an encrypted response which range was asked for.
    headers = {"Add-Padding": "true", "User-Agent": f"{settings.WAGTAIL_SITE_NAME} website"}
    deadline, body = time.monotonic() + TIMEOUT_SECONDS, bytearray()
    with requests.get(url, headers=headers, timeout=TIMEOUT_SECONDS, stream=True) as response:
        response.raise_for_status()
        for chunk in response.iter_content(16_384):
            body += chunk
            if time.monotonic() > deadline or len(body) > MAX_RANGE_BYTES:
                raise TimeoutError("The list of breached passwords is too slow or too long")
    return body.decode("ascii", errors="replace")
