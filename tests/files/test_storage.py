"""Bytes are kept once, under a name that never comes to mean others."""

import hashlib
import os
import stat
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from bhp_site.files.storage import ContentAddressedStorage, compute_sha256


@pytest.fixture
def storage(tmp_path: Path) -> ContentAddressedStorage:
    return ContentAddressedStorage(location=tmp_path)


def list_files(storage: ContentAddressedStorage) -> list[Path]:
    return [path for path in Path(storage.location).rglob("*") if path.is_file()]


def test_a_file_is_named_by_its_bytes(storage: ContentAddressedStorage) -> None:
    digest = hashlib.sha256(b"some bytes").hexdigest()
    name = storage.save("Annual Report.PDF", ContentFile(b"some bytes"))
    assert name == f"documents/{digest[:2]}/{digest}.pdf"
    assert storage.open(name).read() == b"some bytes"


def test_the_same_bytes_are_kept_once(storage: ContentAddressedStorage) -> None:
    names = {storage.save(name, ContentFile(b"same")) for name in ("a.pdf", "b.pdf")}
    assert len(names) == len(list_files(storage)) == 1


def test_bytes_that_are_there_are_not_written_again(storage: ContentAddressedStorage) -> None:
    path = Path(storage.path(storage.save("a.pdf", ContentFile(b"same"))))
    before = path.stat().st_ino
    storage.save("a.pdf", ContentFile(b"same"))
    assert path.stat().st_ino == before


@pytest.mark.parametrize("act", ["save", "delete"])
def test_bytes_saved_again_or_given_up_are_as_good_as_new(
    storage: ContentAddressedStorage, act: str
) -> None:
    """Their days of grace begin then, not when they were first written."""
    name = storage.save("a.pdf", ContentFile(b"same"))
    os.utime(storage.path(name), (0, 0))
    storage.save("b.pdf", ContentFile(b"same")) if act == "save" else storage.delete(name)
    assert time.time() - os.stat(storage.path(name)).st_mtime < 60


def test_deleting_what_is_not_there_is_no_error(storage: ContentAddressedStorage) -> None:
    storage.delete("documents/ab/abcd.pdf")


def test_bytes_are_flushed_before_they_have_their_name(
    storage: ContentAddressedStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, os.replace

    def flush(handle: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        done.append("flush folder" if is_folder else "flush bytes")
        fsync(handle)

    def name(*paths: Any) -> None:
        done.append("name")
        replace(*paths)

    monkeypatch.setattr(os, "fsync", flush)
    monkeypatch.setattr(os, "replace", name)
    storage.save("a.pdf", ContentFile(b"some bytes"))
    assert done == ["flush bytes", "name", "flush folder", "flush folder"]


def test_other_bytes_leave_the_first_whole(storage: ContentAddressedStorage) -> None:
    first, second = (storage.save("a.pdf", ContentFile(text)) for text in (b"one", b"two"))
    assert first != second
    assert storage.open(first).read() == b"one"


class Broken(ContentFile):
    """Breaks off when it is read for the second time, after its hash was made."""

    times = 0

    def chunks(self, chunk_size: int | None = None) -> Any:
        self.times += 1
        yield b"the first half"
        if self.times > 1:
            raise OSError("the disk is full")


def test_a_write_that_fails_leaves_nothing(storage: ContentAddressedStorage) -> None:
    with pytest.raises(OSError, match="the disk is full"):
        storage.save("a.pdf", Broken(b"the first half"))
    assert list_files(storage) == []


def test_deleting_keeps_the_bytes(storage: ContentAddressedStorage) -> None:
    name = storage.save("a.pdf", ContentFile(b"kept"))
    storage.delete(name)
    assert storage.open(name).read() == b"kept"


def test_bytes_have_no_address_of_their_own(storage: ContentAddressedStorage) -> None:
    name = storage.save("a.pdf", ContentFile(b"kept"))
    with pytest.raises(NotImplementedError):
        storage.url(name)


def test_a_hash_is_of_all_the_bytes_wherever_reading_has_got_to() -> None:
    content = ContentFile(b"0123456789")
    content.seek(7)
    assert compute_sha256(content) == hashlib.sha256(b"0123456789").hexdigest()
    assert content.tell() == 0
