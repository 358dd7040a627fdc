"""The RSGI application in front of Django; docs/architecture.md has the path of a request.

Only Django runs in a thread. Nothing that depends on a client's network does: request bodies are
read completely before a thread is used, and granian sends responses from its own event loop.
"""

import asyncio
import gc
import logging
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

from django.conf import settings
from granian.rsgi import HTTPProtocol, Scope

from bhp_site.wsgi import application as django_application

# Importing `bhp_site.wsgi` sets Django up, which the following imports need.
# isort: split
from bhp_site.core.admin.registries import fill_registries
from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.monitoring.metrics import count_cached_response
from bhp_site.home.unavailable import DISK_FULL, NO_SPACE
from bhp_site.tasks.heartbeat import RENEW_SECONDS, WEB_PREFIX, renew_heartbeat

from .fast_path import run_in_event_loop
from .page_cache.cache import PageCache
from .page_cache.refresh import RefreshLoop
from .page_cache.store import CacheStore
from .request_bodies import BodyReader, RequestRefused
from .responses import Response
from .send_buffers import limit_unsent_bytes_later
from .static_files import StaticFiles
from .wsgi_environ import build_environ_from_scope
from .wsgi_runner import WSGIApplication, run_wsgi

logger = logging.getLogger(__name__)

MAX_QUEUED_REQUESTS = 200
# Until then all code has been imported, and the objects it created stay until the process ends.
GC_FREEZE_DELAY_SECONDS = 60
BUSY_RETRY_SECONDS = 0.5


def answer_liveness_probe(scope: Scope) -> Response | None:
    """Return the response to /healthz, for any Host header; None for other requests.

    It needs neither the database nor a free thread: a process that answers can serve cached pages.
    """
    if scope.path != "/healthz" or scope.method not in ("GET", "HEAD"):
        return None
    headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
    return Response(200, headers, b'{"status": "ok"}' if scope.method == "GET" else b"")


class SiteApplication:
    """An RSGI application that answers from files and caches, or else from `wsgi_application`.

    Up to `threads` requests run in the WSGI application at a time.
    """

    def __init__(self, wsgi_application: WSGIApplication, threads: int) -> None:
        self.wsgi_application = wsgi_application
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="django")
        self.max_requests = threads + MAX_QUEUED_REQUESTS
        self.requests = 0
        self.body_reader = BodyReader(self.run_in_thread)
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
        # What has been imported stays; the collections after the first uploads need not look at it.
        gc.freeze()
        self.refresh_task = loop.create_task(self.refresh_loop.run())
        loop.call_later(GC_FREEZE_DELAY_SECONDS, self.freeze_when_idle, loop)
        show_life(loop)
        loop.call_soon(limit_unsent_bytes_later, loop)

    def freeze_when_idle(self, loop: asyncio.AbstractEventLoop) -> None:
        """Call `freeze_gc` as soon as no request runs in Django.

        The garbage of a request that is frozen meanwhile, and its uploads, would never be freed.
        """
        if self.requests:
            loop.call_later(BUSY_RETRY_SECONDS, self.freeze_when_idle, loop)
        else:
            freeze_gc()

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Handle a request (RSGI)."""
        try:
            # granian has this method, its types do not.
            if len(scope.headers.get_all("host")) != 1:  # type: ignore[attr-defined]
                # RFC 9112, 3.2. Otherwise a proxy might read one of them, and the site another.
                raise RequestRefused(400, "Send one Host header.")
            # Until `run_in_event_loop` nothing may wait: see `fast_path`.
            response = self.page_cache.get_fresh(scope)
            if response is None and (response := answer_liveness_probe(scope)):
                response.send(protocol)
                return
            if response is None:
                await run_in_event_loop()
                response = await self.get_public_response(scope)
            if response:
                count_cached_response(response.status)
            else:
                response = await self.run_django(scope, protocol)
        except RequestRefused as refusal:
            response = refusal.build_response()
        except Exception as error:
            logger.exception("%s %s failed", scope.method, scope.path)
            response = build_failure(error)
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
        if "HTTP_TRANSFER_ENCODING" in environ:
            # granian reports an interrupted chunked body as complete; only a length reveals it.
            raise RequestRefused(411, "Send the length of the body.")
        if environ["CONTENT_LENGTH"] == "0":
            return await self.run_in_pool(environ | {"wsgi.input": BytesIO()})
        chunks: Any = aiter(protocol)
        async with self.body_reader.read(environ, chunks) as body:
            return await self.run_in_pool(environ | {"wsgi.input": body})

    async def run_in_pool(self, environ: dict[str, Any]) -> Response:
        """Return Django's response; raises RequestRefused as `run_in_thread` does."""
        response: Response = await self.run_in_thread(run_wsgi, self.wsgi_application, environ)
        return response

    async def run_in_thread(self, function: Callable[..., Any], *args: Any) -> Any:
        """Return what `function` returns once a thread is free.

        Raises RequestRefused if too many requests wait already.
        """
        if self.requests >= self.max_requests:
            raise RequestRefused(503, "The server has too many requests.")
        self.requests += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.pool, function, *args)
        finally:
            self.requests -= 1


def build_failure(error: Exception) -> Response:
    """Return the response to a request that failed outside Django."""
    if isinstance(error, OSError) and error.errno in NO_SPACE:
        # There was no room for a long body.
        message = f"{DISK_FULL.heading}. Nothing was saved. {DISK_FULL.advice}"
        return RequestRefused(503, message).build_response()
    return RequestRefused(500, "The server has failed.").build_response()


def show_life(loop: asyncio.AbstractEventLoop) -> None:
    """Renew this process's heartbeat, by which the launcher notices if its event loop hangs."""
    try:
        renew_heartbeat(f"{WEB_PREFIX}{os.getpid()}")
    except OSError:
        # A full disk is no reason to stop.
        logger.exception("The heartbeat could not be renewed")
    loop.call_later(RENEW_SECONDS, show_life, loop)


def freeze_gc() -> None:
    """Exclude all current objects from garbage collection.

    Otherwise the collector takes a tenth of a second, during a request, to look through all of
    Django and Wagtail.
    """
    gc.collect()
    gc.freeze()


# Before there are threads.
fill_registries()
application = SiteApplication(django_application, settings.THREADS)
