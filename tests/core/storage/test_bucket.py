"""Files in a bucket are stored once, fetched once by each machine, and never waited for long."""

import hashlib
import os
import threading
import time
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile

from bhp_site.core.storage import bucket as bucket_module
from bhp_site.core.storage.address import parse_storage_url
from bhp_site.core.storage.bucket import BucketStorage
from bhp_site.core.storage.errors import StorageUnavailable
from bhp_site.core.storage.failures import StorageBreaker
from bhp_site.files.bucket_storage import ContentAddressedBucketStorage
from tests.bucket import Bucket
from tests.subprocesses import free_port

from .conftest import MakeStorage


def set_age(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


def test_a_machine_reads_what_another_has_stored(make_storage: MakeStorage) -> None:
    name = make_storage("first").save("images/a.png", ContentFile(b"bytes"))
    second = make_storage("second")
    assert second.exists(name)
    assert second.size(name) == 5
    with second.open(name) as file:
        assert file.read() == b"bytes"
        assert Path(file.name).is_relative_to(second.folder)


def test_what_a_machine_has_it_does_not_fetch(
    make_storage: MakeStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = make_storage()
    name = storage.save("images/a.png", ContentFile(b"bytes"))
    monkeypatch.setattr(storage, "download", lambda name: pytest.fail("it was fetched"))
    assert storage.open(name).read() == b"bytes"
    assert storage.size(name) == 5


def test_requests_at_once_fetch_a_file_once(
    make_storage: MakeStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = make_storage("first").save("images/a.png", ContentFile(b"x" * 300_000))
    storage, fetched, read = make_storage("second"), [], []
    download = storage.download

    def download_slowly(name: str) -> object:
        fetched.append(name)
        time.sleep(0.2)
        return download(name)

    monkeypatch.setattr(storage, "download", download_slowly)
    threads = [
        threading.Thread(target=lambda: read.append(storage.open(name).read())) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read == [b"x" * 300_000] * 6
    assert fetched == [name]


def test_no_two_files_ever_have_one_name(storage: BucketStorage) -> None:
    first = storage.save("images/a.png", ContentFile(b"one"))
    storage.delete(first)
    second = storage.save("images/a.png", ContentFile(b"two"))
    assert first != second
    assert second.startswith("images/a_")
    assert second.endswith(".png")


def test_a_name_is_not_longer_than_its_column(storage: BucketStorage) -> None:
    name = storage.get_available_name(f"images/{'a' * 200}.png", max_length=100)
    assert len(name) == 100
    assert name.endswith(".png")


def test_names_that_are_hashes_stay(make_storage: MakeStorage) -> None:
    storage = make_storage(fixed_names=("cards/",))
    assert storage.save("cards/1/abc.jpg", ContentFile(b"card")) == "cards/1/abc.jpg"
    assert storage.listdir("cards/1") == ([], ["abc.jpg"])
    assert storage.listdir("cards") == (["1"], [])


def test_deleted_is_deleted(storage: BucketStorage) -> None:
    name = storage.save("images/a.png", ContentFile(b"bytes"))
    storage.delete(name)
    assert not storage.exists(name)
    with pytest.raises(FileNotFoundError):
        storage.open(name)
    with pytest.raises(FileNotFoundError):
        storage.size(name)


def test_its_address_is_that_of_the_site(storage: BucketStorage) -> None:
    assert storage.url("original_images/a b.png") == "/media/original_images/a%20b.png"


def test_local_copies_have_a_limit_and_the_oldest_go(make_storage: MakeStorage) -> None:
    storage = make_storage(max_local_bytes=250)
    names = [storage.save(f"{n}.png", ContentFile(b"x" * 100)) for n in range(2)]
    paths = [Path(storage.folder, name) for name in names]
    set_age(paths[0], 60)
    set_age(paths[1], 120)
    third = storage.save("3.png", ContentFile(b"x" * 100))
    assert [path.exists() for path in paths] == [True, False]
    assert Path(storage.folder, third).exists()
    assert storage.copies.measure() == 200
    assert storage.open(names[1]).read() == b"x" * 100


def test_a_copy_in_use_is_not_the_oldest(make_storage: MakeStorage) -> None:
    storage = make_storage(max_local_bytes=250)
    names = [storage.save(f"{n}.png", ContentFile(b"x" * 100)) for n in range(2)]
    paths = [Path(storage.folder, name) for name in names]
    set_age(paths[0], 120)
    set_age(paths[1], 60)
    storage.open(names[0]).close()
    storage.save("3.png", ContentFile(b"x" * 100))
    assert [path.exists() for path in paths] == [True, False]


def test_a_file_larger_than_the_limit_is_sent_all_the_same(make_storage: MakeStorage) -> None:
    name = make_storage("first").save("a.png", ContentFile(b"x" * 1000))
    storage = make_storage("second", max_local_bytes=10)
    assert storage.open(name).read() == b"x" * 1000


def test_documents_are_named_by_their_bytes(make_storage: MakeStorage) -> None:
    storage = make_storage(kind=ContentAddressedBucketStorage)
    digest = hashlib.sha256(b"some bytes").hexdigest()
    names = {storage.save(name, ContentFile(b"some bytes")) for name in ("A.PDF", "b.pdf")}
    assert names == {f"documents/{digest[:2]}/{digest}.pdf"}
    before = storage.get_modified_time(names.copy().pop())
    storage.delete(*names)
    assert storage.exists(*names)
    assert storage.get_modified_time(*names) >= before
    with pytest.raises(NotImplementedError):
        storage.url(*names)


def test_bytes_that_have_changed_in_the_bucket_are_not_served(make_storage: MakeStorage) -> None:
    storage = make_storage(kind=ContentAddressedBucketStorage)
    name = f"documents/ab/{'ab' * 32}.pdf"
    storage.upload(name, ContentFile(b"other bytes"))
    storage.copies.discard(name)
    with pytest.raises(StorageUnavailable, match="have changed"):
        storage.open(name)
    assert storage.copies.measure() == 0


def test_a_frozen_bucket_is_waited_for_shortly_and_then_not_at_all(
    bucket: Bucket, make_storage: MakeStorage, breaker: StorageBreaker
) -> None:
    storage = make_storage()
    kept = storage.save("a.png", ContentFile(b"kept"))
    missing = make_storage("second").save("b.png", ContentFile(b"away"))
    with bucket.frozen():
        for act in (
            lambda: storage.open(missing),
            lambda: storage.save("c.png", ContentFile(b"new")),
        ):
            breaker.is_open = False
            begin = time.monotonic()
            with pytest.raises(StorageUnavailable):
                act()
            # A first attempt, a second one, and what a busy machine takes.
            assert time.monotonic() - begin < 2 * bucket_module.READ_TIMEOUT_SECONDS + 6
        begin = time.monotonic()
        with pytest.raises(StorageUnavailable):
            storage.open(missing)
        assert storage.open(kept).read() == b"kept"
        # A request that waits would take so long at least.
        assert time.monotonic() - begin < bucket_module.READ_TIMEOUT_SECONDS
    breaker.retry_at = 0
    assert storage.open(missing).read() == b"away"
    assert not breaker.is_open


def test_nothing_listens(make_storage: MakeStorage) -> None:
    url = f"s3://key:secret@127.0.0.1:{free_port()}/bucket?tls=0&region=x"
    storage = make_storage(url=url)
    begin = time.monotonic()
    with pytest.raises(StorageUnavailable):
        storage.save("a.png", ContentFile(b"new"))
    with pytest.raises(StorageUnavailable):
        storage.open("b.png")
    assert time.monotonic() - begin < 5


def test_a_bucket_that_is_not_there_is_no_missing_file(
    bucket: Bucket, make_storage: MakeStorage
) -> None:
    storage = make_storage(url=bucket.url.replace("/documents?", "/other?"))
    with pytest.raises(StorageUnavailable, match="no bucket"):
        storage.save("a.png", ContentFile(b"new"))


@pytest.mark.parametrize(("status", "code"), [(403, "AccessDenied"), (507, "InsufficientStorage")])
def test_a_bucket_that_refuses_is_no_missing_file(
    storage: BucketStorage, monkeypatch: pytest.MonkeyPatch, status: int, code: str
) -> None:
    """It is full, or somebody has changed the key."""
    answer = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}

    def refuse(**parameters: object) -> None:
        raise ClientError(answer, "PutObject")

    monkeypatch.setattr(storage.writing_client, "put_object", refuse)
    with pytest.raises(StorageUnavailable, match=f"answers {status}"):
        storage.save("a.png", ContentFile(b"new"))
    assert storage.copies.measure() == 0


def test_a_trickle_is_given_up(make_storage: MakeStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    name = make_storage("first").save("a.png", ContentFile(b"x" * 1000))
    storage = make_storage("second")
    monkeypatch.setattr(bucket_module, "START_SECONDS", -1)
    with pytest.raises(StorageUnavailable):
        storage.open(name)
    assert storage.copies.measure() == 0


def test_a_url_names_bucket_and_secrets() -> None:
    options = parse_storage_url("s3://key:a%2Fb%40c@s3.example.org:9000/docs?region=r&prefix=/p/")
    assert options == {
        "bucket_name": "docs",
        "location": "p",
        "region_name": "r",
        "access_key": "key",
        "secret_key": "a/b@c",
        "endpoint_url": "https://s3.example.org:9000",
        "addressing_style": "path",
    }
    amazon = parse_storage_url("s3:///docs?region=eu-west-2")
    assert amazon == {"bucket_name": "docs", "location": "", "region_name": "eu-west-2"}


@pytest.mark.parametrize(
    "url",
    ["https://s3/docs", "s3://k:SECRET@host/", "s3://k:SECRET@host/a/b", "s3://k:SECRET@h/b?x=1"],
)
def test_a_wrong_url_is_refused_without_its_secret(url: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        parse_storage_url(url)
    assert "SECRET" not in str(refused.value)


def test_a_forked_process_opens_connections_of_its_own(tmp_path: Path) -> None:
    options = parse_storage_url("s3://key:secret@127.0.0.1:9/bucket?tls=0")
    storage = BucketStorage(**options, folder=tmp_path, max_local_bytes=1)
    clients = storage.client, storage.writing_client
    pid = os.fork()
    if not pid:
        own = storage.client, storage.writing_client
        os._exit(any(client in clients for client in own))
    assert os.waitpid(pid, 0)[1] == 0
    assert (storage.client, storage.writing_client) == clients
