"""Content codings (RFC 9110, 8.4): which one a visitor takes, and bytes in each of them."""

import functools
import gzip

import brotli

# Best first. Brotli's levels above 5 take ten times as long for a twentieth less.
CODINGS = ("br", "gzip")
BROTLI, GZIP = 5, 6
TEXT = (
    *("text/", "application/json", "application/feed+json", "application/atom+xml"),
    *("application/xml", "application/ld+json", "image/svg+xml"),
)
# Bytes; shorter ones grow.
WORTHWHILE = 200


@functools.lru_cache(maxsize=256)
def accepted(header: str) -> tuple[str, ...]:
    """Codings to try for an Accept-Encoding `header`, best first; the last is none at all, ""."""
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _, parameter = part.partition(";")
        weight = parameter.replace(" ", "").removeprefix("q=")
        try:
            weights[name.strip()] = float(weight) if parameter else 1
        except ValueError:
            weights[name.strip()] = 0
    wanted = (name for name in CODINGS if weights.get(name, weights.get("*", 0)) > 0)
    return *wanted, ""


def coded(body: bytes, content_type: str) -> dict[str, bytes]:
    """`body` by coding, in those that make it shorter; itself as ""."""
    if len(body) < WORTHWHILE or not content_type.startswith(TEXT):
        return {"": body}
    made = {
        "br": brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI),
        "gzip": gzip.compress(body, GZIP, mtime=0),
        "": body,
    }
    return {name: data for name, data in made.items() if not name or len(data) < len(body)}
