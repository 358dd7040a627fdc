"""Content codings (RFC 9110, 8.4): which one a visitor takes, and bytes in each of them."""

import functools
import gzip

import brotli

# Best first. Brotli's levels above 5 take ten times as long for a twentieth less.
ENCODINGS = ("br", "gzip")
BROTLI_LEVEL, GZIP_LEVEL = 5, 6
COMPRESSIBLE_TYPES = (
    *("text/", "application/json", "application/feed+json", "application/atom+xml"),
    *("application/xml", "application/ld+json", "image/svg+xml"),
)
# Bytes; shorter ones grow.
MIN_COMPRESSED_BYTES = 200


@functools.lru_cache(maxsize=256)
def get_accepted_encodings(header: str) -> tuple[str, ...]:
    """Codings to try for an Accept-Encoding `header`, best first; the last is none at all, ""."""
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _, parameter = part.partition(";")
        weight = parameter.replace(" ", "").removeprefix("q=")
        try:
            weights[name.strip()] = float(weight) if parameter else 1
        except ValueError:
            weights[name.strip()] = 0
    wanted = (name for name in ENCODINGS if weights.get(name, weights.get("*", 0)) > 0)
    return *wanted, ""


def encode_body(body: bytes, content_type: str) -> dict[str, bytes]:
    """`body` by coding, in those that make it shorter; itself as ""."""
    if len(body) < MIN_COMPRESSED_BYTES or not content_type.startswith(COMPRESSIBLE_TYPES):
        return {"": body}
    made = {
        "br": brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI_LEVEL),
        "gzip": gzip.compress(body, GZIP_LEVEL, mtime=0),
        "": body,
    }
    return {name: data for name, data in made.items() if not name or len(data) < len(body)}
