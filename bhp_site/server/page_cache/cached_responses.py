"""A cached response: handles conditional requests, byte ranges and content negotiation."""

import json
import os
import time
import zlib
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.http import http_date, parse_etags, parse_http_date_safe

from bhp_site.core.caching.cacheable import CachePolicy, normalise_query
from bhp_site.core.storage.local_copies import note_use
from bhp_site.files.byte_ranges import RangeNotSatisfiable, get_requested_span

from ..responses import Headers, Response
from .content_encoding import encode_body, get_accepted_encodings
from .keys import RequestHeaders

MEDIA_FOLDER = f"{settings.MEDIA_ROOT}/"
# Documents and renditions, which changes withhold by name (`files.permissions`). Other files, such
# as press packs, are made from pages and from these.
FOLDERS_WITHHELD_BY_NAME = (f"{MEDIA_FOLDER}documents/", f"{MEDIA_FOLDER}images/")
# Headers of Django's response that are replaced for each encoding and request.
REPLACED_HEADERS = {"content-length", "content-encoding", "etag", "last-modified", "date"}
# Headers that describe a body, so a 304 response does not have them.
BODY_HEADERS = {"Content-Length", "Content-Encoding", "Content-Type"}
# Values of the header Cache-Status (RFC 9211).
CACHE_STATUS = "Cache-Status"
HIT, STORED, COLLAPSED = "bhp; hit", "bhp; fwd=miss; stored", "bhp; fwd=miss; collapsed"
STALE = 'bhp; hit; ttl=-1; detail="stale"'
# Begins every file; the number changes with the format.
FILE_HEADER = b"bhp cached response 2\n"


@dataclass
class CachedResponse:
    """A response with status 200, rendered at `cache_version` and fresh until `expires_at`.

    Times are Unix times. `etag` is quoted and belongs to the unencoded body; `bodies` are by
    content encoding. `parameters` are the query parameters that the page uses, `flags` those of
    them whose value does not matter, and `redirected` the queries that lead to another page. A
    file has a `path` and a `size` in bytes instead of bodies, and a `document_version_id` if its
    downloads are counted.
    """

    cache_version: int
    expires_at: float
    headers: Headers
    etag: str
    last_modified: int
    bodies: dict[str, bytes] = field(default_factory=dict)
    parameters: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    redirected: tuple[str, ...] = ()
    document_version_id: int = 0
    path: str = ""
    size: int = 0

    def __post_init__(self) -> None:
        """Compute values that every request needs."""
        self.redirected_queries = frozenset(self.redirected)
        self.last_used = 0.0
        self.last_modified_header = http_date(self.last_modified)
        self.etags = {encoding: self._get_etag(encoding) for encoding in self.bodies}
        # By encoding: the full response, and the one for a client that has it already.
        self.page_responses = {
            encoding: self._build_page_responses(encoding, body)
            for encoding, body in self.bodies.items()
        }

    @classmethod
    def from_response(
        cls,
        response: Response,
        policy: CachePolicy,
        cache_version: int,
        expires_at: float,
        previous: "CachedResponse | None",
    ) -> "CachedResponse":
        """Return a cacheable `response` as an entry, fresh until `expires_at` (Unix time).

        It keeps the modification time of the `previous` entry if the bodies are equal.
        """
        headers = [pair for pair in response.headers if pair[0].lower() not in REPLACED_HEADERS]
        options: Any = {
            "parameters": policy.parameters,
            "flags": policy.flags,
            "document_version_id": policy.version,
            "redirected": policy.redirected,
        }
        if response.path and not response.temporary:
            etag = response.get_header("etag")
            last_modified = parse_http_date_safe(response.get_header("last-modified")) or 0
            options |= {"path": response.path, "size": response.byte_range[1]}
        else:
            body = Path(response.path).read_bytes() if response.path else response.body or b""
            etag = f'"{sha256(body).hexdigest()[:32]}"'
            is_same = previous is not None and previous.etag == etag
            last_modified = previous.last_modified if previous and is_same else int(time.time())
            options["bodies"] = encode_body(body, response.get_header("content-type"))
        return cls(cache_version, expires_at, headers, etag, last_modified, **options)

    def is_redirected(self, query: str) -> bool:
        """Return True if this `query` redirects to another page, which Django has to find."""
        return bool(self.redirected) and normalise_query(query) in self.redirected_queries

    def has_content_of(self, other: "CachedResponse") -> bool:
        """Return True if a visitor would receive the same as from `other`."""
        return (self.etag, self.path, self.headers) == (other.etag, other.path, other.headers)

    def build_response(
        self, method: str, headers: RequestHeaders, cache_status: str = HIT
    ) -> Response | None:
        """Return the response to a GET or HEAD request; None if Django has to answer it."""
        # Preconditions for changing a resource; Django knows how to answer them.
        if "if-match" in headers or "if-unmodified-since" in headers:
            return None
        if self.path:
            response = self._build_file_response(headers)
        else:
            response = self._select_page_response(headers)
        if response is None or (cache_status == HIT and method == "GET"):
            return response
        response_headers = [
            (name, cache_status if name == CACHE_STATUS else value)
            for name, value in response.headers
        ]
        if method == "HEAD":
            return Response(response.status, response_headers)
        return Response(
            response.status, response_headers, response.body, response.path, response.byte_range
        )

    def _select_page_response(self, headers: RequestHeaders) -> Response:
        # The last accepted encoding, "", is always there.
        for encoding in get_accepted_encodings(headers.get("accept-encoding") or ""):
            if encoding in self.page_responses:
                break
        full, not_modified = self.page_responses[encoding]
        return not_modified if self._is_not_modified(headers, self.etags[encoding]) else full

    def _build_file_response(self, headers: RequestHeaders) -> Response | None:
        """Return the file or the requested part of it; None if the file was removed or replaced."""
        try:
            stat = os.stat(self.path)
            if stat.st_size != self.size:
                return None
            if settings.STORAGE_URL and self.path.startswith(MEDIA_FOLDER):
                note_use(self.path, stat)
        except OSError:
            return None
        response_headers = [*self.headers, *self._get_validators(self.etag), (CACHE_STATUS, HIT)]
        if self._is_not_modified(headers, self.etag):
            return Response(304, remove_body_headers(response_headers))
        try:
            span = get_requested_span(headers, self.etag, self.last_modified_header, self.size)
        except RangeNotSatisfiable:
            response_headers += [("Content-Range", f"bytes */{self.size}"), ("Content-Length", "0")]
            return Response(416, response_headers, b"")
        start, end = span or (0, self.size)
        response_headers.append(("Content-Length", str(end - start)))
        if span:
            response_headers.append(("Content-Range", f"bytes {start}-{end - 1}/{self.size}"))
        return Response(
            206 if span else 200, response_headers, path=self.path, byte_range=(start, end)
        )

    def _is_not_modified(self, headers: RequestHeaders, etag: str) -> bool:
        """Evaluate If-None-Match, or else If-Modified-Since (RFC 9110, 13.1.2 and 13.1.3)."""
        if (if_none_match := headers.get("if-none-match")) is not None:
            if if_none_match == etag:
                return True
            etags = [tag.removeprefix("W/") for tag in parse_etags(if_none_match)]
            return etag in etags or etags == ["*"]
        if (if_modified_since := headers.get("if-modified-since")) is None:
            return False
        since = parse_http_date_safe(if_modified_since)
        return since is not None and self.last_modified <= since

    def _build_page_responses(self, encoding: str, body: bytes) -> tuple[Response, Response]:
        headers = [*self.headers, *self._get_validators(self._get_etag(encoding))]
        headers += [("Content-Length", str(len(body))), (CACHE_STATUS, HIT)]
        headers += [("Content-Encoding", encoding)] * bool(encoding)
        return Response(200, headers, body), Response(304, remove_body_headers(headers))

    def _get_validators(self, etag: str) -> Headers:
        return [("ETag", etag), ("Last-Modified", self.last_modified_header)]

    def _get_etag(self, encoding: str) -> str:
        return f'{self.etag[:-1]}-{encoding}"' if encoding else self.etag

    def estimate_bytes(self) -> int:
        """Return about how many bytes of memory the entry takes."""
        return sum(map(len, self.bodies.values())) + 2_000

    def serialize(self) -> bytes:
        """Return the entry as the content of a file: a checksum, its fields as JSON, the bodies."""
        fields = asdict(self) | {"bodies": {name: len(body) for name, body in self.bodies.items()}}
        content = json.dumps(fields).encode() + b"\n" + b"".join(self.bodies.values())
        return FILE_HEADER + b"%08x\n" % zlib.crc32(content) + content

    @classmethod
    def deserialize(cls, data: bytes) -> "CachedResponse | None":
        """Return the entry that `serialize` wrote; None for other formats and damaged files."""
        start = len(FILE_HEADER) + 9
        if data[:start] != FILE_HEADER + b"%08x\n" % zlib.crc32(memoryview(data)[start:]):
            return None
        end = data.index(b"\n", start) + 1
        fields = json.loads(data[start:end])
        for name, length in fields["bodies"].items():
            fields["bodies"][name], end = data[end : end + length], end + length
        fields["headers"] = [(name, value) for name, value in fields["headers"]]
        for name in ("parameters", "flags", "redirected"):
            fields[name] = tuple(fields[name])
        return cls(**fields)


def remove_body_headers(headers: Headers) -> Headers:
    """Return `headers` without those that describe a body."""
    return [pair for pair in headers if pair[0] not in BODY_HEADERS]


def reason_not_cacheable(response: Response) -> str:
    """Return why a response that a view marked as cacheable must not be stored; "" if it may be.

    A shared cache must not store a response that depends on more than the URL (RFC 9111, 3).
    """
    vary = {name.strip() for name in response.get_header("vary").lower().split(",")}
    cache_control = response.get_header("cache-control").lower()
    if response.get_header("set-cookie"):
        return "it sets a cookie"
    if not vary <= {"", "accept-encoding"}:
        return f"it varies by {response.get_header('vary')}"
    if "public" not in cache_control or "no-store" in cache_control or "private" in cache_control:
        return f"its Cache-Control is “{cache_control}”"
    return "" if response.status == 200 else f"its status is {response.status}"
