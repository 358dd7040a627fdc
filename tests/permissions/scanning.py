"""Look for a title in the answers of every address of the admin."""

from typing import Any

from django.test import Client

from .addresses import get_address, list_routes
from .objects import MARKER


def scan(client: Client, objects: dict[str, dict[str, Any]]) -> list[str]:
    """Return the addresses whose answers have the marker."""
    client.raise_request_exception = False
    found = []
    word = MARKER.split()[-1]
    for route in list_routes():
        address = get_address(route, objects)
        for query in ("", f"{'&' if '?' in address else '?'}q={word}"):
            response = client.get(f"{address}{query}")
            content = b"" if response.streaming else response.content
            if response.status_code >= 500 or MARKER.encode() in content:
                found.append(f"{address}{query}: {response.status_code}")
    return found
