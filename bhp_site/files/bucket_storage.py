"""Storage of the bytes of documents under their SHA-256, in a bucket."""

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.base import File

from bhp_site.core.storage.bucket import BucketStorage
from bhp_site.core.storage.errors import StorageUnavailable

from .storage import build_name


class ContentAddressedBucketStorage(BucketStorage):
    """As `ContentAddressedStorage`, in the bucket that STORAGE_URL names."""

    def _save(self, name: str, content: File) -> str:
        name = build_name(name, content)
        try:
            # The bytes may have been unused: count the days before their deletion from now.
            self.touch(name)
        except FileNotFoundError:
            self.upload(name, content)
        if self.wait_for_deletion(name) and not self.exists(name):
            self.upload(name, content)
        return name

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return `name`: equal bytes share a name."""
        return name

    def delete(self, name: str) -> None:
        """Leave the bytes to `sweep_files`, which deletes them some days from now."""
        with contextlib.suppress(FileNotFoundError):
            self.touch(name)

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Raise NotImplementedError: only documents have addresses."""
        raise NotImplementedError("An address belongs to a document, not to its bytes.")

    def download(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a document; raise StorageUnavailable if they are not those it names.

        Raises FileNotFoundError too.
        """
        digest = hashlib.sha256()
        for chunk in super().download(name):
            digest.update(chunk)
            yield chunk
        if digest.hexdigest() != Path(name).stem:
            raise StorageUnavailable(f"The bytes of {name} have changed in the bucket.")
