"""The number that every change raises: one for all processes, however many write at once."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bhp_site.core.generation import REMEMBERED, Generation

ADVANCE = """
import sys, pathlib
from bhp_site.core.generation import Generation
generation = Generation(pathlib.Path(sys.argv[1]))
for _ in range(500):
    generation.advance()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "generation"


def test_processes_and_threads_count_together(path: Path) -> None:
    here = Generation(path)
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


def test_a_number_knows_how_long_ago_it_was_overtaken(path: Path) -> None:
    generation = Generation(path)
    first = generation.advance()
    assert generation.overtaken(first) == 0
    second = generation.advance()
    assert 0 < generation.overtaken(first) < 60
    for _ in range(REMEMBERED):
        generation.advance()
    assert generation.overtaken(first) == generation.overtaken(second) == float("inf")
    assert 0 < generation.overtaken(generation.current - 1) < 60


def test_after_a_start_nothing_counts_as_just_overtaken(path: Path) -> None:
    before = Generation(path).advance()
    after = Generation(path)
    after.restart()
    assert after.current == before + 1
    assert after.overtaken(before) == float("inf")
    # Nothing was taken away by it.
    assert after.pages == after.files == before
