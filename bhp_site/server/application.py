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
from bhp_site.files.byte_ranges import get_file_path_and_span
from bhp_site.server.event_loop import run_first_step_in_calling_thread, run_in_event_loop
from bhp_site.server.page_cache.cache import PageCache
from bhp_site.server.page_cache.store import CacheStore
from bhp_site.server.responses import Headers, Response
from bhp_site.server.static_files import StaticFiles
from bhp_site.server.wsgi_environ import build_environ

logger = logging.getLogger(__name__)

# Bytes of a request or an answer that are kept in memory; what is longer is kept in a file.
MAX_BODY_IN_MEMORY_BYTES = 256 * 1024
# Twice what a form accepts, so that the form itself can say what is wrong with a file too large.
MAX_BODY_BYTES = 2 * max(settings.WAGTAILDOCS_MAX_BYTES, settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE)
# Bytes of all requests together that have not been answered yet.
MAX_PENDING_BYTES = 8 * MAX_BODY_BYTES
# Seconds without a byte after which a request is given up.
READ_TIMEOUT_SECONDS = 60
# Requests that may wait for a thread.
MAX_QUEUED_REQUESTS = 200
# Seconds after the start by which all code is loaded.
GC_FREEZE_DELAY_SECONDS = 60
# What lies here outlasts an answer: granian opens it after Django has closed it.
PERMANENT_FOLDERS = (settings.MEDIA_ROOT, settings.STATIC_ROOT)


class RequestRefused(Exception):
    """A request that Django does not answer: a status, and why in a sentence."""

    def build_response(self) -> Response:
        status, reason = self.args
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")]
        headers += [("Retry-After", "5")] * (status == 503)
        return Response(status, headers, f"{reason}\n".encode())


class SiteApplication:
    """An RSGI application before a WSGI `application`, which runs on so many `threads`."""

    def __init__(self, application: Callable[..., Any], threads: int) -> None:
        self.application = application
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="django")
        self.max_running = threads + MAX_QUEUED_REQUESTS
        self.running = self.pending_bytes = 0
        store = CacheStore(
            settings.DATA_DIR / "page_cache",
            settings.PAGE_CACHE_MEMORY_BYTES,
            settings.PAGE_CACHE_DISK_BYTES,
        )
        self.page_cache = PageCache(store, generation, self.run_in_pool, self.pool)
        self.static_files = StaticFiles()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        # Whoever ran before may have been killed between a change and telling of it.
        generation.restart()
        set_batch_scheduling()
        run_first_step_in_calling_thread(loop)
        self.refresh_task = loop.create_task(self.page_cache.run_refresh_loop())
        loop.call_later(GC_FREEZE_DELAY_SECONDS, freeze_gc)

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        try:
            kept = self.page_cache.get_fresh(scope)
            if kept is None:
                await run_in_event_loop()
                kept = await self.get_public_response(scope)
            if kept:
                count_kept(kept.status)
            answer = kept or await self.read_and_run(scope, protocol)
        except RequestRefused as refusal:
            answer = refusal.build_response()
        except Exception:
            logger.exception("No answer to %s %s", scope.method, scope.path)
            answer = RequestRefused(500, "The server has failed.").build_response()
        answer.send(protocol)

    async def get_public_response(self, scope: Scope) -> Response | None:
        """The answer to everybody, where there is one; its faults are no reason for none at all."""
        try:
            return self.static_files.get_response(scope) or await self.page_cache.get_response(
                scope
            )
        except Exception:
            logger.exception("Nothing kept for %s %s", scope.method, scope.path)
            return None

    async def read_and_run(self, scope: Scope, protocol: HTTPProtocol) -> Response:
        """Django's answer to a request that has come whole; raises RequestRefused."""
        environ = build_environ_from_scope(scope)
        length, taken = int(environ["CONTENT_LENGTH"]), 0
        if "HTTP_TRANSFER_ENCODING" in environ:
            # granian ends a broken-off body like a whole one: only its length tells them apart.
            raise RequestRefused(411, "Say the length of what is sent.")
        if length > MAX_BODY_BYTES:
            raise RequestRefused(413, f"No more than {MAX_BODY_BYTES:,} bytes are taken.")
        with tempfile.SpooledTemporaryFile(
            MAX_BODY_IN_MEMORY_BYTES, dir=str(settings.SPOOL_DIR)
        ) as body:
            try:
                chunks: Any = aiter(protocol) if length else None
                while taken < length:
                    chunk = await read_chunk(chunks)
                    taken, self.pending_bytes = taken + len(chunk), self.pending_bytes + len(chunk)
                    if self.pending_bytes > MAX_PENDING_BYTES:
                        raise RequestRefused(503, "Too much is being sent at this moment.")
                    body.write(chunk)
                body.seek(0)
                return await self.run_in_pool(environ | {"wsgi.input": body})
            finally:
                self.pending_bytes -= taken

    async def run_in_pool(self, environ: dict[str, Any]) -> Response:
        """Django's answer, as soon as a thread has time for it; raises RequestRefused."""
        if self.running >= self.max_running:
            raise RequestRefused(503, "Too many are waiting at this moment.")
        self.running += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self.pool, self.run_wsgi, environ)
        finally:
            self.running -= 1

    def run_wsgi(self, environ: dict[str, Any]) -> Response:
        """A WSGI request as a whole; `close()` too, for it puts back this thread's database."""
        status, headers = 0, Headers()

        def start_response(line: str, pairs: Headers, exc_info: Any = None) -> None:
            nonlocal status, headers
            status, headers = int(line[:3]), pairs

        result = self.application(environ, start_response)
        try:
            return build_response(environ["REQUEST_METHOD"], status, headers, result)
        finally:
            if hasattr(result, "close"):
                result.close()


def set_batch_scheduling() -> None:
    """Let a thread of this process end its work before another that it has woken begins.

    Where cores are few, granian's thread then hands over several requests at once and fewer
    switches are paid for: 8 % more pages a second (sched(7), SCHED_BATCH; Linux alone).
    """
    # A system may have no such thing, a container may refuse it: the site is the same without.
    with contextlib.suppress(AttributeError, OSError):
        for thread in os.listdir("/proc/self/task"):
            os.sched_setscheduler(int(thread), os.SCHED_BATCH, os.sched_param(0))


def freeze_gc() -> None:
    """Have the collector of garbage pass over what stays until the end anyway.

    To look through all of Django and Wagtail takes it a tenth of a second, in the midst of a
    request.
    """
    gc.collect()
    gc.freeze()


async def read_chunk(chunks: AsyncIterator[bytes]) -> bytes:
    """The next bytes of an incomplete body; raises RequestRefused where none come."""
    try:
        async with asyncio.timeout(READ_TIMEOUT_SECONDS):
            if chunk := await anext(chunks):
                return chunk
    except TimeoutError:
        raise RequestRefused(408, "Nothing has come for too long.") from None
    # The visitor has left; nobody reads this.
    raise RequestRefused(400, "The request has broken off.")


def build_environ_from_scope(scope: Scope) -> dict[str, Any]:
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
    return build_environ(
        scope.method,
        scope.path,
        scope.query_string,
        sent,
        (server.strip("[]"), port),
        scope.client.rpartition(":")[0].strip("[]"),
        scope.scheme,
        "1.0" if scope.http_version == "1" else "1.1",
    )


def build_response(method: str, status: int, headers: Headers, result: Iterable[bytes]) -> Response:
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
        return Response(status, headers)
    headers = [pair for pair in headers if pair[0].lower() != "content-length"]
    if status in (204, 304):
        return Response(status, headers)
    if isinstance(result, FileWrapper) and (
        found := get_file_path_and_span(result.filelike, PERMANENT_FOLDERS)
    ):
        path, start, end = found
        headers.append(("Content-Length", str(end - start)))
        return Response(status, headers, path=path, byte_range=(start, end))
    return spool_response(status, headers, iter(result))


def spool_response(status: int, headers: Headers, chunks: Iterator[bytes]) -> Response:
    """All of `chunks`: in memory, or where they are many in a file.

    granian's own stream keeps in memory whatever a slow reader has not taken.
    """
    begun = bytearray()
    for chunk in chunks:
        begun += chunk
        if len(begun) > MAX_BODY_IN_MEMORY_BYTES:
            break
    else:
        return Response(status, [*headers, ("Content-Length", str(len(begun)))], bytes(begun))
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
    return Response(status, headers, path=path, byte_range=(0, length), temporary=True)


application = SiteApplication(django, settings.THREADS)
