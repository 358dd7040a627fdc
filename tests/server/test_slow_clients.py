"""Documents arrive complete, and slow clients do not block others."""

import hashlib
import os
import signal
import socket
import time
from pathlib import Path

import pytest

from bhp_site.launcher.processes import STOP_TIMEOUT_SECONDS

from .live_server import TIMEOUT_SECONDS, Server, serve

pytestmark = pytest.mark.skipif(
    bool(os.environ.get("TEST_DATABASE_URL")), reason="it starts sites of its own, on SQLite"
)

LONG, SHORT = "/documents/numbers-50000000.csv", "/documents/numbers-1000000.csv"


def compute_digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def get_stored_hash(folder: Path, size: int) -> str:
    """Hash of the file of `size` bytes, which it is named by."""
    return next(
        path.stem
        for path in (folder / "media" / "documents").rglob("*.csv")
        if path.stat().st_size == size
    )


@pytest.mark.parametrize("offset", [1, 65_535, 131_072, 777_777, 999_999])
def test_an_interrupted_download_can_be_resumed_anywhere(
    live_site: Server, folder: Path, offset: int
) -> None:
    with live_site.connect() as client:
        client.sendall(f"GET {SHORT} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        got = b""
        while len(got.partition(b"\r\n\r\n")[2]) < offset:
            got += client.recv(65536)
    head, _, begun = got.partition(b"\r\n\r\n")
    etag = next(x for x in head.decode().splitlines() if x.startswith("etag: "))[6:]
    answer, rest = live_site.ask(SHORT, Range=f"bytes={offset}-", If_Range=etag)
    assert answer.status == 206
    assert answer.headers["Content-Range"] == f"bytes {offset}-999999/1000000"
    assert (
        compute_digest(begun[:offset] + rest)
        == get_stored_hash(folder, 1_000_000)
        == etag.strip('"')
    )


@pytest.mark.parametrize(
    ("asked", "status", "length"),
    [
        (None, 200, 1_000_000),
        ("bytes=0-0", 206, 1),
        ("bytes=10-19", 206, 10),
        ("bytes=-7", 206, 7),
        ("bytes=999999-", 206, 1),
        ("bytes=0-1,4-5", 200, 1_000_000),
        ("bytes=1000000-", 416, None),
    ],
)
def test_byte_ranges_of_get_and_head_have_the_same_length(
    live_site: Server, asked: str | None, status: int, length: int | None
) -> None:
    headers = {"Range": asked} if asked else {}
    answer, body = live_site.ask(SHORT, **headers)
    head, nothing = live_site.ask(SHORT, "HEAD", **headers)
    assert answer.status == head.status == status
    assert nothing == b""
    assert head.headers["Content-Length"] == answer.headers["Content-Length"] == str(len(body))
    assert head.headers["Content-Range"] == answer.headers["Content-Range"]
    assert length in (len(body), None)


def test_an_unmodified_document_is_not_sent_again(live_site: Server) -> None:
    answer, _ = live_site.ask(SHORT)
    for name, value in (
        ("If-None-Match", answer.headers["ETag"]),
        ("If-Modified-Since", answer.headers["Last-Modified"]),
    ):
        again, body = live_site.ask(SHORT, **{name: value})
        assert (again.status, body) == (304, b"")
        assert "Content-Length" not in again.headers
        assert again.headers["ETag"] == answer.headers["ETag"]


def test_options_lists_the_allowed_methods(live_site: Server) -> None:
    answer, body = live_site.ask(SHORT, "OPTIONS")
    assert (answer.status, body) == (204, b"")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(("encoding", "suffix"), [("br", ".br"), ("gzip", ".gz"), (None, "")])
def test_static_files_are_sent_in_their_compressed_form(
    live_site: Server, folder: Path, encoding: str | None, suffix: str
) -> None:
    name = next((folder / "static" / "css").glob("site.*.css")).name
    headers = {"Accept-Encoding": encoding} if encoding else {}
    answer, body = live_site.ask(f"/static/css/{name}", **headers)
    assert answer.headers["Content-Encoding"] == encoding
    assert "immutable" in answer.headers["Cache-Control"]
    assert body == (folder / "static" / "css" / f"{name}{suffix}").read_bytes()
    part, some = live_site.ask(f"/static/css/{name}", Range="bytes=5-14", **headers)
    assert (part.status, some) == (206, body[5:15])


def test_stalled_downloads_neither_block_others_nor_need_much_memory(live_site: Server) -> None:
    live_site.ask("/")
    quiet = live_site.memory()
    with live_site.stalled_readers(20, LONG):
        for _ in range(20):
            answer, _ = live_site.ask("/")
            assert answer.status == 200
        assert live_site.memory() - quiet < 60


def test_stalled_uploads_do_not_block_others(live_site: Server) -> None:
    with live_site.stalled_uploads(12):
        for _ in range(20):
            answer, _ = live_site.ask("/")
            assert answer.status == 200


def test_a_killed_worker_is_restarted(live_site: Server) -> None:
    lost = live_site.workers()[0]
    os.kill(lost, signal.SIGKILL)
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while lost in live_site.workers() or len(live_site.workers()) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    answer, _ = live_site.ask("/")
    assert answer.status == 200


def test_http_2_is_refused(live_site: Server) -> None:
    """The other version would let one connection ask without end."""
    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(3) + b"\x04" + bytes(5)
    assert b"200" not in live_site.say(preface)[:20]


def test_the_server_stops_in_time_despite_stalled_downloads(folder: Path) -> None:
    server = serve(folder, WORKERS="1")
    try:
        with server.stalled_readers(4, LONG):
            server.process.terminate()
            server.process.wait(STOP_TIMEOUT_SECONDS)
        with pytest.raises(OSError), socket.create_connection(("127.0.0.1", server.port)):
            raise AssertionError("it still answers")
    finally:
        server.end()
