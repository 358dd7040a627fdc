"""Build press packs as ZIP files and keep them by their content."""

import os
import tempfile
import time
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage

from .contents import PackFile, compute_key

# The earliest time that a ZIP file can state: equal contents make equal bytes.
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
FILE_MODE = 0o644 << 16
# Already compressed, as are images.
STORED_SUFFIXES = (".pdf", ".docx", ".xlsx", ".odt", ".ods", ".jpg", ".png", ".webp")
PARTIAL_PREFIX = ".part-"
UNUSED_SECONDS = 7 * 24 * 60 * 60
# A used pack is touched this often at most.
TOUCH_SECONDS = 24 * 60 * 60


@dataclass(frozen=True)
class StoredPack:
    """A built pack, as `build_range_response` reads a model's file."""

    name: str
    storage: FileSystemStorage

    @property
    def size(self) -> int:
        """Return its size in bytes."""
        return self.storage.size(self.name)

    @property
    def key(self) -> str:
        """Return the hash of its contents."""
        return self.name.removesuffix(".zip")


def get_folder() -> Path:
    """Return the folder of built packs; it is created if missing."""
    folder = Path(settings.PRESS_PACK_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def get_pack(files: list[PackFile], folder_name: str) -> StoredPack:
    """Return the pack with `files` in a folder of that name, built unless it is there already.

    At most one piece of a file is in memory at a time, for an image the whole file. Raises
    FileNotFoundError if the bytes of a document or image are missing.
    """
    folder = get_folder()
    path = folder / f"{compute_key(files)}.zip"
    try:
        if time.time() - path.stat().st_mtime > TOUCH_SECONDS:
            os.utime(path)
    except FileNotFoundError:
        _build(path, files, folder_name)
    return StoredPack(path.name, FileSystemStorage(location=folder))


def _build(path: Path, files: Iterable[PackFile], folder_name: str) -> None:
    """Write a temporary file and rename it, so that a pack is complete or missing."""
    handle, partial = tempfile.mkstemp(dir=path.parent, prefix=PARTIAL_PREFIX)
    try:
        with os.fdopen(handle, "wb") as target, zipfile.ZipFile(target, "w") as archive:
            for file in files:
                info = zipfile.ZipInfo(f"{folder_name}/{file.name}", ZIP_TIME)
                is_stored = file.name.endswith(STORED_SUFFIXES)
                info.compress_type = zipfile.ZIP_STORED if is_stored else zipfile.ZIP_DEFLATED
                info.external_attr = FILE_MODE
                with archive.open(info, "w", force_zip64=True) as entry:
                    for piece in file.read():
                        entry.write(piece)
        os.replace(partial, path)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise


def delete_unused_packs() -> int:
    """Delete the packs that nobody has used for a week; return how many they were."""
    limit, count = time.time() - UNUSED_SECONDS, 0
    for path in get_folder().iterdir():
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
            count += 1
    return count
