"""The page cache: stores responses that are the same for every visitor, in front of Django.

A cached response is fresh as long as the site's cache version is the one it was rendered at. After
a change, one process of the machine renders the next response; for up to a second the previous one
is served meanwhile. If nothing can be rendered, the stale response is served and marked as such,
unless a change has hidden something from visitors since.
"""

import asyncio
import datetime
import functools
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

from django.conf import settings
from django.utils import timezone
from granian.rsgi import Scope

from bhp_site.core.caching.cache_version import CacheVersion
from bhp_site.core.caching.cacheable import ANONYMOUS_REQUEST_KEY, CACHE_POLICY_KEY, CachePolicy
from bhp_site.files.download_counts import count_version_download

from ..responses import Response
from ..wsgi_environ import build_environ
from .cached_responses import (
    COLLAPSED,
    FOLDERS_WITHHELD_BY_NAME,
    HIT,
    STALE,
    STORED,
    CachedResponse,
    reason_not_cacheable,
)
from .content_encoding import encode_body, get_accepted_encodings
from .keys import (
    CacheKey,
    RequestHeaders,
    build_key,
    is_https,
    is_private_request,
    remove_port,
)
from .store import CacheStore

logger = logging.getLogger(__name__)

# How long a response may be served after a change, while the next one is rendered.
MAX_STALE_SECONDS = 1
# Publishing a page makes several changes at once: render when there was none for this long.
DEBOUNCE_SECONDS = 0.25
# How long to wait for the next response before a stale one is served instead.
RENDER_TIMEOUT_SECONDS = 10
RETRY_AFTER_FAILURE_SECONDS = 1
# Interval at which to look for a response that another process renders.
POLL_SECONDS = 0.005
# The memory of keys that have nothing to cache is cleared when it reaches this size.
MAX_UNCACHEABLE_KEYS = 10_000
# The same for keys whose response is that of another key.
MAX_DUPLICATE_KEYS = 10_000

RunDjango = Callable[[dict[str, Any]], Awaitable[Response]]
RenderTask = asyncio.Task[tuple[CachedResponse | Response, str]]


class RenderFailed(Exception):
    """Django failed; its error response, if there is one, is the argument."""


class PageCache:
    """Cached responses in a `store`, rendered by `run_django` from a WSGI environment.

    `pool` runs what would block the event loop.
    """

    def __init__(
        self,
        store: CacheStore,
        cache_version: CacheVersion,
        run_django: RunDjango,
        pool: ThreadPoolExecutor,
    ) -> None:
        self.store, self.cache_version = store, cache_version
        self.run_django, self.pool = run_django, pool
        self.renders: dict[CacheKey, RenderTask] = {}
        # Keys that have nothing to cache, with the cache version at which that was found.
        self.uncacheable: dict[CacheKey, int] = {}
        # Keys whose response is that of another, with the other and the cache version.
        self.duplicates: dict[CacheKey, tuple[CacheKey, int]] = {}
        self.retry_at = 0.0

    def get_fresh(self, scope: Scope) -> Response | None:
        """Return the response if it is fresh and in memory; None if finding it takes longer.

        Thread-safe and without waiting: the server calls it from granian's threads.
        """
        headers = scope.headers
        host = remove_port(headers.get("host") or "")
        key = (host, is_https(headers), scope.path, scope.query_string)
        # A `CacheKey` is a tuple, and a key that is not cacheable is not in the store.
        cached = self.store.entries.get(key)  # type: ignore[call-overload]
        method = scope.method
        if cached is None or not self.is_fresh(cached) or is_private_request(method, headers):
            return None
        cached.last_used = time.monotonic()
        return self.build_response(cached, method, headers, HIT)

    async def get_response(self, scope: Scope) -> Response | None:
        """Return the response, rebuilt if it is stale; None if it is not cacheable."""
        key = build_key(scope)
        if key is None:
            return None
        if key.query:
            # The cached page without a query has the list of the parameters it uses.
            page, _ = await self.get_or_render(key.without_query())
            if not isinstance(page, CachedResponse) or page.is_redirected(key.query):
                return None
            key = key.with_parameters(page.parameters, page.flags)
            if key is None:
                return None
            key = self.get_canonical_key(key)
        result, cache_status = await self.get_or_render(key)
        if isinstance(result, CachedResponse):
            return self.build_response(result, scope.method, scope.headers, cache_status)
        # It was rendered for an anonymous visitor, so only a visitor without cookies may have it.
        is_anonymous = "cookie" not in scope.headers and scope.method == "GET"
        return compress_response(result, scope.headers) if result and is_anonymous else None

    def is_fresh(self, cached: CachedResponse) -> bool:
        """Return True if nothing has changed since `cached` was rendered."""
        return (
            cached.cache_version == self.cache_version.current and time.time() < cached.expires_at
        )

    def may_serve_stale(self, cached: CachedResponse) -> bool:
        """Return True if no change since `cached` was rendered has hidden anything."""
        if not cached.path:
            oldest = self.cache_version.minimum_for_pages
        elif cached.path.startswith(FOLDERS_WITHHELD_BY_NAME):
            oldest = self.cache_version.get_minimum_for_file(cached.path)
        else:
            oldest = self.cache_version.minimum_for_derived_files
        return cached.cache_version >= oldest

    def may_serve_while_revalidating(self, cached: CachedResponse) -> bool:
        """Return True if the change after `cached` is so recent that it may still be served.

        Never for a file, because any change may have ended the access to it.
        """
        if cached.path:
            return False
        age = self.cache_version.get_stale_seconds(cached.cache_version)
        return age <= MAX_STALE_SECONDS and time.time() < cached.expires_at

    def has_changed_within(self, seconds: float) -> bool:
        """Return True if the last change of the site was at most `seconds` ago."""
        return self.cache_version.get_stale_seconds(self.cache_version.current - 1) <= seconds

    def is_revalidation_period(self) -> bool:
        """Return True while responses from before the last change may still be served."""
        return self.has_changed_within(MAX_STALE_SECONDS)

    def build_response(
        self, cached: CachedResponse, method: str, headers: RequestHeaders, cache_status: str
    ) -> Response | None:
        """Return `cached` as the response to a request, and count a download that begins.

        Return None if Django has to handle the request.
        """
        response = cached.build_response(method, headers, cache_status)
        is_download = response and response.path and response.byte_range[0] == 0
        if cached.document_version_id and is_download:
            count_version_download(cached.document_version_id, headers.get("user-agent") or "")
        return response

    async def get_or_render(self, key: CacheKey) -> tuple[CachedResponse | Response | None, str]:
        """Return (response, value of Cache-Status) for `key`.

        The response is a cached one, or one that is not cacheable, or None if Django has to handle
        each request.
        """
        cached = self.store.get(key)
        if cached and self.is_fresh(cached):
            return cached, HIT
        if self.uncacheable.get(key) == self.cache_version.current:
            return None, ""
        stale = cached if cached and self.may_serve_stale(cached) else None
        if stale and time.monotonic() < self.retry_at:
            return stale, STALE
        if stale and self.may_serve_while_revalidating(stale):
            if not self.has_changed_within(DEBOUNCE_SECONDS):
                self.start_render(key, cached)
            return stale, HIT
        return await self.wait_for_render(key, cached, stale)

    async def wait_for_render(
        self, key: CacheKey, previous: CachedResponse | None, stale: CachedResponse | None
    ) -> tuple[CachedResponse | Response | None, str]:
        """Return (response, value of Cache-Status) once `key` has been rendered.

        `previous` is the entry to be replaced, `stale` the same one if visitors may still receive
        it; then it is returned if rendering fails or takes more than RENDER_TIMEOUT_SECONDS.
        Without it, a failure returns Django's error response, or None if there is none. Only the
        request that started the rendering receives a response that is not cacheable.
        """
        is_first = key not in self.renders
        task = self.start_render(key, previous)
        try:
            timeout = RENDER_TIMEOUT_SECONDS if stale else None
            result, cache_status = await asyncio.wait_for(asyncio.shield(task), timeout)
        except (RenderFailed, TimeoutError) as error:
            self.retry_at = time.monotonic() + RETRY_AFTER_FAILURE_SECONDS
            return stale or next(iter(error.args), None), STALE
        if isinstance(result, CachedResponse):
            return result, cache_status if is_first else COLLAPSED
        # A response that is not cacheable belongs to the request that had it rendered.
        return result if is_first else None, ""

    def start_render(self, key: CacheKey, previous: CachedResponse | None) -> RenderTask:
        """Return the task that renders `key` to replace `previous`; start it if none is running."""
        task = self.renders.get(key)
        if task is None:
            task = self.renders[key] = asyncio.create_task(self.render_once(key, previous))
            task.add_done_callback(functools.partial(self._forget_render, key))
        return task

    def _forget_render(self, key: CacheKey, task: RenderTask) -> None:
        del self.renders[key]
        # Retrieve the exception so that asyncio does not warn if no request waits for it.
        if not task.cancelled():
            task.exception()

    async def render_once(
        self, key: CacheKey, previous: CachedResponse | None
    ) -> tuple[CachedResponse | Response, str]:
        """Return (response, value of Cache-Status) for `key`, rendered by only one process.

        If another process is rendering it, wait for its entry on disk. `previous` is the entry to
        be replaced. A response that is not cacheable is returned but not stored. Raises
        RenderFailed.
        """
        while True:
            with self.store.lock(self.store.get_lock_name(key)) as acquired:
                cached = self.store.read_from_disk(key)
                if cached and self.is_fresh(cached):
                    return cached, COLLAPSED
                if acquired:
                    return await self.render_and_store(key, previous or cached), STORED
            await asyncio.sleep(POLL_SECONDS)

    async def render_and_store(
        self, key: CacheKey, previous: CachedResponse | None
    ) -> CachedResponse | Response:
        """Return the response rendered for `key`, stored in place of `previous` if it is cacheable.

        Raises RenderFailed if Django raises an exception or returns a server error.
        """
        # Read before rendering: a change during it makes the response stale at once.
        cache_version, expires_at = self.cache_version.current, get_next_midnight()
        environ = anonymous_environ(key)
        try:
            response = await self.run_django(environ)
        except Exception as error:
            raise RenderFailed from error
        if response.status >= 500:
            raise RenderFailed(response)
        # No client may be waiting for the response to send it.
        response.delete_file_later()
        policy: CachePolicy | None = environ.get(CACHE_POLICY_KEY)
        reason = reason_not_cacheable(response)
        if policy is None or reason:
            if policy:
                logger.error("%s is marked as cacheable, but %s.", key.path, reason)
            self.remember_uncacheable(key, cache_version)
            return response
        cached = await self.run_in_thread(
            CachedResponse.from_response,
            response,
            policy,
            cache_version,
            min(expires_at, policy.changes_at),
            previous,
        )
        if key.query and (stored := self.find_duplicate(key, cached)):
            return stored
        self.store.keep_in_memory(key, cached)
        await self.run_in_thread(self.store.write_to_disk, key, cached)
        return cached

    def find_duplicate(self, key: CacheKey, cached: CachedResponse) -> CachedResponse | None:
        """Return an entry of the same path with the same content, which need not be stored twice.

        A parameter without meaning, such as `?page=1` or an empty field of a form, makes one.
        """
        page_key = key.without_query()
        for other, entry in self.store.entries.items():
            # Few entries have the same content, so that is compared first.
            same_content = entry.has_content_of(cached) and other != key
            if same_content and other.without_query() == page_key and self.is_fresh(entry):
                if len(self.duplicates) >= MAX_DUPLICATE_KEYS:
                    self.duplicates.clear()
                self.duplicates[key] = other, cached.cache_version
                self.store.delete(key)
                return entry
        return None

    def get_canonical_key(self, key: CacheKey) -> CacheKey:
        """Return the key under which the response to `key` is stored."""
        other, version = self.duplicates.get(key, (key, 0))
        return other if version == self.cache_version.current else key

    def remember_uncacheable(self, key: CacheKey, cache_version: int) -> None:
        """Mark `key` as uncacheable until the next change, and delete its stored response."""
        if len(self.uncacheable) >= MAX_UNCACHEABLE_KEYS:
            self.uncacheable.clear()
        self.uncacheable[key] = cache_version
        self.store.delete(key)

    async def run_in_thread(self, function: Callable[..., Any], *args: Any) -> Any:
        """Run a blocking `function` in the pool and return its result."""
        return await asyncio.get_running_loop().run_in_executor(self.pool, function, *args)


def anonymous_environ(key: CacheKey) -> dict[str, Any]:
    """Return the WSGI environment of a GET request for `key` without any visitor's data."""
    headers = {"host": key.authority} | ({"x-forwarded-proto": "https"} if key.https else {})
    server = (settings.HOST, settings.PORT)
    environ = build_environ("GET", key.path, key.query, headers, server)
    return environ | {ANONYMOUS_REQUEST_KEY: True, "wsgi.input": BytesIO()}


def compress_response(response: Response, headers: RequestHeaders) -> Response:
    """Return a full `response` in the best encoding that the request's `headers` accept."""
    bodies = encode_body(response.body or b"", response.get_header("content-type"))
    accepted = get_accepted_encodings(headers.get("accept-encoding") or "")
    encoding = next(encoding for encoding in accepted if encoding in bodies)
    if not encoding:
        return response
    body = bodies[encoding]
    response_headers = [
        pair for pair in response.headers if pair[0] not in ("Content-Length", "ETag")
    ]
    response_headers += [("Content-Encoding", encoding), ("Content-Length", str(len(body)))]
    return Response(response.status, response_headers, body)


def get_next_midnight() -> float:
    """Return the start of the next day in Unix time, because pages depend on today's date."""
    tomorrow = timezone.localtime() + datetime.timedelta(days=1)
    return tomorrow.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
