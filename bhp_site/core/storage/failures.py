"""Limits how long requests wait for an object storage that fails."""

import contextlib
import logging
import threading
import time
from collections.abc import Iterator

from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from .errors import StorageUnavailable

logger = logging.getLogger(__name__)

# For so long after a failure requests are refused at once, instead of waiting for the storage.
RETRY_SECONDS = 3
NOT_FOUND_CODES = {"404", "NoSuchKey", "NotFound"}


class StorageBreaker:
    """Remembers for all threads of a process whether the storage fails."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.is_open = False
        self.retry_at = 0.0

    @contextlib.contextmanager
    def attempt(self, name: str) -> Iterator[None]:
        """Run a block that asks the storage for the file `name`.

        Raises FileNotFoundError if there is none, and StorageUnavailable if the storage fails.
        After a failure one thread tries again, and the others do not wait.
        """
        if not self.is_open:
            with self._translate(name):
                yield
            return
        if time.monotonic() < self.retry_at or not self.lock.acquire(blocking=False):
            raise StorageUnavailable("The object storage has just failed.")
        try:
            with self._translate(name):
                yield
            self._close()
        except FileNotFoundError:
            self._close()
            raise
        finally:
            self.lock.release()

    @contextlib.contextmanager
    def _translate(self, name: str) -> Iterator[None]:
        try:
            yield
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in NOT_FOUND_CODES:
                raise FileNotFoundError(name) from error
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
            if status >= 500:
                self._open(error)
            raise StorageUnavailable(f"The object storage answers {status} ({code}).") from error
        except (BotoCoreError, HTTPError, TimeoutError) as error:
            self._open(error)
            raise StorageUnavailable("The object storage does not answer.") from error

    def _open(self, error: Exception) -> None:
        if not self.is_open:
            logger.warning("The object storage fails: %s", error)
        self.is_open, self.retry_at = True, time.monotonic() + RETRY_SECONDS

    def _close(self) -> None:
        self.is_open = False
        logger.warning("The object storage is used again")
