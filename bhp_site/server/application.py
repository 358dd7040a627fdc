"""The RSGI application in front of Django; docs/architecture.md has the path of a request.

Only Django runs in a thread. Nothing that depends on a client's network does: request bodies are
read completely before a thread is used, and granian sends responses from its own event loop.
"""

import asyncio
import gc
import logging
import tempfile
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from granian.rsgi import HTTPProtocol, Scope

from bhp_site.wsgi import application as django_application

# Importing `bhp_site.wsgi` sets Django up, which the following imports need.
# isort: split
from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.monitoring.metrics import count_cached_response

from .fast_path import run_in_event_loop
from .page_cache.cache import PageCache
from .page_cache.refresh import RefreshLoop
from .page_cache.store import CacheStore
from .responses import Response
from .static_files import StaticFiles
from .wsgi_environ import build_environ_from_scope
from .wsgi_runner import MAX_BODY_IN_MEMORY_BYTES, WSGIApplication, run_wsgi

logger = logging.getLogger(__name__)

# Twice what a form accepts, so that the form can explain that a file is too large.
MAX_BODY_BYTES = 2 * max(settings.WAGTAILDOCS_MAX_BYTES, settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE)
# All request bodies together that are being read or processed, in each worker.
MAX_PENDING_BYTES = 8 * MAX_BODY_BYTES
READ_TIMEOUT_SECONDS = 60
MAX_QUEUED_REQUESTS = 200
# Until then all code has been imported, and the objects it created stay until the process ends.
GC_FREEZE_DELAY_SECONDS = 60


class RequestRefused(Exception):
    """A request that does not reach Django; its arguments are a status and a sentence."""

    def build_response(self) -> Response:
        """Return a plain-text response with the status and its sentence."""
        status, reason = self.args
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")]
        headers += [("Retry-After", "5")] * (status == 503)
        return Response(status, headers, f"{reason}\n".encode())


class SiteApplication:
    """An RSGI application that answers from files and caches, or else from `wsgi_application`.

    Up to `threads` requests run in the WSGI application at a time.
    """

    def __init__(self, wsgi_application: WSGIApplication, threads: int) -> None:
        self.wsgi_application = wsgi_application
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="django")
        self.max_requests = threads + MAX_QUEUED_REQUESTS
        self.requests = self.pending_bytes = 0
        store = CacheStore(
            settings.DATA_DIR / "page_cache",
            settings.PAGE_CACHE_MEMORY_BYTES,
            settings.PAGE_CACHE_DISK_BYTES,
        )
        self.page_cache = PageCache(store, cache_version, self.run_in_pool, self.pool)
        self.refresh_loop = RefreshLoop(self.page_cache)
        self.static_files = StaticFiles()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start the background tasks of this worker process (RSGI)."""
        # An earlier process may have been killed after a change and before its invalidation.
        cache_version.restart()
        self.refresh_task = loop.create_task(self.refresh_loop.run())
        loop.call_later(GC_FREEZE_DELAY_SECONDS, freeze_gc)

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Handle a request (RSGI)."""
        try:
            # Until `run_in_event_loop` nothing may wait: see `fast_path`.
            response = self.page_cache.get_fresh(scope)
            if response is None:
                await run_in_event_loop()
                response = await self.get_public_response(scope)
            if response:
                count_cached_response(response.status)
            else:
                response = await self.run_django(scope, protocol)
        except RequestRefused as refusal:
            response = refusal.build_response()
        except Exception:
            logger.exception("%s %s failed", scope.method, scope.path)
            response = RequestRefused(500, "The server has failed.").build_response()
        response.send(protocol)

    async def get_public_response(self, scope: Scope) -> Response | None:
        """Return a static file or the page cache's response; None if there is neither.

        An exception here is logged, and Django handles the request.
        """
        try:
            static_file = self.static_files.get_response(scope)
            return static_file or await self.page_cache.get_response(scope)
        except Exception:
            logger.exception("The page cache failed for %s %s", scope.method, scope.path)
            return None

    async def run_django(self, scope: Scope, protocol: HTTPProtocol) -> Response:
        """Read the request's body and return Django's response; raise RequestRefused."""
        environ = build_environ_from_scope(scope)
        length, received = int(environ["CONTENT_LENGTH"]), 0
        if "HTTP_TRANSFER_ENCODING" in environ:
            # granian reports an interrupted chunked body as complete; only a length reveals it.
            raise RequestRefused(411, "Send the length of the body.")
        if length > MAX_BODY_BYTES:
            raise RequestRefused(413, f"The body may have up to {MAX_BODY_BYTES:,} bytes.")
        with tempfile.SpooledTemporaryFile(
            MAX_BODY_IN_MEMORY_BYTES, dir=str(settings.SPOOL_DIR)
        ) as body:
            try:
                chunks: Any = aiter(protocol) if length else None
                while received < length:
                    chunk = await read_chunk(chunks)
                    received += len(chunk)
                    self.pending_bytes += len(chunk)
                    if self.pending_bytes > MAX_PENDING_BYTES:
                        raise RequestRefused(503, "The server is receiving too much data.")
                    body.write(chunk)
                body.seek(0)
                return await self.run_in_pool(environ | {"wsgi.input": body})
            finally:
                self.pending_bytes -= received

    async def run_in_pool(self, environ: dict[str, Any]) -> Response:
        """Return Django's response once a thread is free.

        Raises RequestRefused if too many requests wait already.
        """
        if self.requests >= self.max_requests:
            raise RequestRefused(503, "The server has too many requests.")
        self.requests += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self.pool, run_wsgi, self.wsgi_application, environ)
        finally:
            self.requests -= 1


async def read_chunk(chunks: AsyncIterator[bytes]) -> bytes:
    """Return the next bytes of an incomplete body; raises RequestRefused if there are none."""
    try:
        async with asyncio.timeout(READ_TIMEOUT_SECONDS):
            if chunk := await anext(chunks):
                return chunk
    except TimeoutError:
        raise RequestRefused(408, "The body did not arrive in time.") from None
    # The client has closed the connection, so this is not sent.
    raise RequestRefused(400, "The request was interrupted.")


def freeze_gc() -> None:
    """Exclude all current objects from garbage collection.

    Otherwise the collector takes a tenth of a second, during a request, to look through all of
    Django and Wagtail.
    """
    gc.collect()
    gc.freeze()


application = SiteApplication(django_application, settings.THREADS)
