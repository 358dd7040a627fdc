"""How a cached response answers conditional requests, byte ranges and accepted encodings."""

from pathlib import Path
from typing import Any

import pytest

from bhp_site.core.caching.cacheable import CachePolicy
from bhp_site.server.page_cache.cached_responses import STALE, CachedResponse, reason_not_cacheable
from bhp_site.server.responses import Response

PUBLIC = ("Cache-Control", "public, no-cache")
TYPE = ("Content-Type", "text/html; charset=utf-8")
TEXT = b"<p>The same words again and again.</p>" * 40


def make_response(
    body: bytes = TEXT, before: CachedResponse | None = None, **parts: Any
) -> CachedResponse:
    headers = [TYPE, PUBLIC, ("ETag", '"of Django"'), ("Content-Length", "1")]
    return CachedResponse.from_response(
        Response(200, headers, body), CachePolicy(**parts), 7, 2e9, before
    )


@pytest.fixture
def file(tmp_path: Path) -> CachedResponse:
    path = tmp_path / "numbers"
    path.write_bytes(b"0123456789")
    headers = [PUBLIC, ("ETag", '"ten"'), ("Last-Modified", "Mon, 23 Nov 2026 12:00:00 GMT")]
    answer = Response(200, headers, path=str(path), byte_range=(0, 10))
    return CachedResponse.from_response(
        answer, CachePolicy(("download",), 3, ("p=1",)), 7, 2e9, None
    )


def respond(
    cached: CachedResponse, method: str = "GET", **sent: str
) -> tuple[int, dict[str, str], bytes | None]:
    answer = cached.build_response(
        method, {name.replace("_", "-"): value for name, value in sent.items()}
    )
    assert answer is not None
    assert len(dict(answer.headers)) == len(answer.headers), "a header was sent twice"
    return answer.status, dict(answer.headers), answer.body


def test_a_page_has_its_own_etag_in_every_encoding() -> None:
    cached = make_response()
    tags = set()
    for coding in ("br", "gzip", ""):
        status, headers, body = respond(cached, accept_encoding=coding)
        assert status == 200
        assert headers.get("Content-Encoding", "") == coding
        assert headers["Content-Length"] == str(len(body or b""))
        tags.add(headers["ETag"])
        again, less, nothing = respond(
            cached, accept_encoding=coding, if_none_match=headers["ETag"]
        )
        assert (again, nothing, less["ETag"]) == (304, None, headers["ETag"])
        assert not {"Content-Length", "Content-Encoding", "Content-Type"} & {*less}
    assert len(tags) == 3
    assert '"of Django"' not in tags


def test_a_head_response_is_the_get_response_without_body() -> None:
    cached = make_response()
    assert respond(cached, "HEAD") == (200, respond(cached)[1], None)


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({"if_none_match": "*"}, 304),
        ({"if_none_match": 'W/"other", W/{etag}'}, 304),
        ({"if_none_match": '"other"'}, 200),
        # Its presence makes the date count for nothing (RFC 9110, 13.1.3).
        ({"if_none_match": '"other"', "if_modified_since": "{date}"}, 200),
        ({"if_modified_since": "{date}"}, 304),
        ({"if_modified_since": "Mon, 23 Nov 1998 12:00:00 GMT"}, 200),
        ({"if_modified_since": "yesterday"}, 200),
    ],
)
def test_conditional_requests(condition: dict[str, str], status: int) -> None:
    cached = make_response()
    known = {"etag": cached.etag, "date": cached.last_modified_header}
    sent = {name: value.format(**known) for name, value in condition.items()}
    assert respond(cached, **sent)[0] == status


def test_an_unchanged_body_keeps_its_modification_time() -> None:
    first = make_response()
    first.last_modified -= 1000
    assert make_response(before=first).last_modified == first.last_modified
    assert make_response(TEXT + b"!", before=first).last_modified > first.last_modified


def test_a_file_is_answered_with_its_path_and_byte_range(file: CachedResponse) -> None:
    answer = file.build_response("GET", {})
    assert answer is not None
    assert (answer.status, answer.path, answer.byte_range) == (200, file.path, (0, 10))
    part = file.build_response("GET", {"range": "bytes=2-4"})
    assert part is not None
    assert (part.status, part.byte_range) == (206, (2, 5))
    assert ("Content-Range", "bytes 2-4/10") in part.headers
    assert respond(file, range="bytes=20-")[0] == 416
    assert respond(file, if_none_match='"ten"')[0] == 304
    assert respond(file, range="bytes=2-4", if_range='"nine"')[0] == 200


def test_a_removed_or_replaced_file_is_left_to_django(file: CachedResponse) -> None:
    Path(file.path).write_bytes(b"longer than it was")
    assert file.build_response("GET", {}) is None
    assert file.build_response("HEAD", {}) is None
    assert file.build_response("GET", {}, STALE) is None
    Path(file.path).unlink()
    assert file.build_response("GET", {}) is None


@pytest.mark.parametrize("name", ["if-match", "if-unmodified-since"])
def test_rare_conditions_are_left_to_django(name: str) -> None:
    assert make_response().build_response("GET", {name: "*"}) is None


def test_cache_status_says_where_a_response_comes_from() -> None:
    answer = make_response().build_response("GET", {}, STALE)
    assert answer is not None
    assert answer.get_header("cache-status") == STALE
    assert respond(make_response())[1]["Cache-Status"] == "bhp; hit"


def test_a_response_survives_serialisation(file: CachedResponse) -> None:
    for cached in (make_response(parameters=("page",)), file):
        assert CachedResponse.deserialize(cached.serialize()) == cached


@pytest.mark.parametrize("damage", [0, 12, 30, -1])
def test_damaged_data_is_rejected(damage: int) -> None:
    data = bytearray(make_response().serialize())
    data[damage] ^= 1
    assert CachedResponse.deserialize(bytes(data)) is None
    assert CachedResponse.deserialize(bytes(make_response().serialize()[:-1])) is None
    assert CachedResponse.deserialize(b"") is None


@pytest.mark.parametrize(
    ("status", "headers", "reason"),
    [
        (200, [PUBLIC], ""),
        (200, [PUBLIC, ("Vary", "Accept-Encoding")], ""),
        (200, [PUBLIC, ("Vary", "Accept-Encoding, Cookie")], "varies by"),
        (200, [PUBLIC, ("Vary", "*")], "varies by"),
        (200, [PUBLIC, ("Set-Cookie", "a=b")], "sets a cookie"),
        (200, [], "Cache-Control"),
        (200, [("Cache-Control", "public, no-store")], "Cache-Control"),
        (200, [("Cache-Control", "private, public")], "Cache-Control"),
        (404, [PUBLIC], "404"),
    ],
)
def test_the_reason_why_a_response_is_not_cacheable(
    status: int, headers: list[tuple[str, str]], reason: str
) -> None:
    found = reason_not_cacheable(Response(status, headers, b""))
    assert reason in found
    assert bool(found) == bool(reason)
