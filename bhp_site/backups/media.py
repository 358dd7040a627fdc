"""Copies of the media folder: incremental, and named by the SHA-256 of the bytes."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from django.conf import settings

from bhp_site.files.storage import PARTIAL_PREFIX

from .manifest import OBJECTS_NAME, BackupError, StoredFile, get_object_path, hash_file

CHUNK_BYTES = 1 << 20


def iter_media_paths() -> Iterator[Path]:
    """Yield the files of the media folder, except incomplete uploads."""
    for folder, _, names in os.walk(settings.MEDIA_ROOT):
        for name in sorted(names):
            if not name.startswith(PARTIAL_PREFIX):
                yield Path(folder) / name


def copy_media(root: Path, known: Mapping[str, StoredFile]) -> dict[str, StoredFile]:
    """Copy what is new in the media folder to the backups in `root`; return all its files.

    A file whose size and modification time are those in `known` is not read again. A file that is
    deleted meanwhile is left out.
    """
    files = {}
    for path in iter_media_paths():
        name = path.relative_to(settings.MEDIA_ROOT).as_posix()
        with contextlib.suppress(FileNotFoundError):
            files[name] = _store(root, path, name, known.get(name))
    return files


def _store(root: Path, path: Path, name: str, known: StoredFile | None) -> StoredFile:
    stat = path.stat()
    is_unchanged = known and (known.size, known.mtime_ns) == (stat.st_size, stat.st_mtime_ns)
    if known and is_unchanged and has_object(root, known):
        return known
    digest, size = store_object(root, path)
    return StoredFile(name, size, digest, stat.st_mtime_ns)


def has_object(root: Path, file: StoredFile) -> bool:
    """Return True if the backups in `root` have the bytes of `file`, going by hash and size."""
    stored = get_object_path(root, file.sha256)
    return stored.exists() and stored.stat().st_size == file.size


def store_object(root: Path, source: Path) -> tuple[str, int]:
    """Copy `source` to the objects in `root`; return SHA-256 and size."""
    folder = root / OBJECTS_NAME
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=folder, prefix=PARTIAL_PREFIX)
    try:
        with os.fdopen(handle, "wb") as copy, source.open("rb") as original:
            digest = copy_and_hash(original, copy)
            size = copy.tell()
        target = get_object_path(root, digest)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        os.replace(partial, target)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise
    return digest, size


def copy_and_hash(source: IO[bytes], target: IO[bytes]) -> str:
    """Copy the rest of `source` to `target`; return its hexadecimal SHA-256."""
    digest = hashlib.sha256()
    while chunk := source.read(CHUNK_BYTES):
        digest.update(chunk)
        target.write(chunk)
    return digest.hexdigest()


def restore_media(root: Path, files: Iterable[StoredFile]) -> None:
    """Copy `files` from the backups in `root` to the media folder.

    A file that is there already is kept. Raises BackupError if bytes are missing or have changed;
    an interrupted run can be repeated.
    """
    for file in files:
        target = settings.MEDIA_ROOT / file.path
        if is_identical(target, file):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f"{PARTIAL_PREFIX}restored-{target.name}"[:200])
        try:
            copy_object(root, file, partial)
            os.utime(partial, ns=(file.mtime_ns, file.mtime_ns))
            os.replace(partial, target)
        finally:
            partial.unlink(missing_ok=True)


def copy_object(root: Path, file: StoredFile, target: Path) -> None:
    """Copy the bytes of `file` from the backups to `target`; raise BackupError if they differ."""
    try:
        with get_object_path(root, file.sha256).open("rb") as stored, target.open("wb") as copy:
            digest = copy_and_hash(stored, copy)
    except FileNotFoundError as error:
        raise BackupError(f"The backup lacks the bytes of {file.path}.") from error
    if digest != file.sha256:
        raise BackupError(
            f"The bytes of {file.path} in the backup have changed. Use another copy of the backup."
        )


def is_identical(path: Path, file: StoredFile) -> bool:
    """Return True if `path` has the bytes of `file`."""
    return path.is_file() and path.stat().st_size == file.size and hash_file(path) == file.sha256
