"""A cache in a folder. In a module of its own: redis, which needs 9 MB, is not imported for it."""

import logging
from typing import Any

from django.core.cache.backends.filebased import FileBasedCache

logger = logging.getLogger(__name__)


class FolderCache(FileBasedCache):
    """A cache in a folder, which drops values that cannot be stored, such as on a full disk."""

    def set(self, *args: Any, **kwargs: Any) -> None:
        """Store a value; log a warning if the folder cannot be written to."""
        try:
            super().set(*args, **kwargs)
        except OSError as error:
            logger.warning("A value could not be cached: %s", error)
