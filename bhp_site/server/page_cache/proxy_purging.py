"""Purges the proxies in WAGTAILFRONTENDCACHE after a change, and notices if that fails."""

import logging
import threading
from collections.abc import Iterable
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

from wagtail.contrib.frontend_cache.backends.http import HTTPBackend, PurgeRequest
from wagtail.contrib.frontend_cache.tasks import purge_urls_from_cache_task

from .keys import CacheKey

logger = logging.getLogger(__name__)

# Backends log their failures here, and raise none of most.
BACKENDS_LOGGER = logging.getLogger("wagtail.frontendcache")

# A proxy must accept a connection, and answer, within this time.
PURGE_TIMEOUT_SECONDS = 5


class TimeLimitedHTTPBackend(HTTPBackend):  # type: ignore[misc]
    """Wagtail's backend for Varnish, Squid and nginx, with a timeout: `settings.py` replaces it."""

    def purge(self, url: str) -> None:
        """Purge `url`; raise OSError or HTTPException if the proxy does not answer in time."""
        address = urlsplit(url)._replace(scheme=self.cache_scheme, netloc=self.cache_netloc)
        request = PurgeRequest(address.geturl(), headers={"Host": urlsplit(url).netloc})
        try:
            urlopen(request, timeout=PURGE_TIMEOUT_SECONDS).close()  # nosec B310
        except HTTPError as error:
            error.close()
            BACKENDS_LOGGER.error("A proxy has answered %s to a purge of %s", error.code, url)

    def purge_batch(self, urls: Iterable[str]) -> None:
        """Purge `urls` until the proxy fails to answer: it would hold up each of the others too."""
        try:
            for url in urls:
                self.purge(url)
        except (OSError, HTTPException) as error:
            BACKENDS_LOGGER.error("A proxy could not be purged: %s", error)


class FailureHandler(logging.Handler):
    """Notices whether this thread has logged an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.thread = threading.get_ident()
        self.has_failed = False

    def emit(self, record: logging.LogRecord) -> None:
        """Note an error of this thread."""
        self.has_failed |= record.thread == self.thread


def purge_proxies(keys: Iterable[CacheKey]) -> bool:
    """Purge the URLs of all `keys`; return False if a proxy has failed to do so.

    All of them, because a changed page also changes the lists that show it.
    """
    handler = FailureHandler()
    BACKENDS_LOGGER.addHandler(handler)
    try:
        purge_urls_from_cache_task.call([key.url for key in keys])
    except Exception:
        logger.exception("A proxy could not be purged")
        return False
    finally:
        BACKENDS_LOGGER.removeHandler(handler)
    return not handler.has_failed
