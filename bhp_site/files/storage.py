import contextlib
import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

# What is being written is called so until it is whole.
PARTIAL_PREFIX = ".part-"


class ContentAddressedStorage(FileSystemStorage):
    """Files named by the SHA-256 of their bytes: `documents/ab/abcd….pdf`.

    The same bytes are kept once. A name never comes to mean other bytes, so replacing a file
    leaves the old one whole, and nothing is deleted while a request runs.
    """

    def _save(self, name: str, content: File) -> str:
        digest = compute_sha256(content)
        name = f"documents/{digest[:2]}/{digest}{Path(name).suffix.lower()}"
        target = Path(self.path(name))
        try:
            # Bytes that nobody named may be named again: their days of grace begin anew.
            os.utime(target)
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._write(target, content)
        return name

    @staticmethod
    def _write(target: Path, content: File) -> None:
        """Write beside `target`, flush to disk, then rename: a file is whole or not there."""
        handle, path = tempfile.mkstemp(dir=target.parent, prefix=PARTIAL_PREFIX)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.replace(path, target)
        except BaseException:
            Path(path).unlink(missing_ok=True)
            raise
        for folder in (target.parent, target.parent.parent):
            _fsync_folder(folder)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def delete(self, name: str) -> None:
        """Keep the bytes: another row, or a restored backup, may still name them.

        The days of grace that `sweep_files` gives begin now.
        """
        with contextlib.suppress(FileNotFoundError):
            os.utime(self.path(name))

    def url(self, name: str | None) -> Any:
        raise NotImplementedError("A file's address belongs to its document, not its bytes.")


def _fsync_folder(folder: Path) -> None:
    """Let the names in `folder` survive a power cut (fsync(2): the file's own flush does not)."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def compute_sha256(content: File) -> str:
    """Hexadecimal SHA-256 of `content`, which is rewound before and after."""
    digest = hashlib.sha256()
    content.seek(0)
    for chunk in content.chunks():
        digest.update(chunk)
    content.seek(0)
    return digest.hexdigest()
