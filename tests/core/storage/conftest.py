"""A bucket for the tests of this folder, with storages that use it as two machines would."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bhp_site.core.storage import bucket as bucket_module
from bhp_site.core.storage.address import parse_storage_url
from bhp_site.core.storage.bucket import BucketStorage
from bhp_site.core.storage.failures import StorageBreaker
from tests.bucket import Bucket, run_bucket

MakeStorage = Callable[..., BucketStorage]


@pytest.fixture(scope="session")
def bucket() -> Iterator[Bucket]:
    with run_bucket() as bucket:
        yield bucket


@pytest.fixture
def breaker(monkeypatch: pytest.MonkeyPatch) -> StorageBreaker:
    """The state of a process that has not met a failure."""
    breaker = StorageBreaker()
    monkeypatch.setattr(bucket_module, "breaker", breaker)
    return breaker


@pytest.fixture
def make_storage(bucket: Bucket, breaker: StorageBreaker, tmp_path: Path) -> MakeStorage:
    """Return a function that returns the storage of a machine, in a folder of the bucket."""
    url = f"{bucket.url}&prefix={secrets.token_hex(8)}"

    def make(
        machine: str = "first",
        kind: type[BucketStorage] = BucketStorage,
        url: str = url,
        **options: object,
    ) -> BucketStorage:
        given = {"folder": tmp_path / machine, "max_local_bytes": 1_000_000, **options}
        return kind(**parse_storage_url(url), **given)

    return make


@pytest.fixture
def storage(make_storage: MakeStorage) -> BucketStorage:
    return make_storage()
