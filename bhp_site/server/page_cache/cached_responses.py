"""An answer that everybody may be given, kept: with its validators, in every content coding."""

import json
import os
import time
import zlib
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from django.utils.http import http_date, parse_etags, parse_http_date_safe

from bhp_site.core.storing import Storable, normalise_query
from bhp_site.files.byte_ranges import RangeNotSatisfiable, get_requested_span

from ..responses import Headers, Response
from .content_encoding import encode_body, get_accepted_encodings

# What belongs to one coding, or to the one answer it was taken from.
EXCLUDED_HEADERS = {"content-length", "content-encoding", "etag", "last-modified", "date"}
# What “not modified” leaves out.
BODY_HEADERS = {"Content-Length", "Content-Encoding", "Content-Type"}
# How it is told where an answer comes from (RFC 9211).
STATUS = "Cache-Status"
HIT, STORED, COLLAPSED = "bhp; hit", "bhp; fwd=miss; stored", "bhp; fwd=miss; collapsed"
STALE = 'bhp; hit; ttl=-1; detail="last cached"'
MAGIC = b"bhp cached 2\n"


class RequestHeaders(Protocol):
    """Headers of a request, by names in lower case."""

    def get(self, name: str) -> str | None: ...
    def __contains__(self, name: str) -> bool: ...


@dataclass
class CachedResponse:
    """An answer (200) of `generation`, good until a moment in Unix time.

    `modified` is in Unix time too; `etag` is quoted, without its coding; `bodies` are by coding.
    A file has a `path` and a `size` instead, and a `version` where downloads are counted.
    """

    cache_version: int
    expires_at: float
    headers: Headers
    etag: str
    last_modified: int
    bodies: dict[str, bytes] = field(default_factory=dict)
    parameters: tuple[str, ...] = ()
    redirected: tuple[str, ...] = ()
    document_version_id: int = 0
    path: str = ""
    size: int = 0

    def __post_init__(self) -> None:
        self.redirected_queries = frozenset(self.redirected)
        self.last_used = 0.0
        self.date = http_date(self.last_modified)
        self.etags = {coding: self._build_etag(coding) for coding in self.bodies}
        # The page in each coding, and what is said to whoever has it.
        self.responses = {
            name: self._build_full_responses(name, body) for name, body in self.bodies.items()
        }

    @classmethod
    def from_response(
        cls,
        answer: Response,
        said: Storable,
        cache_version: int,
        expires_at: float,
        before: "CachedResponse | None",
    ) -> "CachedResponse":
        """A cached of a storable `answer`, no newer than `before` where that was the same."""
        headers = [pair for pair in answer.headers if pair[0].lower() not in EXCLUDED_HEADERS]
        known: Any = {
            "parameters": said.parameters,
            "document_version_id": said.version,
            "redirected": said.redirected,
        }
        if answer.path and not answer.temporary:
            modified = parse_http_date_safe(answer.get_header("last-modified")) or 0
            known |= {"path": answer.path, "size": answer.byte_range[1]}
            return cls(
                cache_version, expires_at, headers, answer.get_header("etag"), modified, **known
            )
        body = Path(answer.path).read_bytes() if answer.path else answer.body or b""
        etag = f'"{sha256(body).hexdigest()[:32]}"'
        modified = before.last_modified if before and before.etag == etag else int(time.time())
        known["bodies"] = encode_body(body, answer.get_header("content-type"))
        return cls(cache_version, expires_at, headers, etag, modified, **known)

    def is_redirected(self, query: str) -> bool:
        """Return whether this `query` at its address leads elsewhere, which only Django knows."""
        return bool(self.redirected) and normalise_query(query) in self.redirected_queries

    def build_response(
        self, method: str, sent: RequestHeaders, status: str = HIT
    ) -> Response | None:
        """What a GET or HEAD with the headers `sent` gets; None for what only Django knows."""
        # Preconditions that only an upload has a use for.
        if "if-match" in sent or "if-unmodified-since" in sent:
            return None
        found = self._build_file_response(sent) if self.path else self._build_page_response(sent)
        if found is None or (status == HIT and method == "GET"):
            return found
        headers = [(n, status if n == STATUS else v) for n, v in found.headers]
        if method == "HEAD":
            return Response(found.status, headers)
        return Response(found.status, headers, found.body, found.path, found.byte_range)

    def _build_page_response(self, sent: RequestHeaders) -> Response:
        # The last one, no coding at all, is always there.
        for coding in get_accepted_encodings(sent.get("accept-encoding") or ""):
            if coding in self.responses:
                break
        ready, unchanged = self.responses[coding]
        return unchanged if self._is_not_modified(sent, self.etags[coding]) else ready

    def _build_file_response(self, sent: RequestHeaders) -> Response | None:
        """The file, or the part of it that is asked for; None where it is there no longer."""
        try:
            if os.stat(self.path).st_size != self.size:
                return None
        except OSError:
            return None
        headers = [*self.headers, ("ETag", self.etag), ("Last-Modified", self.date), (STATUS, HIT)]
        if self._is_not_modified(sent, self.etag):
            return Response(304, remove_body_headers(headers))
        try:
            span = get_requested_span(sent, self.etag, self.date, self.size)
        except RangeNotSatisfiable:
            headers += [("Content-Range", f"bytes */{self.size}"), ("Content-Length", "0")]
            return Response(416, headers, b"")
        first, end = span or (0, self.size)
        headers.append(("Content-Length", str(end - first)))
        if span:
            headers.append(("Content-Range", f"bytes {first}-{end - 1}/{self.size}"))
        return Response(206 if span else 200, headers, path=self.path, byte_range=(first, end))

    def _is_not_modified(self, sent: RequestHeaders, etag: str) -> bool:
        """Whether the visitor has it already (RFC 9110, 13.1.2 and 13.1.3)."""
        if (tags := sent.get("if-none-match")) is not None:
            if tags == etag:
                return True
            known = [tag.removeprefix("W/") for tag in parse_etags(tags)]
            return etag in known or known == ["*"]
        if (date := sent.get("if-modified-since")) is None:
            return False
        since = parse_http_date_safe(date)
        return since is not None and self.last_modified <= since

    def _build_full_responses(self, coding: str, body: bytes) -> tuple[Response, Response]:
        headers = [*self.headers, ("ETag", self._build_etag(coding)), ("Last-Modified", self.date)]
        headers += [("Content-Length", str(len(body))), (STATUS, HIT)]
        headers += [("Content-Encoding", coding)] * bool(coding)
        return Response(200, headers, body), Response(304, remove_body_headers(headers))

    def _build_etag(self, coding: str) -> str:
        return f'{self.etag[:-1]}-{coding}"' if coding else self.etag

    def estimate_bytes(self) -> int:
        """Bytes it takes in memory, roughly."""
        return sum(map(len, self.bodies.values())) + 2_000

    def serialize(self) -> bytes:
        """As a file: what it is as JSON, then the bodies one after the other."""
        about = asdict(self) | {"bodies": {name: len(body) for name, body in self.bodies.items()}}
        content = json.dumps(about).encode() + b"\n" + b"".join(self.bodies.values())
        return MAGIC + b"%08x\n" % zlib.crc32(content) + content

    @classmethod
    def deserialize(cls, data: bytes) -> "CachedResponse | None":
        """From such a file; None where it is another's, or damaged."""
        start = len(MAGIC) + 9
        if data[:start] != MAGIC + b"%08x\n" % zlib.crc32(memoryview(data)[start:]):
            return None
        end = data.index(b"\n", start) + 1
        about = json.loads(data[start:end])
        for name, length in about["bodies"].items():
            about["bodies"][name], end = data[end : end + length], end + length
        about["headers"] = [(name, value) for name, value in about["headers"]]
        about["parameters"] = tuple(about["parameters"])
        about["redirected"] = tuple(about["redirected"])
        return cls(**about)


def remove_body_headers(headers: Headers) -> Headers:
    return [pair for pair in headers if pair[0] not in BODY_HEADERS]


def reason_not_cacheable(answer: Response) -> str:
    """Why an `answer` that a view called storable must not be kept; "" where it may be."""
    vary = {name.strip() for name in answer.get_header("vary").lower().split(",")}
    control = answer.get_header("cache-control").lower()
    if answer.get_header("set-cookie"):
        return "it sets a cookie"
    if not vary <= {"", "accept-encoding"}:
        return f"it varies by {answer.get_header('vary')}"
    if "public" not in control or "no-store" in control or "private" in control:
        return f"its Cache-Control is “{control}”"
    return "" if answer.status == 200 else f"its status is {answer.status}"
