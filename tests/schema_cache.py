"""Copies of the migrated, otherwise empty database, which is built once per set of migrations.

Migrating takes about twenty seconds of processor time, copying the result a few milliseconds. The
cached files lie in the folder for temporary files, named by a hash of what decides the schema.
"""

import functools
import hashlib
import os
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(tempfile.gettempdir()) / f"bhp-test-schema-{os.getuid()}"
PACKAGES = ("bhp_site", "news", "partners", "reports")


@functools.cache
def get_schema_hash() -> str:
    """Return a hash of all migrations: our own by their text, the packages' by their versions."""
    digest = hashlib.sha256(sys.version.encode())
    files = [ROOT / "requirements-dev.txt"]
    for package in PACKAGES:
        files += sorted((ROOT / package).rglob("migrations/*.py"))
    for file in files:
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:32]


def copy_schema(target: Path) -> bool:
    """Copy the cached SQLite database to `target`; return False if none has been cached yet."""
    cached = FOLDER / f"{get_schema_hash()}.sqlite3"
    if not cached.exists():
        return False
    shutil.copyfile(cached, target)
    return True


def cache_schema(source: Path) -> None:
    """Cache the migrated SQLite database at `source`, unless it came from the cache."""
    cached = FOLDER / f"{get_schema_hash()}.sqlite3"
    if cached.exists():
        return
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        copy = Path(folder) / "schema.sqlite3"
        database = sqlite3.connect(source)
        # Unlike a copy of the file, this holds what is still in the write-ahead log.
        database.execute("VACUUM INTO ?", [str(copy)])
        database.close()
        copy.replace(cached)
