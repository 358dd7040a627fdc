"""Which content encoding a client gets, and that an encoded body is the same text."""

import gzip

import brotli
import pytest

from bhp_site.server.page_cache.content_encoding import encode_body, get_accepted_encodings


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", ("",)),
        ("gzip, deflate, br, zstd", ("br", "gzip", "")),
        ("GZIP", ("gzip", "")),
        ("br;q=0, gzip;q=0.5", ("gzip", "")),
        ("*", ("br", "gzip", "")),
        ("*;q=0.1, br;q=0", ("gzip", "")),
        ("identity", ("",)),
        ("gzip;q=none", ("",)),
        (",;,q=1;;", ("",)),
        ("br ; q=1.0", ("br", "")),
    ],
)
def test_accepted_encodings_are_sorted_by_preference(
    header: str, expected: tuple[str, ...]
) -> None:
    assert get_accepted_encodings(header) == expected


def test_text_is_the_same_in_every_encoding() -> None:
    text = b"<p>The same words again and again.</p>" * 40
    bodies = encode_body(text, "text/html; charset=utf-8")
    assert brotli.decompress(bodies["br"]) == gzip.decompress(bodies["gzip"]) == bodies[""] == text


@pytest.mark.parametrize(
    ("body", "content_type"), [(b"short", "text/plain"), (b"\x89" * 4000, "image/png"), (b"", "")]
)
def test_bodies_that_would_not_get_shorter_are_not_encoded(body: bytes, content_type: str) -> None:
    assert encode_body(body, content_type) == {"": body}
