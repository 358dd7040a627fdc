"""The manifest of a backup: what it contains, with sizes and hashes, and what made it."""

import datetime
import hashlib
import json
import platform
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import django
import wagtail
from django.conf import settings

MANIFEST_FORMAT = 1
MANIFEST_NAME = "manifest.json"
OBJECTS_NAME = "objects"


class BackupError(Exception):
    """A backup cannot be made, used or trusted; the message says why and what to do."""


@dataclass(frozen=True)
class StoredFile:
    """A file with its path in the media folder (or the backup), size and SHA-256."""

    path: str
    size: int
    sha256: str
    # Modification time in nanoseconds: an unchanged file is not read again.
    mtime_ns: int = 0


@dataclass(frozen=True)
class Manifest:
    """The contents of one backup, with what made it."""

    name: str
    # Everything acknowledged before this time is in the backup.
    started_at: str
    finished_at: str
    # Vendor of the database: "sqlite" or "postgresql".
    engine: str
    database: StoredFile
    # Table → number of rows.
    tables: dict[str, int]
    files: list[StoredFile]
    # Applied migrations as "app.name".
    migrations: list[str]
    software: dict[str, str]
    # Hash of SECRET_KEY, which is not in the backup; links and second factors may depend on it.
    secret_key_hash: str
    format: int = MANIFEST_FORMAT

    @property
    def data_from(self) -> datetime.datetime:
        """Return the time of the data in the backup."""
        return datetime.datetime.fromisoformat(self.started_at)

    def write(self, folder: Path) -> None:
        """Write the manifest to `folder`; a backup without it is incomplete."""
        partial = folder / f".{MANIFEST_NAME}"
        partial.write_text(json.dumps(asdict(self), indent=1, sort_keys=True))
        partial.replace(folder / MANIFEST_NAME)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Return the manifest in `folder`; raise BackupError if it cannot be used."""
        try:
            values: dict[str, Any] = json.loads((folder / MANIFEST_NAME).read_text())
            values["database"] = StoredFile(**values["database"])
            values["files"] = [StoredFile(**row) for row in values["files"]]
            manifest = cls(**values)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise BackupError(f"{folder} has no readable manifest: {error}") from error
        if manifest.format != MANIFEST_FORMAT:
            raise BackupError(f"{folder} was made in a format that this version cannot read.")
        refuse_unsafe_paths(manifest)
        return manifest


def refuse_unsafe_paths(manifest: Manifest) -> None:
    """Raise BackupError if a path of `manifest` leads out of its folder."""
    for file in (*manifest.files, manifest.database):
        path = Path(file.path)
        if path.is_absolute() or ".." in path.parts or not file.sha256.isalnum():
            raise BackupError(f"The manifest names a file outside its folder: {file.path}")


def iter_backups(root: Path) -> Iterator[Path]:
    """Yield the folders of the complete backups in `root`, the latest first."""
    yield from sorted((path.parent for path in root.glob(f"*/{MANIFEST_NAME}")), reverse=True)


def find_backup(root: Path, name: str = "") -> Path:
    """Return the folder of the backup `name`, or of the latest; raise BackupError without one."""
    for folder in iter_backups(root):
        if name in ("", folder.name):
            return folder
    raise BackupError(f"{root} contains no complete backup{f' named {name}' if name else ''}.")


def get_object_path(root: Path, sha256: str) -> Path:
    """Return where the backups in `root` keep the file with this SHA-256."""
    return root / OBJECTS_NAME / sha256[:2] / sha256


def hash_file(path: Path) -> str:
    """Return the hexadecimal SHA-256 of the file at `path`."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_secret_key() -> str:
    """Return a hash of SECRET_KEY that reveals nothing about it."""
    return hashlib.sha256(f"backup manifest {settings.SECRET_KEY}".encode()).hexdigest()


def get_software() -> dict[str, str]:
    """Return the versions of the site and of what it runs on."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    return {
        "site": project["version"],
        "python": platform.python_version(),
        "django": django.__version__,
        "wagtail": wagtail.__version__,
    }
