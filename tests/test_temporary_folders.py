"""Folders of processes that were killed do not stay."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from .temporary_folders import PREFIX, make_folder


def test_only_the_folders_of_ended_processes_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = tmp_path / f"{PREFIX}{ended.pid}-abcd"
    own = tmp_path / f"{PREFIX}{os.getpid()}-abcd"
    # What other programs, or the cache of schemas, have made.
    others = [tmp_path / name for name in (f"{PREFIX}schema-{ended.pid}", f"x{left.name}")]
    for folder in (left, own, *others):
        folder.mkdir()
        (folder / "file").touch()
    made = Path(make_folder())
    assert {*tmp_path.iterdir()} == {own, *others, made}
