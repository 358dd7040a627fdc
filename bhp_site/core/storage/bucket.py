"""The storage of files in a private bucket, with local copies of what this machine sends.

Bytes under a name never change: names are hashes, or have a random part. A copy can therefore be
served without asking the bucket.
"""

import datetime
import io
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urljoin
from weakref import WeakSet

from botocore.config import Config
from django.conf import settings
from django.core.files.base import File
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from .errors import StorageUnavailable
from .failures import StorageBreaker
from .files import PARTIAL_PREFIX
from .local_copies import LocalCopies

CONNECT_TIMEOUT_SECONDS = 1.5
# Until the first byte of a response, and between two.
READ_TIMEOUT_SECONDS = 2
# Until the storage confirms a file that it has received.
WRITE_TIMEOUT_SECONDS = 15
# A file that arrives more slowly is given up: its whole time is limited.
START_SECONDS = 3
MIN_BYTES_PER_SECOND = 1_000_000
CHUNK_BYTES = 64 * 1024
# A deletion, with all attempts, ends within this time after it was announced.
MAX_DELETION_SECONDS = 60
# An upload of the same bytes waits so long for its end.
MAX_DELETION_WAIT_SECONDS = 5
DELETION_POLL_SECONDS = 0.1

breaker = StorageBreaker()
storages_with_clients: "WeakSet[BucketStorage]" = WeakSet()


def get_deletion_marker(name: str) -> str:
    """Return the name of the object that announces the deletion of the file `name`."""
    return str(PurePosixPath(name).with_name(f"{PARTIAL_PREFIX}deleting-{Path(name).name}"))


def build_config(style: str | None, read_timeout: float, attempts: int) -> Config:
    """Return boto3's configuration with limits on how long it waits."""
    return Config(
        s3={"addressing_style": style} if style else {},
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        read_timeout=read_timeout,
        retries={"mode": "standard", "total_max_attempts": attempts},
        max_pool_connections=64,
        # Systems other than Amazon's do not know its newer checksums.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


class BucketStorage(S3Storage):  # type: ignore[misc]
    """Files in a bucket. `fixed_names` are folders whose names are hashes of the content."""

    folder: Path
    max_local_bytes: int
    fixed_names: tuple[str, ...]

    def get_default_settings(self) -> dict[str, Any]:
        """Return the defaults of django-storages, and those of the local copies."""
        return super().get_default_settings() | {
            "folder": settings.MEDIA_ROOT,
            "max_local_bytes": settings.STORAGE_LOCAL_BYTES,
            "fixed_names": (),
        }

    @cached_property
    def copies(self) -> LocalCopies:
        """Return the local copies of this machine."""
        return LocalCopies(Path(self.folder), self.max_local_bytes)

    @cached_property
    def client(self) -> Any:
        """Return the client that reads; unlike boto3's resources, threads may share it."""
        return self._create_client(READ_TIMEOUT_SECONDS, attempts=2)

    @cached_property
    def writing_client(self) -> Any:
        """Return the client that writes: a storage may take long to confirm a large file."""
        return self._create_client(WRITE_TIMEOUT_SECONDS, attempts=1)

    def _create_client(self, read_timeout: float, attempts: int) -> Any:
        storages_with_clients.add(self)
        return self._create_session().client(
            "s3",
            region_name=self.region_name,
            endpoint_url=self.endpoint_url,
            config=build_config(self.addressing_style, read_timeout, attempts),
        )

    def _get_target(self, name: str) -> dict[str, str]:
        return {"Bucket": self.bucket_name, "Key": self._normalize_name(name)}

    # --- Django's interface ---------------------------------------------------------------

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return `name` with a random part, which no file has had on any machine."""
        if name.startswith(self.fixed_names):
            return name
        path, addition = Path(name), f"_{get_random_string(10).lower()}"
        stem = path.stem
        if max_length:
            stem = stem[: max_length - (len(name) - len(stem)) - len(addition)]
        return path.with_name(f"{stem}{addition}{path.suffix}").as_posix()

    def _open(self, name: str, mode: str = "rb") -> File:
        """Return the local copy of a file, which is fetched if it is missing.

        Raises FileNotFoundError and StorageUnavailable.
        """
        if mode != "rb":
            raise ValueError("Stored files are only read.")
        for _ in range(3):
            path = self.get_local_path(name)
            try:
                return File(path.open("rb"))
            except FileNotFoundError:
                # It was evicted in between.
                continue
        raise StorageUnavailable(f"{name} cannot be kept on this machine.")

    def _save(self, name: str, content: File) -> str:
        self.upload(name, content)
        return name

    def exists(self, name: str) -> bool:
        """Return True if the bucket has the file; raise StorageUnavailable."""
        try:
            self._get_head(name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        """Return the size in bytes; raise FileNotFoundError or StorageUnavailable."""
        copy = self.copies.find(name)
        return copy.stat().st_size if copy else int(self._get_head(name)["ContentLength"])

    def get_modified_time(self, name: str) -> datetime.datetime:
        """Return when the file was stored, or touched since."""
        modified: datetime.datetime = self._get_head(name)["LastModified"]
        return modified

    def delete(self, name: str) -> None:
        """Delete the file; there may be none."""
        with breaker.attempt(name):
            self.client.delete_object(**self._get_target(name))
        self.copies.discard(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        """Return the names of folders and files in the folder `name`."""
        folders, files = set(), []
        for file, _, _ in self.iter_files(f"{name}/" if name else ""):
            first, separator, _ = file[len(name) :].lstrip("/").partition("/")
            if separator:
                folders.add(first)
            else:
                files.append(first)
        return sorted(folders), files

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Return the path at which the site's own view serves the file."""
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name).lstrip("/"))

    # --- Beyond Django's interface --------------------------------------------------------

    def get_local_path(self, name: str) -> Path:
        """Return the path of the local copy, fetched if it is missing.

        Raises FileNotFoundError and StorageUnavailable. The copy may be deleted soon after.
        """
        if copy := self.copies.find(name):
            return copy
        size = int(self._get_head(name)["ContentLength"])
        try:
            return self.copies.fetch(name, size, lambda: self.download(name))
        except (FileNotFoundError, StorageUnavailable):
            raise
        except OSError as error:
            raise StorageUnavailable(f"{name} cannot be kept on this machine: {error}") from error

    def download(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a file; raise FileNotFoundError or StorageUnavailable.

        A file that arrives too slowly or incompletely counts as StorageUnavailable.
        """
        with breaker.attempt(name):
            response = self.client.get_object(**self._get_target(name))
            expected, received = int(response["ContentLength"]), 0
            deadline = time.monotonic() + START_SECONDS + expected / MIN_BYTES_PER_SECOND
            with response["Body"] as body:
                # Unlike `read`, it returns what has arrived, so that a trickle can be given up.
                while chunk := body.read1(CHUNK_BYTES):
                    received += len(chunk)
                    if time.monotonic() > deadline:
                        raise TimeoutError(f"{name} arrives too slowly")
                    yield chunk
            if received != expected:
                raise StorageUnavailable(f"{name} has arrived incompletely.")

    def upload(self, name: str, content: Any) -> None:
        """Store the bytes of `content`, a file, under `name`; raise StorageUnavailable."""
        # A storage that hangs is noticed by a request that is answered quickly.
        self.check_reachable()
        content.seek(0, io.SEEK_END)
        size = content.tell()
        content.seek(0)
        parameters = self._get_write_parameters(name, content)
        with breaker.attempt(name):
            self.writing_client.put_object(
                **self._get_target(name), **parameters, Body=content, ContentLength=size
            )
        content.seek(0)
        try:
            self.copies.store(name, size, iter(lambda: content.read(CHUNK_BYTES), b""))
        except OSError:
            # It is fetched when somebody asks for it.
            self.copies.discard(name)
        content.seek(0)

    def check_reachable(self) -> None:
        """Raise StorageUnavailable if the bucket does not answer, or is not there."""
        try:
            with breaker.attempt(self.bucket_name):
                self.client.head_bucket(Bucket=self.bucket_name)
        except FileNotFoundError as error:
            raise StorageUnavailable(f"There is no bucket {self.bucket_name}.") from error

    def touch(self, name: str) -> None:
        """Set the modification time to now; raise FileNotFoundError or StorageUnavailable."""
        target = self._get_target(name)
        with breaker.attempt(name):
            self.client.copy_object(**target, CopySource=target, MetadataDirective="REPLACE")

    @contextmanager
    def announce_deletion(self, name: str) -> Iterator[None]:
        """Let `wait_for_deletion` know, on all machines, that the block may delete a file."""
        marker = self._get_target(get_deletion_marker(name))
        with breaker.attempt(name):
            self.writing_client.put_object(**marker, Body=b"")
        yield
        # After a failure it stays: nobody knows whether the file has been deleted.
        with breaker.attempt(name):
            self.client.delete_object(**marker)

    def wait_for_deletion(self, name: str) -> bool:
        """Wait until no machine deletes a file any more; return True if one may have done so.

        Called after the file was written or touched: a deletion that has not been announced by
        then sees that. Raises StorageUnavailable if it takes too long.
        """
        deadline, has_waited = time.monotonic() + MAX_DELETION_WAIT_SECONDS, False
        while self._is_announced(name):
            if time.monotonic() > deadline:
                raise StorageUnavailable(f"{name} is being deleted.")
            time.sleep(DELETION_POLL_SECONDS)
            has_waited = True
        return has_waited

    def _is_announced(self, name: str) -> bool:
        try:
            announced = self.get_modified_time(get_deletion_marker(name))
        except FileNotFoundError:
            return False
        # Otherwise the process that has announced it was killed.
        return (timezone.now() - announced).total_seconds() < MAX_DELETION_SECONDS

    def iter_files(self, prefix: str = "") -> Iterator[tuple[str, int, datetime.datetime]]:
        """Yield name, size and modification time of the files whose names begin with `prefix`."""
        start = f"{self.location}/" if self.location else ""
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket_name, Prefix=start + prefix
        )
        with breaker.attempt(prefix):
            for page in pages:
                for row in page.get("Contents", ()):
                    yield row["Key"].removeprefix(start), row["Size"], row["LastModified"]

    def _get_head(self, name: str) -> dict[str, Any]:
        with breaker.attempt(name):
            head: dict[str, Any] = self.client.head_object(**self._get_target(name))
        return head


def forget_clients() -> None:
    """Let each storage open new connections: a forked process must not share those of its parent.

    Each of the two could receive what the other one has asked for.
    """
    for storage in storages_with_clients:
        for name in ("client", "writing_client"):
            storage.__dict__.pop(name, None)


os.register_at_fork(after_in_child=forget_clients)
