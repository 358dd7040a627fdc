"""Look for a title in the answers of every address of the admin."""

import re
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.test import Client

from .addresses import get_address
from .objects import MARKER

# `make test` asks every so many addresses, and for each user others.
SAMPLE_STEP = 16


def scan(
    client: Client,
    objects: dict[str, dict[str, Any]],
    routes: Iterable[str],
    marker: str = MARKER,
) -> list[str]:
    """Return the addresses of `routes` whose answers have the `marker`."""
    client.raise_request_exception = False
    found = []
    # A search shows its words again.
    word = re.findall(r"\w+", marker)[-1]
    for route in routes:
        address = get_address(route, objects)
        for query in ("", f"{'&' if '?' in address else '?'}q={word}"):
            response = _get(client, f"{address}{query}")
            content = b"" if response.streaming else response.content
            if response.status_code >= 500 or marker.encode() in content:
                found.append(f"{address}{query}: {response.status_code}")
    return found


def _get(client: Client, address: str) -> Any:
    """Return the response to GET, whose changes are undone: some pages end the session."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        response = client.get(address)
        transaction.set_rollback(True)
    client.cookies = cookies
    return response
