"""A site whose documents are in a bucket serves them as one whose documents are on its disk."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bucket import Bucket, run_bucket

from .live_server import Server, prepare, serve

pytestmark = pytest.mark.skipif(
    bool(os.environ.get("TEST_DATABASE_URL")), reason="it starts sites of its own, on SQLite"
)
KEPT, OTHER, UNUSED = (f"/documents/numbers-{size}.csv" for size in (300_000, 200_000, 100_000))


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    with run_bucket() as bucket:
        yield bucket


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site") / "media-copies"


@pytest.fixture(scope="module")
def server(copies: Path, bucket: Bucket) -> Iterator[Server]:
    """A machine that has not sent anything yet."""
    prepare(copies.parent, 300_000, 200_000, 100_000, STORAGE_URL=bucket.url)
    shutil.rmtree(copies)
    with serve(copies.parent, STORAGE_URL=bucket.url, WORKERS="1") as server:
        yield server


def list_copies(folder: Path) -> list[Path]:
    return list((folder / "documents").rglob("*.csv"))


def test_documents_are_fetched_once_and_sent_in_any_part(
    server: Server, copies: Path, bucket: Bucket
) -> None:
    assert not list_copies(copies)
    response, body = server.ask(KEPT)
    assert (response.status, len(body)) == (200, 300_000)
    [copy] = list_copies(copies)
    assert hashlib.sha256(body).hexdigest() == copy.stem
    assert f"documents/{copy.stem[:2]}/{copy.name}" in bucket.list_keys()
    etag = response.getheader("ETag") or ""
    response, part = server.ask(KEPT, Range="bytes=1000-1999", If_Range=etag)
    assert (response.status, part) == (206, body[1000:2000])
    response, nothing = server.ask(KEPT, "HEAD")
    assert (response.status, nothing) == (200, b"")
    assert response.getheader("Content-Length") == "300000"
    assert server.ask(KEPT, If_None_Match=etag)[0].status == 304
    assert server.ask(KEPT, Range="bytes=300000-")[0].status == 416
    assert list_copies(copies) == [copy]


def test_a_copy_that_was_deleted_is_fetched_again(server: Server, copies: Path) -> None:
    body = server.ask(OTHER)[1]
    for copy in list_copies(copies):
        copy.unlink()
    response, again = server.ask(OTHER)
    assert (response.status, again) == (200, body)


def test_without_the_bucket_what_is_there_is_sent(server: Server, bucket: Bucket) -> None:
    body = server.ask(KEPT)[1]
    with bucket.frozen():
        response, again = server.ask(KEPT)
        assert (response.status, again) == (200, body)
        assert server.ask("/")[0].status == 200
        for _ in range(2):
            response, _ = server.ask(UNUSED)
            assert (response.status, response.getheader("Retry-After")) == (503, "5")
        response, text = server.ask("/readyz")
        assert response.status == 503
        assert b'"object_storage": "failing"' in text


def test_without_the_bucket_an_image_of_the_admin_is_no_server_error(server: Server) -> None:
    assert server.ask("/media/original_images/none.png")[0].status == 404
