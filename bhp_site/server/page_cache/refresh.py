"""Renders stale responses in the background, so that good ones exist when Django fails."""

import asyncio
import logging
import time

from django.conf import settings
from wagtail.contrib.frontend_cache.utils import purge_urls_from_cache

from bhp_site.core.caching.invalidation_broadcast import receive_broadcasts

from .cache import PageCache
from .cached_responses import STALE
from .keys import CacheKey

logger = logging.getLogger(__name__)

CHECK_SECONDS = 0.5
# Interval at which the cache on disk is kept below its limit.
SWEEP_SECONDS = 600
# Wait so many times as long as a response took to render, so that visitors come first.
PAUSE_FACTOR = 3


class RefreshLoop:
    """Follows the changes of the site for a `page_cache`; one process works at a time."""

    def __init__(self, page_cache: PageCache) -> None:
        self.page_cache = page_cache
        # The last cache versions for which everything was rendered, and purged from proxies.
        self.refreshed_version = self.purged_version = page_cache.cache_version.current
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
        """Refresh after the last change, unless it is so recent that more may follow."""
        page_cache, store = self.page_cache, self.page_cache.store
        if settings.SHARED_CACHE:
            await page_cache.run_in_thread(receive_broadcasts)
        version = page_cache.cache_version.current
        if version == self.refreshed_version or page_cache.is_revalidation_period():
            return
        if settings.WAGTAILFRONTENDCACHE and version != self.purged_version:
            self.purged_version = version
            await page_cache.run_in_thread(purge_proxies, [*store.entries])
        with store.lock("refresh") as acquired:
            if acquired and await self.refresh_stale(version):
                self.refreshed_version = version
            if acquired and time.monotonic() - self.swept_at > SWEEP_SECONDS:
                self.swept_at = time.monotonic()
                await page_cache.run_in_thread(store.sweep_disk)

    async def refresh_stale(self, version: int) -> bool:
        """Render the stale responses in memory, most recently used first.

        Return True if all are of cache version `version` now, False after a change or failure.
        """
        page_cache = self.page_cache
        for key in page_cache.store.get_recently_used_keys():
            cached, started = page_cache.store.entries.get(key), time.monotonic()
            if cached and not page_cache.is_fresh(cached):
                _, cache_status = await page_cache.get_or_render(key)
                if page_cache.cache_version.current != version or cache_status == STALE:
                    return False
                await asyncio.sleep(PAUSE_FACTOR * (time.monotonic() - started))
        return True


def purge_proxies(keys: list[CacheKey]) -> None:
    """Purge the URLs of all `keys` from the proxies in WAGTAILFRONTENDCACHE.

    All of them, because a changed page also changes the lists that show it.
    """
    purge_urls_from_cache([key.url for key in keys])
