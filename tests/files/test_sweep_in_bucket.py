"""`manage.py sweep_files` with documents in a bucket, beside uploads, and without the bucket."""

import math
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError
from pytest_django import Settings

from bhp_site.core.storage import bucket as bucket_module
from bhp_site.core.storage.address import parse_storage_url
from bhp_site.core.storage.bucket import BucketStorage, get_deletion_marker
from bhp_site.core.storage.errors import StorageUnavailable
from bhp_site.core.storage.failures import StorageBreaker
from bhp_site.core.storage.media import MediaFile, get_media
from bhp_site.files.models import SiteDocument
from tests.bucket import Bucket, run_bucket

from ..factories import SiteDocumentFactory
from .test_sweep import DAY_SECONDS, sweep

UNUSED = b"no row names this"


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    with run_bucket() as bucket:
        yield bucket


@pytest.fixture
def document(
    db: None, bucket: Bucket, settings: Settings, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> SiteDocument:
    """Return a document whose bytes are in a bucket of its own."""
    settings.MEDIA_ROOT = tmp_path
    document: SiteDocument = SiteDocumentFactory()
    monkeypatch.setattr(bucket_module, "breaker", StorageBreaker())
    settings.STORAGE_URL = f"{bucket.url}&prefix={tmp_path.name}"
    options = parse_storage_url(settings.STORAGE_URL)
    backends = {
        "default": "bhp_site.core.storage.bucket.BucketStorage",
        "documents": "bhp_site.files.bucket_storage.ContentAddressedBucketStorage",
    }
    settings.STORAGES = settings.STORAGES | {
        name: {"BACKEND": backend, "OPTIONS": options} for name, backend in backends.items()
    }
    with document.file.storage.open(document.file.name) as file:
        assert storages["documents"].save("upload.pdf", file) == document.file.name
    return document


def save(data: bytes = UNUSED) -> str:
    return str(storages["documents"].save("left.txt", ContentFile(data)))


def list_names() -> set[str]:
    return {file.name for file in get_media().iter_files()}


def sweep_after(days: float, **options: Any) -> str:
    """Sweep at a time when what is in the bucket now is `days` old."""
    with time_machine.travel(time.time() + days * DAY_SECONDS):
        return sweep(**options)


def wait_for_next_second() -> float:
    """Wait for the next whole second, as which a bucket gives times, and return it."""
    second = math.floor(time.time()) + 1
    time.sleep(second - time.time())
    return second


def test_objects_without_a_row_go_after_seven_days(document: SiteDocument) -> None:
    name = save()
    assert "0 of 2 files" in sweep_after(6.99)
    assert "1 of 2 files" in sweep_after(7.01, dry_run=True)
    assert list_names() == {document.file.name, name}
    said = sweep_after(7.01)
    assert f"{name} (1 KB)" in said
    assert said.endswith("1 of 2 files, 1 KB, removed.\n")
    assert list_names() == {document.file.name}


def test_the_days_begin_again_with_the_last_use(document: SiteDocument) -> None:
    """An upload of the same bytes, and the deletion of a document that has them."""
    name = save()
    file = next(file for file in get_media().iter_files() if file.name == name)
    for use in (save, lambda: storages["documents"].delete(name)):
        before = wait_for_next_second()
        use()
        assert not get_media().delete_unused(file, before)
    assert list_names() == {document.file.name, name}


def test_an_upload_during_the_deletion_is_stored(
    document: SiteDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sweep has read the time of the object just before the upload renews it."""
    name = save()
    has_touched, upload = threading.Event(), threading.Thread(target=save)
    get_modified_time, touch = BucketStorage.get_modified_time, BucketStorage.touch

    def upload_after_reading(self: BucketStorage, of: str) -> Any:
        modified = get_modified_time(self, of)
        if of == name and not upload.ident:
            upload.start()
            assert has_touched.wait(20)
        return modified

    def touch_and_tell(self: BucketStorage, of: str) -> None:
        touch(self, of)
        has_touched.set()

    monkeypatch.setattr(BucketStorage, "get_modified_time", upload_after_reading)
    monkeypatch.setattr(BucketStorage, "touch", touch_and_tell)
    assert get_media().delete_unused(MediaFile(name, 0, 0), time.time() + DAY_SECONDS)
    upload.join()
    assert list_names() == {document.file.name, name}
    assert b"".join(get_media().read(name)) == UNUSED


def test_a_deletion_that_does_not_end_refuses_the_upload(
    document: SiteDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket_module, "MAX_DELETION_WAIT_SECONDS", 0.3)
    name = save()
    with pytest.raises(KeyboardInterrupt), storages["default"].announce_deletion(name):
        raise KeyboardInterrupt
    with pytest.raises(StorageUnavailable, match="is being deleted"):
        save()
    # Its process was killed, so it does not go on; the next sweep removes what it has left.
    monkeypatch.setattr(bucket_module, "MAX_DELETION_SECONDS", 0)
    assert save() == name
    assert get_deletion_marker(name) in list_names()
    assert get_deletion_marker(name) in sweep_after(1)
    assert list_names() == {document.file.name, name}


def test_without_the_bucket_the_sweep_fails_in_words(
    document: SiteDocument, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = save()
    began = time.monotonic()
    with bucket.frozen(), pytest.raises(CommandError, match="Files that were not listed"):
        sweep()
    # Two attempts, and what a busy machine takes.
    assert time.monotonic() - began < 15
    monkeypatch.setattr(bucket_module, "breaker", StorageBreaker())
    assert list_names() == {document.file.name, name}


def test_a_database_that_names_nothing_is_taken_for_the_wrong_one(document: SiteDocument) -> None:
    names = list_names()
    document.versions.all().delete()
    SiteDocument.objects.all().delete()
    with pytest.raises(CommandError, match="Check DATABASE_URL"):
        sweep_after(99)
    assert list_names() == names
