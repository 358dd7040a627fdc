"""Storage of the bytes of documents under their SHA-256."""

import contextlib
import hashlib
import os
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

from bhp_site.core.storage.files import write_atomically


class ContentAddressedStorage(FileSystemStorage):
    """Storage that names files by the SHA-256 of their bytes: `documents/ab/abcd….pdf`.

    Equal bytes are stored once. The bytes under a name never change, so that replacing a document
    leaves its earlier version intact; `sweep_files` deletes what no row names any more.
    """

    def _save(self, name: str, content: File) -> str:
        name = build_name(name, content)
        target = Path(self.path(name))
        try:
            # The bytes may have been unused: count the days before their deletion from now.
            os.utime(target)
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._write(target, content)
        return name

    @staticmethod
    def _write(target: Path, content: File) -> None:
        """Write `target` and its entries in the folders to disk."""
        write_atomically(target, content.chunks())
        for folder in (target.parent, target.parent.parent):
            _fsync_folder(folder)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return `name`: equal bytes share a name."""
        return name

    def delete(self, name: str) -> None:
        """Leave the bytes to `sweep_files`, which deletes them some days from now.

        Another row, or a restored backup, may still name them.
        """
        with contextlib.suppress(FileNotFoundError):
            os.utime(self.path(name))

    def url(self, name: str | None) -> Any:
        """Raise NotImplementedError: only documents have addresses."""
        raise NotImplementedError("An address belongs to a document, not to its bytes.")


def _fsync_folder(folder: Path) -> None:
    """Flush the entries of `folder` to disk: flushing a file does not (fsync(2))."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def build_name(name: str, content: File) -> str:
    """Return the name under which `content` is stored, with the extension of `name`."""
    digest = compute_sha256(content)
    return f"documents/{digest[:2]}/{digest}{Path(name).suffix.lower()}"


def compute_sha256(content: File) -> str:
    """Return the hexadecimal SHA-256 of `content`, which is rewound before and after."""
    digest = hashlib.sha256()
    content.seek(0)
    for chunk in content.chunks():
        digest.update(chunk)
    content.seek(0)
    return digest.hexdigest()
