"""The number that every change raises: one for all processes, however many write at once."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bhp_site.core.caching.cache_version import HISTORY_LENGTH, CacheVersion

ADVANCE = """
import sys, pathlib
from bhp_site.core.caching.cache_version import CacheVersion
cache_version = CacheVersion(pathlib.Path(sys.argv[1]))
for _ in range(500):
    cache_version.advance()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache-version"


def test_processes_and_threads_count_together(path: Path) -> None:
    here = CacheVersion(path)
    command = [sys.executable, "-c", ADVANCE, path]
    others = [subprocess.Popen(command) for _ in range(2)]
    threads = [
        threading.Thread(target=lambda: [here.advance() for _ in range(500)]) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [other.wait() for other in others] == [0, 0]
    assert here.current == 2000
    assert path.stat().st_mode & 0o777 == 0o600


FORK = """
import fcntl, os
from bhp_site.core.caching.cache_version import cache_version
with cache_version._locked():
    if not os.fork():
        try:
            fcntl.flock(cache_version.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os._exit(7)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.wait()[1]))
"""


def test_a_forked_process_waits_for_the_lock_of_its_parent(tmp_path: Path) -> None:
    env = os.environ | {"DATA_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", FORK], env=env, capture_output=True, text=True)
    assert done.stdout == "7\n", done.stderr


def test_a_number_knows_how_long_ago_it_was_overtaken(path: Path) -> None:
    cache_version = CacheVersion(path)
    first = cache_version.advance()
    assert cache_version.get_stale_seconds(first) == 0
    second = cache_version.advance()
    assert 0 < cache_version.get_stale_seconds(first) < 60
    for _ in range(HISTORY_LENGTH):
        cache_version.advance()
    ages = [cache_version.get_stale_seconds(number) for number in (first, second)]
    assert ages == [float("inf")] * 2
    assert 0 < cache_version.get_stale_seconds(cache_version.current - 1) < 60


def test_after_a_start_nothing_counts_as_just_overtaken(path: Path) -> None:
    before = CacheVersion(path).advance()
    after = CacheVersion(path)
    after.restart()
    assert after.current == before + 1
    assert after.get_stale_seconds(before) == float("inf")
    # Nothing was taken away by it.
    assert after.minimum_for_pages == after.get_minimum_for_file("a.pdf") == before


def test_a_change_withholds_the_files_that_it_names(path: Path) -> None:
    cache_version = CacheVersion(path)
    first = cache_version.advance(withdraws=False, files=())
    assert cache_version.get_minimum_for_file("/var/media/documents/ab/abc.pdf") == 0
    second = cache_version.advance(withdraws=False, files=["documents/ab/abc.pdf"])
    assert cache_version.get_minimum_for_file("/var/media/documents/ab/abc.pdf") == second
    assert cache_version.get_minimum_for_file("/var/media/documents/cd/cde.pdf") == 0
    assert cache_version.minimum_for_pages == 0
    CacheVersion(path).restart()
    assert cache_version.get_minimum_for_file("documents/ab/abc.pdf") == second
    assert first < second


@pytest.mark.parametrize(
    ("withdraws", "files", "is_withheld"),
    [
        (True, [], True),
        (False, ["documents/ab/abc.pdf"], True),
        (False, None, True),
        (False, [], False),
    ],
)
def test_every_withdrawal_withholds_files_made_from_others(
    path: Path, withdraws: bool, files: list[str] | None, is_withheld: bool
) -> None:
    cache_version = CacheVersion(path)
    number = cache_version.advance(withdraws, files)
    assert cache_version.minimum_for_derived_files == (number if is_withheld else 0)
