"""What everybody may be given is answered here, before Django, and made once when it has changed.

A cached is current while the site's generation is its own. Then, once no more changes follow, one
process of the machine makes the next one, while for up to a second the cached before it answers.
Where nothing can be made, the last cached answers, and says so, unless something was taken from
visitors since.
"""

import asyncio
import datetime
import functools
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils import timezone
from granian.rsgi import Scope
from wagtail.contrib.frontend_cache.utils import purge_urls_from_cache

from bhp_site.core.generation import Generation
from bhp_site.core.machines import listen
from bhp_site.core.storing import FOR_EVERYBODY, KEY, Storable
from bhp_site.core.url_prefixes import UNCACHEABLE_PREFIXES
from bhp_site.files import download_counts

from ..responses import TEMPORARY_FILE_SECONDS, Response
from ..wsgi_environ import build_environ
from .cached_responses import (
    COLLAPSED,
    HIT,
    STALE,
    STORED,
    CachedResponse,
    RequestHeaders,
    reason_not_cacheable,
)
from .content_encoding import encode_body, get_accepted_encodings
from .store import MAX_KEY_CHARACTERS, CacheKey, CacheStore

logger = logging.getLogger(__name__)

CACHEABLE_METHODS = ("GET", "HEAD")
# Seconds that the cached before a change may answer while the next one is made.
MAX_STALE_SECONDS = 1
# Seconds without another change before it is made: publishing a page is several within moments.
DEBOUNCE_SECONDS = 0.25
# Seconds to wait for the next one before the last cached answers instead.
RENDER_TIMEOUT_SECONDS = 10
# Seconds without asking again for what could not be made.
RETRY_AFTER_FAILURE_SECONDS = 1
# Between two looks at what another process makes, in seconds.
POLL_SECONDS = 0.005
# Seconds between two times that what is on disk is looked through.
SWEEP_SECONDS = 600
# How many addresses may be remembered that have nothing to keep.
MAX_UNCACHEABLE_KEYS = 10_000

RunDjango = Callable[[dict[str, Any]], Awaitable[Response]]


class RenderFailed(Exception):
    """Django cannot answer; what it says instead, where it says anything, is the argument."""


class PageCache:
    """Copies in a `store`, made by asking Django with an environment (PEP 3333)."""

    def __init__(
        self,
        store: CacheStore,
        generation: Generation,
        run_django: RunDjango,
        pool: ThreadPoolExecutor,
    ) -> None:
        self.store, self.generation, self.run_django, self.pool = (
            store,
            generation,
            run_django,
            pool,
        )
        self.renders: dict[CacheKey, asyncio.Task[tuple[CachedResponse | Response, str]]] = {}
        # Addresses without anything to keep, with the generation in which that was found.
        self.uncacheable: dict[CacheKey, int] = {}
        self.retry_at = 0.0
        # What `run_refresh_loop` has done: the last generations, and when it was.
        self.refreshed_version = self.purged_version = generation.current
        self.swept_at = 0.0

    def get_fresh(self, scope: Scope) -> Response | None:
        """The answer where it is in memory and current; None where it takes more than a look.

        Called in a thread of granian's own, beside all else here: it changes nothing.
        """
        sent = scope.headers
        key = (sent.get("host"), is_https(sent), scope.path, scope.query_string)
        # A `CacheKey` is a tuple; what cannot be kept is not there.
        cached = self.store.entries.get(key)  # type: ignore[call-overload]
        method = scope.method
        if cached is None or not self.is_fresh(cached) or is_private_request(method, sent):
            return None
        cached.last_used = time.monotonic()
        return self.build_response(cached, method, sent, HIT)

    async def get_response(self, scope: Scope) -> Response | None:
        """The answer to everybody, made anew where it has to be; None where there is none."""
        key = self.build_key(scope)
        if key is None:
            return None
        if key.query:
            # What the page at this address reads of a query is known once it has been made.
            page, _ = await self.get_or_render(key.without_query())
            if not isinstance(page, CachedResponse) or page.is_redirected(key.query):
                return None
            known = key.with_parameters(page.parameters)
            if known is None:
                return None
            key = known
        found, status = await self.get_or_render(key)
        if isinstance(found, CachedResponse):
            return self.build_response(found, scope.method, scope.headers, status)
        # Made for everybody, it is the answer to a visitor without any cookie too.
        plain = "cookie" not in scope.headers and scope.method == "GET"
        return compress_response(found, scope.headers) if found and plain else None

    def build_key(self, scope: Scope) -> CacheKey | None:
        """What the answer would be kept by; None where it is for this visitor alone."""
        headers, path, query = scope.headers, scope.path, scope.query_string
        host = headers.get("host") or ""
        if (
            is_private_request(scope.method, headers)
            or path.startswith(UNCACHEABLE_PREFIXES)
            or max(len(path), len(query)) > MAX_KEY_CHARACTERS
        ):
            return None
        if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
            return None
        return CacheKey(host.lower(), is_https(headers), path, query)

    def is_fresh(self, cached: CachedResponse) -> bool:
        return cached.cache_version == self.generation.current and time.time() < cached.expires_at

    def may_serve_stale(self, cached: CachedResponse) -> bool:
        """Whether an older cached shows nothing that was taken away since."""
        oldest = self.generation.files if cached.path else self.generation.pages
        return cached.cache_version >= oldest

    def build_response(
        self, cached: CachedResponse, method: str, sent: RequestHeaders, status: str
    ) -> Response | None:
        """What is asked for of a cached; a download is counted where it begins."""
        answer = cached.build_response(method, sent, status)
        if cached.document_version_id and answer and answer.path and not answer.byte_range[0]:
            download_counts.count_version_download(
                cached.document_version_id, sent.get("user-agent") or ""
            )
        return answer

    async def get_or_render(self, key: CacheKey) -> tuple[CachedResponse | Response | None, str]:
        """A cached and where it comes from; an answer, or nothing, where none can be kept."""
        before = self.store.get(key)
        if before and self.is_fresh(before):
            return before, HIT
        if self.uncacheable.get(key) == self.generation.current:
            return None, ""
        usable = before if before and self.may_serve_stale(before) else None
        if usable and time.monotonic() < self.retry_at:
            return usable, STALE
        meanwhile = usable if usable and self.may_serve_while_revalidating(usable) else None
        if meanwhile and self.generation.overtaken(self.generation.current - 1) < DEBOUNCE_SECONDS:
            return meanwhile, HIT
        task = self.renders.get(key)
        first = task is None
        if task is None:
            task = self.renders[key] = asyncio.create_task(self.render_once(key, before))
            task.add_done_callback(functools.partial(self.forget_render, key))
        if meanwhile:
            return meanwhile, HIT
        try:
            patience = RENDER_TIMEOUT_SECONDS if usable else None
            made, status = await asyncio.wait_for(asyncio.shield(task), patience)
        except (RenderFailed, TimeoutError) as error:
            self.retry_at = time.monotonic() + RETRY_AFTER_FAILURE_SECONDS
            return usable or next(iter(error.args), None), STALE
        if isinstance(made, CachedResponse):
            return made, status if first else COLLAPSED
        return made if first else None, ""

    def forget_render(self, key: CacheKey, task: "asyncio.Task[Any]") -> None:
        del self.renders[key]
        # Nobody may be left to hear of a failure.
        if not task.cancelled():
            task.exception()

    def may_serve_while_revalidating(self, cached: CachedResponse) -> bool:
        """Whether a page may answer while the next one is made; a file's access may have ended."""
        if cached.path:
            return False
        overtaken = self.generation.overtaken(cached.cache_version)
        return overtaken <= MAX_STALE_SECONDS and time.time() < cached.expires_at

    async def render_once(
        self, key: CacheKey, before: CachedResponse | None
    ) -> tuple[CachedResponse | Response, str]:
        """The next cached, by this process or another, as is told beside it; raises RenderFailed.

        An answer where it is none to keep.
        """
        while True:
            with self.store.lock(self.store.get_lock_name(key)) as alone:
                if (made := self.store.read_from_disk(key)) and self.is_fresh(made):
                    return made, COLLAPSED
                if alone:
                    return await self.render_and_store(key, before or made), STORED
            await asyncio.sleep(POLL_SECONDS)

    async def render_and_store(
        self, key: CacheKey, before: CachedResponse | None
    ) -> CachedResponse | Response:
        # Before it is made: what changes meanwhile makes it old at once.
        generation, until = self.generation.current, get_next_midnight()
        environ = anonymous_environ(key)
        try:
            answer = await self.run_django(environ)
        except Exception as error:
            raise RenderFailed from error
        if answer.status >= 500:
            raise RenderFailed(answer)
        if answer.temporary:
            # Perhaps nobody sends it.
            asyncio.get_running_loop().call_later(
                TEMPORARY_FILE_SECONDS, Path(answer.path).unlink, True
            )
        said: Storable | None = environ.get(KEY)
        if said is None or (reason := reason_not_cacheable(answer)):
            if said:
                logger.error("%s is called storable, but %s", key.path, reason)
            if len(self.uncacheable) >= MAX_UNCACHEABLE_KEYS:
                self.uncacheable.clear()
            self.uncacheable[key] = generation
            self.store.delete(key)
            return answer
        cached = await self.run_in_thread(
            CachedResponse.from_response, answer, said, generation, until, before
        )
        self.store.keep_in_memory(key, cached)
        await self.run_in_thread(self.store.write_to_disk, key, cached)
        return cached

    async def run_in_thread(self, function: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.pool, function, *args)

    async def run_refresh_loop(self) -> None:
        """Make anew what has been overtaken, so that there are good copies when nothing answers.

        One process does so at a time, and with at most a quarter of its time.
        """
        while True:
            await asyncio.sleep(MAX_STALE_SECONDS / 2)
            try:
                await self.refresh_once()
            except Exception:
                logger.exception("What was overtaken has not been made anew")

    async def refresh_once(self) -> None:
        """One look at what has changed, and whatever follows from it."""
        if settings.SHARED_CACHE:
            await self.run_in_thread(listen)
        now = self.generation.current
        if now == self.refreshed_version or self.generation.overtaken(now - 1) <= MAX_STALE_SECONDS:
            return
        if settings.WAGTAILFRONTENDCACHE and now != self.purged_version:
            self.purged_version = now
            await self.run_in_thread(purge_proxies, [*self.store.entries])
        with self.store.lock("keeping-up") as alone:
            if alone and await self.refresh_stale(now):
                self.refreshed_version = now
            if alone and time.monotonic() - self.swept_at > SWEEP_SECONDS:
                self.swept_at = time.monotonic()
                await self.run_in_thread(self.store.sweep_disk)

    async def refresh_stale(self, cache_version: int) -> bool:
        """Whether all that is in memory is of this `generation` now, the latest used first."""
        for key in self.store.get_recently_used_keys():
            cached, began = self.store.entries.get(key), time.monotonic()
            if cached and not self.is_fresh(cached):
                _, status = await self.get_or_render(key)
                if self.generation.current != cache_version or status == STALE:
                    return False
                await asyncio.sleep(3 * (time.monotonic() - began))
        return True


def anonymous_environ(key: CacheKey) -> dict[str, Any]:
    """A request for `key` that is nobody's: what a visitor sends does not reach what is kept."""
    headers = {"host": key.host} | ({"x-forwarded-proto": "https"} if key.https else {})
    server = (settings.HOST, settings.PORT)
    environ = build_environ("GET", key.path, key.query, headers, server)
    return environ | {FOR_EVERYBODY: True, "wsgi.input": BytesIO()}


def is_https(sent: RequestHeaders) -> bool:
    return settings.BEHIND_PROXY and sent.get("x-forwarded-proto") == "https"


def is_private_request(method: str, sent: RequestHeaders) -> bool:
    """Whether a request wants more than to read, or comes from somebody who may have signed in."""
    brings = "content-length" in sent or "transfer-encoding" in sent
    signed_in = "cookie" in sent and settings.SESSION_COOKIE_NAME in (sent.get("cookie") or "")
    return signed_in or brings or method not in CACHEABLE_METHODS


def purge_proxies(keys: list[CacheKey]) -> None:
    """Have proxies forget what they may have got from here: lists change with what they list."""
    purge_urls_from_cache([key.url for key in keys])


def compress_response(answer: Response, sent: RequestHeaders) -> Response:
    """A whole `answer` in the coding that the visitor likes best."""
    made = encode_body(answer.body or b"", answer.get_header("content-type"))
    coding = next(
        one for one in get_accepted_encodings(sent.get("accept-encoding") or "") if one in made
    )
    if not coding:
        return answer
    kept = [pair for pair in answer.headers if pair[0] not in ("Content-Length", "ETag")]
    length = ("Content-Length", str(len(made[coding])))
    return Response(answer.status, [*kept, ("Content-Encoding", coding), length], made[coding])


def get_next_midnight() -> float:
    """When a day begins, in Unix time: pages say who holds a post today."""
    tomorrow = timezone.localtime() + datetime.timedelta(days=1)
    return tomorrow.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
