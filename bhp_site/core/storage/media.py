"""All stored files, whether they are in MEDIA_ROOT or in a bucket, for backups and sweeping."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile

from .errors import StoredFileMissing
from .files import PARTIAL_PREFIX, link_temporarily

CHUNK_BYTES = 1 << 20
# A file that the site writes to see whether the bucket can be written to.
PROBE_NAME = ".probe"


@dataclass(frozen=True)
class MediaFile:
    """The name of a stored file, its size and its modification time in nanoseconds."""

    name: str
    size: int
    mtime_ns: int


class Media(Protocol):
    """All stored files. Methods raise FileNotFoundError for a missing file, and OSError."""

    def iter_files(self, folder: str = "") -> Iterator[MediaFile]:
        """Yield the files, or those in `folder`; incomplete ones only where a folder has them."""
        ...

    def read(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a file."""
        ...

    def write(self, name: str, source: Path, mtime_ns: int) -> None:
        """Store a file with the bytes of `source`."""
        ...

    def delete_unused(self, file: MediaFile, before: float) -> bool:
        """Delete `file` unless it was stored or touched since `before`; return True if it was."""
        ...


class MediaFolder:
    """The files in the folder `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def iter_files(self, folder: str = "") -> Iterator[MediaFile]:
        """Yield the files below `folder`, also incomplete ones."""
        for parent, _, names in os.walk(self.root / folder):
            for name in sorted(names):
                path = Path(parent) / name
                try:
                    stat = path.stat()
                except FileNotFoundError:
                    continue
                relative = path.relative_to(self.root).as_posix()
                yield MediaFile(relative, stat.st_size, stat.st_mtime_ns)

    def read(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a file in chunks of CHUNK_BYTES."""
        with (self.root / name).open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk

    def write(self, name: str, source: Path, mtime_ns: int) -> None:
        """Replace a file, as a whole, by the bytes of `source`, and set its modification time."""
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f"{PARTIAL_PREFIX}restored-{target.name}"[:200])
        try:
            with source.open("rb") as file, partial.open("wb") as copy:
                while chunk := file.read(CHUNK_BYTES):
                    copy.write(chunk)
            os.utime(partial, ns=(mtime_ns, mtime_ns))
            os.replace(partial, target)
        finally:
            partial.unlink(missing_ok=True)

    def delete_unused(self, file: MediaFile, before: float) -> bool:
        """Delete the file unless it is newer; return True if it was deleted.

        It is moved aside first. An upload of the same bytes at this moment then either writes them
        again, or has touched them, which is seen here.
        """
        path = self.root / file.name
        aside = path.with_name(f"{PARTIAL_PREFIX}swept-{path.name}")
        try:
            os.rename(path, aside)
            if aside.stat().st_mtime >= before:
                os.rename(aside, path)
                return False
            aside.unlink()
        except FileNotFoundError:
            # Another sweep, or the end of an upload, was faster.
            return False
        return True


class MediaBucket:
    """The files in the bucket that STORAGE_URL names."""

    @property
    def storage(self) -> Any:
        """Return the storage of the bucket, which is Django's default storage."""
        return default_storage

    def iter_files(self, folder: str = "") -> Iterator[MediaFile]:
        """Yield the objects below `folder`, except the probe."""
        for name, size, modified in self.storage.iter_files(f"{folder}/" if folder else ""):
            if name != PROBE_NAME:
                yield MediaFile(name, size, int(modified.timestamp() * 1_000_000_000))

    def read(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of an object."""
        chunks: Iterator[bytes] = self.storage.download(name)
        return chunks

    def write(self, name: str, source: Path, mtime_ns: int) -> None:
        """Upload `source`; a bucket sets the modification time itself."""
        with source.open("rb") as file:
            self.storage.upload(name, File(file))

    def delete_unused(self, file: MediaFile, before: float) -> bool:
        """Delete the object unless it is newer; return True if it was deleted.

        S3 cannot look at its time and delete it in one step. An upload of the same bytes in
        between sees that it is announced, and stores them again (see `wait_for_deletion`).
        """
        if is_unfinished(file.name):
            self.storage.delete(file.name)
            return True
        with self.storage.announce_deletion(file.name):
            try:
                if self.storage.get_modified_time(file.name).timestamp() >= before:
                    return False
            except FileNotFoundError:
                return False
            self.storage.delete(file.name)
            return True


def get_media() -> Media:
    """Return the stored files of the site."""
    return MediaBucket() if settings.STORAGE_URL else MediaFolder(Path(settings.MEDIA_ROOT))


def hash_media(media: Media, name: str) -> str:
    """Return the hexadecimal SHA-256 of a stored file; raise FileNotFoundError or OSError."""
    digest = sha256()
    for chunk in media.read(name):
        digest.update(chunk)
    return digest.hexdigest()


def is_unfinished(name: str) -> bool:
    """Return True if `name` is that of a file that is being written."""
    return name.rpartition("/")[2].startswith(PARTIAL_PREFIX)


@contextmanager
def open_as_path(file: FieldFile) -> Iterator[Path]:
    """Yield a path at which other programs can read the bytes of a model's `file`.

    Raises StoredFileMissing and StorageUnavailable.
    """
    storage: Any = file.storage
    name = str(file.name)
    opened: AbstractContextManager[Path]
    try:
        if settings.STORAGE_URL:
            # Its copy on this machine may be deleted while it is used.
            opened = link_temporarily(storage.get_local_path(name), settings.FILE_UPLOAD_TEMP_DIR)
        else:
            path = Path(storage.path(name))
            path.stat()
            opened = nullcontext(path)
    except FileNotFoundError as error:
        raise StoredFileMissing(f"The file {name} is missing.") from error
    with opened as path:
        yield path
