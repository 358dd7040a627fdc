"""Purges the proxies in WAGTAILFRONTENDCACHE after a change, and notices if that fails."""

import logging
import threading
from collections.abc import Iterable

from wagtail.contrib.frontend_cache.tasks import purge_urls_from_cache_task

from .keys import CacheKey

logger = logging.getLogger(__name__)

# Wagtail's backends log their failures here, and raise none of most.
BACKENDS_LOGGER = logging.getLogger("wagtail.frontendcache")


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
