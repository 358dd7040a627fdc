"""Content encodings (RFC 9110, 8.4): negotiation and compression."""

import functools
import gzip

import brotli

# In order of preference.
ENCODINGS = ("br", "gzip")
# Brotli's levels above 5 take ten times as long for 5 % less.
BROTLI_LEVEL, GZIP_LEVEL = 5, 6
COMPRESSIBLE_TYPES = (
    *("text/", "application/json", "application/feed+json", "application/atom+xml"),
    *("application/xml", "application/ld+json", "image/svg+xml"),
)
# Compression makes shorter bodies longer.
MIN_COMPRESSED_BYTES = 200


@functools.lru_cache(maxsize=256)
def get_accepted_encodings(header: str) -> tuple[str, ...]:
    """Return the encodings that an Accept-Encoding `header` accepts, best first.

    The last one is always "", the unencoded body.
    """
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _, parameter = part.partition(";")
        weight = parameter.replace(" ", "").removeprefix("q=")
        try:
            weights[name.strip()] = float(weight) if parameter else 1
        except ValueError:
            weights[name.strip()] = 0
    accepted = (name for name in ENCODINGS if weights.get(name, weights.get("*", 0)) > 0)
    return *accepted, ""


def encode_body(body: bytes, content_type: str) -> dict[str, bytes]:
    """Return `body` by encoding; "" is the body itself.

    Encodings that would not make it shorter are left out, and so are all encodings of types that
    are compressed already.
    """
    if len(body) < MIN_COMPRESSED_BYTES or not content_type.startswith(COMPRESSIBLE_TYPES):
        return {"": body}
    encoded = {
        "br": brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI_LEVEL),
        "gzip": gzip.compress(body, GZIP_LEVEL, mtime=0),
    }
    return {name: data for name, data in encoded.items() if len(data) < len(body)} | {"": body}
