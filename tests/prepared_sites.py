"""Data folders of prepared sites, each built once per state of the code and then copied.

Collecting static files and loading the demonstration take much longer than copying the result. A
site is prepared as the launcher does it, in a process of its own; `tests/launcher` starts one from
nothing.
"""

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from .schema_cache import (
    FOLDER,
    PACKAGES,
    ROOT,
    copy_schema,
    get_schema_hash,
    hash_files,
    lock_cache,
    remove_all_but_latest,
    use,
)

EMPTY, DEMO = "empty", "demo"
SOURCES = (*PACKAGES, "templates", "static")
MAX_CACHED_STATES = 8
PREPARE = """
from bhp_site.__main__ import configure
configure()
from wagtail.images.models import Filter
from tests.conversion_cache import cache_conversions
Filter.run = cache_conversions(Filter.run)
from bhp_site.launcher.preparation import prepare_quietly
prepare_quietly()
# Images are converted, and documents read, here and not beside the tests.
from tests.running_tasks import run_tasks
run_tasks()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
"""


@functools.cache
def get_code_hash() -> str:
    """Return a hash of all files that can change what a prepared site contains."""
    files = [file for source in SOURCES for file in sorted((ROOT / source).rglob("*"))]
    sources = (file for file in files if file.is_file() and file.suffix != ".pyc")
    return hash_files(get_schema_hash(), sources)


def copy_site(name: str, target: Path) -> None:
    """Copy the data of the prepared site EMPTY or DEMO to the folder `target`."""
    build_site(name)
    use(_get_folder(name).parent)
    shutil.copytree(_get_folder(name), target, dirs_exist_ok=True)


def is_built(name: str) -> bool:
    """Return True if the prepared site EMPTY or DEMO exists for this state of the code."""
    return _get_folder(name).exists()


def build_site(name: str) -> None:
    """Build the prepared site EMPTY or DEMO if it does not exist yet for this state of the code."""
    with lock_cache(f"{name}-site-{get_code_hash()}"):
        if not is_built(name):
            _build(name, _get_folder(name))


def _get_folder(name: str) -> Path:
    return FOLDER / f"site-{get_code_hash()}" / name


def _build(name: str, target: Path) -> None:
    """Prepare the site `name` in the folder `target`, which appears when it is complete."""
    if name == DEMO:
        build_site(EMPTY)
    target.parent.mkdir(exist_ok=True)
    remove_all_but_latest(MAX_CACHED_STATES, "site-*")
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        data = Path(folder) / "data"
        data.mkdir(mode=0o700)
        copy_schema(data / "site.sqlite3")
        if name == DEMO:
            shutil.copytree(_get_folder(EMPTY) / "static", data / "static")
        env = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        env |= {"DATA_DIR": str(data), "DEMO": str(int(name == DEMO))}
        command = [sys.executable, "-c", PREPARE]
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"The site “{name}” cannot be prepared:\n{done.stderr}")
        # Another checkout may have removed the folder as one of the oldest.
        target.parent.mkdir(exist_ok=True)
        data.rename(target)


if __name__ == "__main__":
    # Ahead of the tests that need them, which wait for the lock, until those have ended.
    with suppress(KeyboardInterrupt):
        for site in (EMPTY, DEMO):
            build_site(site)
