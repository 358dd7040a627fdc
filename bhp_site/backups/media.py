"""Copies of the stored files: incremental, and named by the SHA-256 of the bytes."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from bhp_site.core.storage.files import PARTIAL_PREFIX
from bhp_site.core.storage.media import MediaFile, get_media, hash_media, is_unfinished

from .manifest import OBJECTS_NAME, BackupError, StoredFile, get_object_path, hash_file


def iter_media() -> Iterator[MediaFile]:
    """Yield the stored files, except incomplete uploads."""
    return (file for file in get_media().iter_files() if not is_unfinished(file.name))


def copy_media(root: Path, former_files: Mapping[str, StoredFile]) -> dict[str, StoredFile]:
    """Copy what is new among the stored files to the backups in `root`; return all of them.

    A file whose size and modification time are those in `former_files` is not read again. A file
    that is deleted meanwhile is left out.
    """
    files = {}
    for file in iter_media():
        with contextlib.suppress(FileNotFoundError):
            files[file.name] = _store(root, file, former_files.get(file.name))
    return files


def _store(root: Path, file: MediaFile, former: StoredFile | None) -> StoredFile:
    is_unchanged = former and (former.size, former.mtime_ns) == (file.size, file.mtime_ns)
    if former and is_unchanged and has_object(root, former):
        return former
    digest, size = store_object(root, file.name)
    return StoredFile(file.name, size, digest, file.mtime_ns)


def has_object(root: Path, file: StoredFile) -> bool:
    """Return True if the backups in `root` have the bytes of `file`, going by hash and size."""
    stored = get_object_path(root, file.sha256)
    return stored.exists() and stored.stat().st_size == file.size


def store_object(root: Path, name: str) -> tuple[str, int]:
    """Copy the stored file `name` to the objects in `root`; return SHA-256 and size."""
    folder = root / OBJECTS_NAME
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=folder, prefix=PARTIAL_PREFIX)
    try:
        with os.fdopen(handle, "wb") as copy:
            digest = copy_and_hash(get_media().read(name), copy)
            size = copy.tell()
        target = get_object_path(root, digest)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        os.replace(partial, target)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise
    return digest, size


def copy_and_hash(chunks: Iterable[bytes], target: IO[bytes]) -> str:
    """Write `chunks` to `target`; return their hexadecimal SHA-256."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
        target.write(chunk)
    return digest.hexdigest()


def restore_media(root: Path, files: Iterable[StoredFile]) -> None:
    """Copy `files` from the backups in `root` to the storage of the site.

    A file that is there already is kept. Raises BackupError if bytes are missing or have changed;
    an interrupted run can be repeated.
    """
    media = get_media()
    for file in files:
        if is_identical(file):
            continue
        stored = get_object_path(root, file.sha256)
        if not stored.exists():
            raise BackupError(f"The backup lacks the bytes of {file.path}.")
        if hash_file(stored) != file.sha256:
            raise BackupError(
                f"The bytes of {file.path} in the backup have changed. Use another copy of the "
                "backup."
            )
        media.write(file.path, stored, file.mtime_ns)


def is_identical(file: StoredFile) -> bool:
    """Return True if the storage of the site has `file` with these bytes."""
    try:
        return hash_media(get_media(), file.path) == file.sha256
    except FileNotFoundError:
        return False
