"""The cache of schemas and prepared sites keeps what was used last."""

import os
import time
from pathlib import Path

import pytest

from . import schema_cache
from .schema_cache import MAX_BUILD_SECONDS, remove_all_but_latest, use


def test_what_was_used_last_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema_cache, "FOLDER", tmp_path)
    for minutes, name in enumerate(("c.sqlite3", "b.sqlite3", "a.sqlite3", "a.dump", "tmpnew"), 1):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, times=(0, time.time() - minutes * 60))
    (tmp_path / "tmpold").mkdir()
    (tmp_path / "tmpold" / "site.sqlite3").touch()
    os.utime(tmp_path / "tmpold", times=(0, time.time() - MAX_BUILD_SECONDS - 60))
    use(tmp_path / "a.sqlite3")
    remove_all_but_latest(2, "*.sqlite3")
    assert {path.name for path in tmp_path.iterdir()} == {
        "a.sqlite3",
        "c.sqlite3",
        "a.dump",
        "tmpnew",
    }
