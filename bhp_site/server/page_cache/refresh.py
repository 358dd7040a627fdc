"""Renders stale responses in the background, so that good ones exist when Django fails."""

import asyncio
import logging
import time

from django.conf import settings

from bhp_site.core.caching.invalidation_broadcast import receive_broadcasts

from .cache import DEBOUNCE_SECONDS, PageCache
from .cached_responses import STALE
from .keys import CacheKey
from .proxy_purging import purge_proxies

logger = logging.getLogger(__name__)

CHECK_SECONDS = 0.5
# Interval at which the cache on disk is kept below its limit.
SWEEP_SECONDS = 600
# Wait so many times as long as a response took to render, so that visitors come first.
PAUSE_FACTOR = 3
# A proxy that could not be purged is tried again after this time.
PURGE_RETRY_SECONDS = 10


class RefreshLoop:
    """Follows the changes of the site for a `page_cache`; one process works at a time."""

    def __init__(self, page_cache: PageCache) -> None:
        self.page_cache = page_cache
        # The last cache versions for which everything was rendered, and purged from proxies.
        self.refreshed_version = self.purged_version = page_cache.cache_version.current
        # Keys that could not be purged, and the monotonic time at which to try again.
        self.unpurged: set[CacheKey] = set()
        self.purge_at = 0.0
        self.purge_task: asyncio.Task[None] | None = None
        self.swept_at = 0.0

    async def run(self) -> None:
        """Call `refresh_once` in an endless loop; failures are logged."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            try:
                await self.refresh_once()
            except Exception:
                logger.exception("Stale responses could not be rendered")

    async def refresh_once(self) -> None:
        """Refresh after the last change, unless it is so recent that more may follow.

        What must not be served before it was rendered again comes first. The rest follows when
        visitors do not receive it from before the change any more.
        """
        page_cache, store = self.page_cache, self.page_cache.store
        if settings.SHARED_CACHE:
            await page_cache.run_in_thread(receive_broadcasts)
        version = page_cache.cache_version.current
        is_purging = self.purge_task is not None and not self.purge_task.done()
        may_purge = settings.WAGTAILFRONTENDCACHE and not is_purging
        if may_purge and not page_cache.is_revalidation_period():
            # Rendering does not wait for a proxy that is slow or hangs.
            self.purge_task = asyncio.create_task(self.purge(version))
        if version == self.refreshed_version or page_cache.has_changed_within(DEBOUNCE_SECONDS):
            return
        with store.lock("refresh") as acquired:
            if acquired and await self.refresh_stale(version):
                self.refreshed_version = version
            if acquired and time.monotonic() - self.swept_at > SWEEP_SECONDS:
                self.swept_at = time.monotonic()
                await page_cache.run_in_thread(store.sweep_disk)

    async def purge(self, version: int) -> None:
        """Purge all URLs in memory from the proxies if anything changed; repeat what has failed."""
        if version == self.purged_version and not self.unpurged:
            return
        if time.monotonic() < self.purge_at:
            return
        self.purged_version = version
        keys = self.unpurged | {*self.page_cache.store.entries}
        if await self.page_cache.run_in_thread(purge_proxies, [*keys]):
            self.unpurged = set()
        else:
            self.unpurged = keys
            self.purge_at = time.monotonic() + PURGE_RETRY_SECONDS

    async def refresh_stale(self, version: int) -> bool:
        """Render the stale responses in memory, most recently used first.

        Those come first that may not be served meanwhile. Return True if all are of cache version
        `version` now, False after a change or failure, or if it is too early for the others.
        """
        page_cache = self.page_cache
        entries = page_cache.store.entries
        keys = page_cache.store.get_recently_used_keys()
        keys.sort(key=lambda key: page_cache.may_serve_stale(entries[key]))
        for key in keys:
            cached, started = entries.get(key), time.monotonic()
            if cached and not page_cache.is_fresh(cached):
                is_withheld = not page_cache.may_serve_stale(cached)
                if page_cache.is_revalidation_period() and not is_withheld:
                    return False
                _, cache_status = await page_cache.get_or_render(key)
                if page_cache.cache_version.current != version or cache_status == STALE:
                    return False
                if not is_withheld:
                    await asyncio.sleep(PAUSE_FACTOR * (time.monotonic() - started))
        return True
