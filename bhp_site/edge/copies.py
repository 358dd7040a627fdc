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
from bhp_site.files.byte_ranges import NotSatisfiable, span_asked_for

from .answers import Answer, Headers
from .codings import accepted, coded

# What belongs to one coding, or to the one answer it was taken from.
OWN = {"content-length", "content-encoding", "etag", "last-modified", "date"}
# What “not modified” leaves out.
OF_THE_BODY = {"Content-Length", "Content-Encoding", "Content-Type"}
# How it is told where an answer comes from (RFC 9211).
STATUS = "Cache-Status"
HIT, STORED, COLLAPSED = "bhp; hit", "bhp; fwd=miss; stored", "bhp; fwd=miss; collapsed"
LAST = 'bhp; hit; ttl=-1; detail="last copy"'
MAGIC = b"bhp copy 2\n"


class Sent(Protocol):
    """Headers of a request, by names in lower case."""

    def get(self, name: str) -> str | None: ...
    def __contains__(self, name: str) -> bool: ...


@dataclass
class Copy:
    """An answer (200) of `generation`, good until a moment in Unix time.

    `modified` is in Unix time too; `etag` is quoted, without its coding; `bodies` are by coding.
    A file has a `path` and a `size` instead, and a `version` where downloads are counted.
    """

    generation: int
    until: float
    headers: Headers
    etag: str
    modified: int
    bodies: dict[str, bytes] = field(default_factory=dict)
    parameters: tuple[str, ...] = ()
    redirected: tuple[str, ...] = ()
    version: int = 0
    path: str = ""
    size: int = 0

    def __post_init__(self) -> None:
        self.redirected_queries = frozenset(self.redirected)
        self.used = 0.0
        self.date = http_date(self.modified)
        self.tags = {coding: self._etag(coding) for coding in self.bodies}
        # The page in each coding, and what is said to whoever has it.
        self.ready = {name: self._whole(name, body) for name, body in self.bodies.items()}

    @classmethod
    def of(
        cls, answer: Answer, said: Storable, generation: int, until: float, before: "Copy | None"
    ) -> "Copy":
        """A copy of a storable `answer`, no newer than `before` where that was the same."""
        headers = [pair for pair in answer.headers if pair[0].lower() not in OWN]
        known: Any = {
            "parameters": said.parameters,
            "version": said.version,
            "redirected": said.redirected,
        }
        if answer.path and not answer.fleeting:
            modified = parse_http_date_safe(answer.first("last-modified")) or 0
            known |= {"path": answer.path, "size": answer.span[1]}
            return cls(generation, until, headers, answer.first("etag"), modified, **known)
        body = Path(answer.path).read_bytes() if answer.path else answer.body or b""
        etag = f'"{sha256(body).hexdigest()[:32]}"'
        modified = before.modified if before and before.etag == etag else int(time.time())
        known["bodies"] = coded(body, answer.first("content-type"))
        return cls(generation, until, headers, etag, modified, **known)

    def redirects(self, query: str) -> bool:
        """Return whether this `query` at its address leads elsewhere, which only Django knows."""
        return bool(self.redirected) and normalise_query(query) in self.redirected_queries

    def answer(self, method: str, sent: Sent, status: str = HIT) -> Answer | None:
        """What a GET or HEAD with the headers `sent` gets; None for what only Django knows."""
        # Preconditions that only an upload has a use for.
        if "if-match" in sent or "if-unmodified-since" in sent:
            return None
        found = self._part(sent) if self.path else self._page(sent)
        if found is None or (status == HIT and method == "GET"):
            return found
        headers = [(n, status if n == STATUS else v) for n, v in found.headers]
        if method == "HEAD":
            return Answer(found.status, headers)
        return Answer(found.status, headers, found.body, found.path, found.span)

    def _page(self, sent: Sent) -> Answer:
        # The last one, no coding at all, is always there.
        for coding in accepted(sent.get("accept-encoding") or ""):
            if coding in self.ready:
                break
        ready, unchanged = self.ready[coding]
        return unchanged if self._has(sent, self.tags[coding]) else ready

    def _part(self, sent: Sent) -> Answer | None:
        """The file, or the part of it that is asked for; None where it is there no longer."""
        try:
            if os.stat(self.path).st_size != self.size:
                return None
        except OSError:
            return None
        headers = [*self.headers, ("ETag", self.etag), ("Last-Modified", self.date), (STATUS, HIT)]
        if self._has(sent, self.etag):
            return Answer(304, without_body(headers))
        try:
            span = span_asked_for(sent, self.etag, self.date, self.size)
        except NotSatisfiable:
            headers += [("Content-Range", f"bytes */{self.size}"), ("Content-Length", "0")]
            return Answer(416, headers, b"")
        first, end = span or (0, self.size)
        headers.append(("Content-Length", str(end - first)))
        if span:
            headers.append(("Content-Range", f"bytes {first}-{end - 1}/{self.size}"))
        return Answer(206 if span else 200, headers, path=self.path, span=(first, end))

    def _has(self, sent: Sent, etag: str) -> bool:
        """Whether the visitor has it already (RFC 9110, 13.1.2 and 13.1.3)."""
        if (tags := sent.get("if-none-match")) is not None:
            if tags == etag:
                return True
            known = [tag.removeprefix("W/") for tag in parse_etags(tags)]
            return etag in known or known == ["*"]
        if (date := sent.get("if-modified-since")) is None:
            return False
        since = parse_http_date_safe(date)
        return since is not None and self.modified <= since

    def _whole(self, coding: str, body: bytes) -> tuple[Answer, Answer]:
        headers = [*self.headers, ("ETag", self._etag(coding)), ("Last-Modified", self.date)]
        headers += [("Content-Length", str(len(body))), (STATUS, HIT)]
        headers += [("Content-Encoding", coding)] * bool(coding)
        return Answer(200, headers, body), Answer(304, without_body(headers))

    def _etag(self, coding: str) -> str:
        return f'{self.etag[:-1]}-{coding}"' if coding else self.etag

    def weight(self) -> int:
        """Bytes it takes in memory, roughly."""
        return sum(map(len, self.bodies.values())) + 2_000

    def dump(self) -> bytes:
        """As a file: what it is as JSON, then the bodies one after the other."""
        about = asdict(self) | {"bodies": {name: len(body) for name, body in self.bodies.items()}}
        content = json.dumps(about).encode() + b"\n" + b"".join(self.bodies.values())
        return MAGIC + b"%08x\n" % zlib.crc32(content) + content

    @classmethod
    def load(cls, data: bytes) -> "Copy | None":
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


def without_body(headers: Headers) -> Headers:
    return [pair for pair in headers if pair[0] not in OF_THE_BODY]


def objection(answer: Answer) -> str:
    """Why an `answer` that a view called storable must not be kept; "" where it may be."""
    vary = {name.strip() for name in answer.first("vary").lower().split(",")}
    control = answer.first("cache-control").lower()
    if answer.first("set-cookie"):
        return "it sets a cookie"
    if not vary <= {"", "accept-encoding"}:
        return f"it varies by {answer.first('vary')}"
    if "public" not in control or "no-store" in control or "private" in control:
        return f"its Cache-Control is “{control}”"
    return "" if answer.status == 200 else f"its status is {answer.status}"
