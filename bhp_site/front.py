"""The front: granian's RSGI interface before Django (`docs/operations.md` draws a request's way).

A thread is held by Django alone, never by somebody's network: bodies are taken in before one is
asked for, and answers leave from granian's own loop. PEP 3333 is what Django sees of it.
"""

import asyncio
import contextlib
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import IO, Any

from django.conf import settings
from granian.rsgi import HTTPProtocol, Scope

from bhp_site.files.ranges import FilePart
from bhp_site.wsgi import application as django

logger = logging.getLogger(__name__)

# Bytes of a request or an answer that are kept in memory; what is longer is kept in a file.
SMALL = 256 * 1024
# Twice what a form accepts, so that the form itself can say what is wrong with a file too large.
LARGEST = 2 * max(settings.WAGTAILDOCS_MAX_BYTES, settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE)
# Bytes that all requests of this process together may wait with for their rest, or for a thread.
HELD = 8 * LARGEST
# Seconds without a byte after which a request is given up.
STALLED = 60
# Seconds that granian has to open a file made for one answer.
OPENED = 60
# Requests that may wait for a thread.
WAITING = 200
# Whatever lies here stays, so that granian may open it after Django has closed it.
LASTING = tuple(f"{root}{os.sep}" for root in (settings.MEDIA_ROOT, settings.STATIC_ROOT))

Headers = list[tuple[str, str]]


@dataclass
class Answer:
    """What goes back: bytes, or where `path` is set a file, or where `span` is its part.

    A span's end is exclusive. What is `fleeting` is a file made for this answer alone.
    """

    status: int
    headers: Headers = field(default_factory=list)
    body: bytes | None = None
    path: str = ""
    span: tuple[int, int] | None = None
    fleeting: bool = False

    def send(self, protocol: HTTPProtocol) -> None:
        if self.body is not None:
            protocol.response_bytes(self.status, self.headers, self.body)
        elif not self.path:
            protocol.response_empty(self.status, self.headers)
        elif self.span:
            protocol.response_file_range(self.status, self.headers, self.path, *self.span)
        else:
            protocol.response_file(self.status, self.headers, self.path)
        if self.fleeting:
            asyncio.get_running_loop().call_later(OPENED, discard, self.path)


class Refused(Exception):
    """A request that Django is not asked about: `status`, and what to say."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status

    def answer(self) -> Answer:
        body = f"{self}\n".encode()
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")]
        headers += [("Retry-After", "5")] if self.status == 503 else []
        return Answer(self.status, headers, body)


class FileWrapper:
    """`wsgi.file_wrapper`: every file that a Django `FileResponse` sends comes through here."""

    def __init__(self, file: Any, block_size: int = 0) -> None:
        self.file = file

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.file.read(SMALL), b"")

    def close(self) -> None:
        self.file.close()

    def place(self) -> tuple[str, int, int, int] | None:
        """Path, size, first byte and end (exclusive) of what is sent; None where it has no path."""
        part = self.file if isinstance(self.file, FilePart) else None
        whole = part.file if part else self.file
        try:
            # The name of a model's file is relative; it knows its path beside.
            path, there = getattr(whole, "path", whole.name), os.fstat(whole.fileno())
            if not (path.startswith(LASTING) and os.path.samestat(os.stat(path), there)):
                return None
            start = part.offset if part else whole.tell()
        except (AttributeError, NotImplementedError, OSError):
            return None
        end = start + part.length if part else there.st_size
        return (path, there.st_size, start, end) if start < end else None


class Front:
    """A granian RSGI application before a WSGI `application` that runs on so many `threads`."""

    def __init__(self, application: Callable[..., Any], threads: int) -> None:
        self.application = application
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="django")
        self.room = threads + WAITING
        self.running = self.held = 0

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        try:
            answer = await self.answer(scope, protocol)
        except Refused as refusal:
            answer = refusal.answer()
        except Exception:
            logger.exception("No answer to %s %s", scope.method, scope.path)
            answer = Refused(500, "The server has failed.").answer()
        answer.send(protocol)

    async def answer(self, scope: Scope, protocol: HTTPProtocol) -> Answer:
        """Django's answer, or a failure; raises Refused."""
        environ = environment(scope)
        length = int(environ["CONTENT_LENGTH"])
        if "HTTP_TRANSFER_ENCODING" in environ:
            raise Refused(411, "Say the length of what is sent.")
        if length > LARGEST:
            raise Refused(413, f"No more than {LARGEST:,} bytes are taken.")
        taken = 0
        with tempfile.SpooledTemporaryFile(SMALL, dir=settings.SPOOL_DIR) as body:
            try:
                while taken < length:
                    chunk = await next_chunk(protocol)
                    taken, self.held = taken + len(chunk), self.held + len(chunk)
                    if self.held > HELD:
                        raise Refused(503, "Too much is being sent at this moment.")
                    body.write(chunk)
                body.seek(0)
                environ["wsgi.input"] = body
                return await self.run(environ)
            finally:
                self.held -= taken

    async def run(self, environ: dict[str, Any]) -> Answer:
        """Django's answer, as soon as a thread has time for it."""
        if self.running >= self.room:
            raise Refused(503, "Too many are waiting at this moment.")
        self.running += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self.pool, self.run_in_thread, environ)
        finally:
            self.running -= 1

    def run_in_thread(self, environ: dict[str, Any]) -> Answer:
        """The whole of a WSGI request; `close()` too, for it puts back this thread's database."""
        started: list[Any] = []

        def start_response(status: str, headers: Headers, exc_info: Any = None) -> None:
            started[:] = int(status.split(" ")[0]), headers

        result = self.application(environ, start_response)
        try:
            return complete(environ["REQUEST_METHOD"], *started, result)
        finally:
            if hasattr(result, "close"):
                result.close()


async def next_chunk(protocol: HTTPProtocol) -> bytes:
    """What comes next of a body that is not complete; raises Refused where nothing comes."""
    try:
        async with asyncio.timeout(STALLED):
            chunk = await anext(protocol.__aiter__(), b"")
    except TimeoutError:
        raise Refused(408, "Nothing has come for too long.") from None
    if not chunk:
        # The client is gone: nobody reads this, and nothing is run.
        raise Refused(400, "The request has ended before its end.")
    return chunk


def environment(scope: Scope) -> dict[str, Any]:
    """The request as PEP 3333 has it, `wsgi.input` apart.

    granian gives no header whose value is not ASCII: to Django it was not sent.
    """
    server, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {}
    for name, value in scope.headers.items():
        # X_Forwarded_Proto would become the same variable as X-Forwarded-Proto, past any proxy.
        if "_" not in name:
            key = f"HTTP_{name.upper().replace('-', '_')}"
            between = "; " if name == "cookie" else ","
            environ[key] = f"{environ[key]}{between}{value}" if key in environ else value
    environ.pop("HTTP_CONTENT_LENGTH", None)
    return environ | {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "CONTENT_TYPE": environ.pop("HTTP_CONTENT_TYPE", ""),
        # hyper has refused what is not one number, but names it as often as it came.
        "CONTENT_LENGTH": scope.headers.get("content-length", "0"),
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": "HTTP/1.0" if scope.http_version == "1" else "HTTP/1.1",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
    }


def complete(method: str, status: int, headers: Headers, result: Iterable[bytes]) -> Answer:
    """What Django has begun with `status` and `headers`, with its body where there is to be one."""
    if status < 200:
        raise ValueError(f"{status} is no final answer")
    # Wagtail's own view of documents sends the first.
    sent = [pair for pair in headers if pair not in (("Content-Encoding", "None"),)]
    sent = [(name, on_the_wire(value)) for name, value in sent]
    if method == "HEAD":
        return Answer(status, sent)
    sent = [(name, value) for name, value in sent if name.lower() != "content-length"]
    if status in (204, 304):
        return Answer(status, sent)
    if isinstance(result, FileWrapper) and (place := result.place()):
        path, size, start, end = place
        sent.append(("Content-Length", str(end - start)))
        span = None if (start, end) == (0, size) else (start, end)
        return Answer(status, sent, path=path, span=span)
    kept, length = keep(result)
    sent.append(("Content-Length", str(length)))
    if isinstance(kept, bytes):
        return Answer(status, sent, kept)
    return Answer(status, sent, path=kept, fleeting=True)


def on_the_wire(value: str) -> str:
    """A header's text, which granian writes as UTF-8; its characters stand for bytes (PEP 3333)."""
    try:
        return value.strip().encode("latin-1").decode()
    except UnicodeError:
        return value.strip()


def keep(chunks: Iterable[bytes]) -> tuple[bytes | str, int]:
    """The bytes of `chunks`, or where they are many the path of a new file; and their number.

    granian's own stream would take in memory whatever a slow client has not taken yet.
    """
    begun, rest = bytearray(), iter(chunks)
    for chunk in rest:
        begun += chunk
        if len(begun) > SMALL:
            break
    else:
        return bytes(begun), len(begun)
    handle, path = tempfile.mkstemp(dir=settings.SPOOL_DIR)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(begun)
            file.writelines(rest)
            return path, file.tell()
    except BaseException:
        discard(path)
        raise


def discard(path: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


application = Front(django, settings.THREADS)
