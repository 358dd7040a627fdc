"""Counting of what one visitor, or everybody, does in an hour, for limits of public forms."""

import ipaddress
import time
from collections.abc import Mapping

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from .monitoring.refusals import Reason, note_refusal

HOUR_SECONDS = 60 * 60


def get_client_network(request: HttpRequest) -> str:
    """Return the visitor's IPv4 address or IPv6 network (/64); an empty string if unknown.

    Behind a proxy it is the last address of X-Forwarded-For: the proxy appends it, and anything
    before it may be forged.
    """
    client = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        client = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.version == 6:
        # One household has 2⁶⁴ addresses.
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def count_event(kind: str, source: str) -> int:
    """Count an event of a `kind` from a `source`; return how many there were in this hour.

    The cache holds no address, only a keyed hash of it.
    """
    hour = int(time.time() // HOUR_SECONDS)
    key = f"{kind}:{hour}:{salted_hmac(f'bhp_site.{kind}', source).hexdigest()}"
    count: int = cache.get(key, 0) + 1
    cache.set(key, count, HOUR_SECONDS)
    return count


def exceeds_limits(kind: str, limits: Mapping[str, int]) -> bool:
    """Count an event of a `kind` for each source; return True if one exceeds its hourly limit.

    `limits` has the greatest number of events by source. All sources are counted, also after one
    has exceeded its limit.
    """
    counts = [(count_event(kind, source), limit) for source, limit in limits.items()]
    if all(count <= limit for count, limit in counts):
        return False
    note_refusal(Reason.LIMIT, kind)
    return True
