"""The front: granian's RSGI interface before Django (`docs/operations.md` draws a request's way).

A thread is held by Django alone, never by somebody's network: bodies are taken in before one is
asked for, and answers leave from granian's own loop. PEP 3333 is what Django sees of it.
"""

import asyncio
import contextlib
import gc
import logging
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from wsgiref.util import FileWrapper

from django.conf import settings
from granian.rsgi import HTTPProtocol, Scope

from bhp_site.wsgi import application as django

# The line above has set Django up, which the others need.
# isort: split
from bhp_site.core.generation import generation
from bhp_site.core.metrics import count_kept
from bhp_site.edge.answers import Answer, Headers
from bhp_site.edge.edge import Edge
from bhp_site.edge.environments import environment as environ_of
from bhp_site.edge.handover import begin_at_once, the_loop
from bhp_site.edge.static import Static
from bhp_site.edge.store import Store
from bhp_site.files.accel import naming
from bhp_site.files.byte_ranges import place

logger = logging.getLogger(__name__)

# Bytes of a request or an answer that are kept in memory; what is longer is kept in a file.
SMALL = 256 * 1024
# Twice what a form accepts, so that the form itself can say what is wrong with a file too large.
LARGEST = 2 * max(settings.WAGTAILDOCS_MAX_BYTES, settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE)
# Bytes of all requests together that have not been answered yet.
HELD = 8 * LARGEST
# Seconds without a byte after which a request is given up.
STALLED = 60
# Requests that may wait for a thread.
WAITING = 200
# Seconds after the start by which all code is loaded.
LOADED = 60
# What lies here outlasts an answer: granian opens it after Django has closed it.
LASTING = (settings.MEDIA_ROOT, settings.STATIC_ROOT)


class Refused(Exception):
    """A request that Django does not answer: a status, and why in a sentence."""

    def answer(self) -> Answer:
        status, reason = self.args
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")]
        headers += [("Retry-After", "5")] * (status == 503)
        return Answer(status, headers, f"{reason}\n".encode())


class Front:
    """An RSGI application before a WSGI `application`, which runs on so many `threads`."""

    def __init__(self, application: Callable[..., Any], threads: int) -> None:
        self.application = application
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="django")
        self.room = threads + WAITING
        self.running = self.held = 0
        store = Store(settings.DATA_DIR / "edge", settings.EDGE_MEMORY, settings.EDGE_DISK)
        self.edge = Edge(store, generation, self.run, self.pool)
        self.static = Static()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        # Whoever ran before may have been killed between a change and telling of it.
        generation.restart()
        take_turns()
        begin_at_once(loop)
        self.keeping_up = loop.create_task(self.edge.keep_up())
        loop.call_later(LOADED, leave_what_is_loaded)

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        try:
            kept = self.edge.at_once(scope)
            if kept is None:
                await the_loop()
                kept = await self.kept(scope)
            if kept:
                count_kept(kept.status)
            answer = kept or await self.answer(scope, protocol)
        except Refused as refusal:
            answer = refusal.answer()
        except Exception:
            logger.exception("No answer to %s %s", scope.method, scope.path)
            answer = Refused(500, "The server has failed.").answer()
        if answer.path and (headers := naming(answer.path, answer.headers)):
            answer = Answer(200, headers, b"")
        answer.send(protocol)

    async def kept(self, scope: Scope) -> Answer | None:
        """The answer to everybody, where there is one; its faults are no reason for none at all."""
        try:
            return self.static.answer(scope) or await self.edge.answer(scope)
        except Exception:
            logger.exception("Nothing kept for %s %s", scope.method, scope.path)
            return None

    async def answer(self, scope: Scope, protocol: HTTPProtocol) -> Answer:
        """Django's answer to a request that has come whole; raises Refused."""
        environ = environment(scope)
        length, taken = int(environ["CONTENT_LENGTH"]), 0
        if "HTTP_TRANSFER_ENCODING" in environ:
            # granian ends a broken-off body like a whole one: only its length tells them apart.
            raise Refused(411, "Say the length of what is sent.")
        if length > LARGEST:
            raise Refused(413, f"No more than {LARGEST:,} bytes are taken.")
        with tempfile.SpooledTemporaryFile(SMALL, dir=str(settings.SPOOL_DIR)) as body:
            try:
                chunks: Any = aiter(protocol) if length else None
                while taken < length:
                    chunk = await next_chunk(chunks)
                    taken, self.held = taken + len(chunk), self.held + len(chunk)
                    if self.held > HELD:
                        raise Refused(503, "Too much is being sent at this moment.")
                    body.write(chunk)
                body.seek(0)
                return await self.run(environ | {"wsgi.input": body})
            finally:
                self.held -= taken

    async def run(self, environ: dict[str, Any]) -> Answer:
        """Django's answer, as soon as a thread has time for it; raises Refused."""
        if self.running >= self.room:
            raise Refused(503, "Too many are waiting at this moment.")
        self.running += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self.pool, self.run_in_thread, environ)
        finally:
            self.running -= 1

    def run_in_thread(self, environ: dict[str, Any]) -> Answer:
        """A WSGI request as a whole; `close()` too, for it puts back this thread's database."""
        status, headers = 0, Headers()

        def start_response(line: str, pairs: Headers, exc_info: Any = None) -> None:
            nonlocal status, headers
            status, headers = int(line[:3]), pairs

        result = self.application(environ, start_response)
        try:
            return complete(environ["REQUEST_METHOD"], status, headers, result)
        finally:
            if hasattr(result, "close"):
                result.close()


def take_turns() -> None:
    """Let a thread of this process end its work before another that it has woken begins.

    Where cores are few, granian's thread then hands over several requests at once and fewer
    switches are paid for: 8 % more pages a second (sched(7), SCHED_BATCH; Linux alone).
    """
    # A system may have no such thing, a container may refuse it: the site is the same without.
    with contextlib.suppress(AttributeError, OSError):
        for thread in os.listdir("/proc/self/task"):
            os.sched_setscheduler(int(thread), os.SCHED_BATCH, os.sched_param(0))


def leave_what_is_loaded() -> None:
    """Have the collector of garbage pass over what stays until the end anyway.

    To look through all of Django and Wagtail takes it a tenth of a second, in the midst of a
    request.
    """
    gc.collect()
    gc.freeze()


async def next_chunk(chunks: AsyncIterator[bytes]) -> bytes:
    """The next bytes of a body that is not complete; raises Refused where none come."""
    try:
        async with asyncio.timeout(STALLED):
            if chunk := await anext(chunks):
                return chunk
    except TimeoutError:
        raise Refused(408, "Nothing has come for too long.") from None
    # The visitor has left; nobody reads this.
    raise Refused(400, "The request has broken off.")


def environment(scope: Scope) -> dict[str, Any]:
    """The request as PEP 3333 has it, but for its body.

    granian gives no header whose value is not ASCII: to Django it was not sent.
    """
    sent: dict[str, str] = {}
    for name, value in scope.headers.items():
        # X_Forwarded_Proto would pass for X-Forwarded-Proto, and past any proxy.
        if "_" not in name:
            between = "; " if name == "cookie" else ","
            sent[name] = f"{sent[name]}{between}{value}" if name in sent else value
    server, _, port = scope.server.rpartition(":")
    return environ_of(
        scope.method,
        scope.path,
        scope.query_string,
        sent,
        (server.strip("[]"), port),
        scope.client.rpartition(":")[0].strip("[]"),
        scope.scheme,
        "1.0" if scope.http_version == "1" else "1.1",
    )


def complete(method: str, status: int, headers: Headers, result: Iterable[bytes]) -> Answer:
    """What began with `status` and `headers`, with its body where there is to be one."""
    if status < 200:
        raise ValueError(f"{status} is no final answer")
    # granian writes UTF-8; to WSGI a character is a byte. Wagtail's view of files says “None”.
    headers = [
        (name, value.strip().encode("latin-1").decode(errors="replace"))
        for name, value in headers
        if (name, value) != ("Content-Encoding", "None")
    ]
    if method == "HEAD":
        return Answer(status, headers)
    headers = [pair for pair in headers if pair[0].lower() != "content-length"]
    if status in (204, 304):
        return Answer(status, headers)
    if isinstance(result, FileWrapper) and (found := place(result.filelike, LASTING)):
        path, start, end = found
        headers.append(("Content-Length", str(end - start)))
        return Answer(status, headers, path=path, span=(start, end))
    return generated(status, headers, iter(result))


def generated(status: int, headers: Headers, chunks: Iterator[bytes]) -> Answer:
    """All of `chunks`: in memory, or where they are many in a file.

    granian's own stream keeps in memory whatever a slow reader has not taken.
    """
    begun = bytearray()
    for chunk in chunks:
        begun += chunk
        if len(begun) > SMALL:
            break
    else:
        return Answer(status, [*headers, ("Content-Length", str(len(begun)))], bytes(begun))
    handle, path = tempfile.mkstemp(dir=settings.SPOOL_DIR)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(begun)
            file.writelines(chunks)
            length = file.tell()
    except BaseException:
        os.unlink(path)
        raise
    headers.append(("Content-Length", str(length)))
    return Answer(status, headers, path=path, span=(0, length), fleeting=True)


application = Front(django, settings.THREADS)
