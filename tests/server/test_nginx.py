"""Behind nginx as its shipped configuration has it: Django decides, nginx sends, all is intact."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from .live_server import Server, ask, prepare, serve
from .nginx import BEHIND, NGINX, before

pytestmark = [
    pytest.mark.skipif(
        bool(os.environ.get("TEST_DATABASE_URL")), reason="it starts sites of its own, on SQLite"
    ),
    pytest.mark.skipif(not NGINX and not os.environ.get("CI"), reason="nginx is not installed"),
]
FILE = "/documents/numbers-1000000.csv"
# What belongs to one connection or one moment.
EXCLUDED_HEADERS = {"connection", "date", "server", "keep-alive", "transfer-encoding"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("behind")
    prepare(folder, 1_000_000)
    return folder


@pytest.fixture(scope="module", params=["rsgi", "wsgi"])
def site(request: pytest.FixtureRequest, folder: Path) -> Iterator[Server]:
    server = serve(folder, request.param, **BEHIND)
    yield server
    server.end()


@pytest.fixture(scope="module")
def port(site: Server) -> Iterator[int]:
    """Where nginx answers, before the site."""
    nginx = before(site)
    yield nginx.port
    nginx.end()


def test_nginx_sends_the_file_with_all_that_django_says(site: Server, port: int) -> None:
    said, nothing = site.ask(FILE)
    answer, body = ask(port, FILE)
    assert nothing == b""
    assert said.headers["X-Accel-Redirect"].startswith("/files-of-the-site/documents/")
    assert answer.status == 200
    assert hashlib.sha256(body).hexdigest() == answer.headers["ETag"].strip('"')
    kept = {n.lower(): v for n, v in said.getheaders() if n.lower() not in EXCLUDED_HEADERS}
    got = {n.lower(): v for n, v in answer.getheaders() if n.lower() not in EXCLUDED_HEADERS}
    assert kept.pop("x-accel-redirect")
    # Of one request: where it was made, or who is answered.
    for name in ("cache-status", "x-request-id"):
        assert (name in kept) == (name in got)
        kept.pop(name, None), got.pop(name, None)
    assert (kept.pop("content-length", "0"), got.pop("content-length")) == ("0", "1000000")
    assert (got.pop("accept-ranges"), answer.headers.get_all("Accept-Ranges")) == (
        "bytes",
        ["bytes"],
    )
    assert got == kept


@pytest.mark.parametrize(
    ("asked", "status", "span"),
    [
        ({"Range": "bytes=10-19"}, 206, (10, 20)),
        ({"Range": "bytes=-7"}, 206, (999_993, 1_000_000)),
        ({"Range": "bytes=10-19", "If_Range": "{etag}"}, 206, (10, 20)),
        ({"Range": "bytes=10-19", "If_Range": '"other"'}, 200, (0, 1_000_000)),
        ({"Range": "bytes=2000000-"}, 416, (0, 0)),
        ({"If_None_Match": "{etag}"}, 304, (0, 0)),
        ({"If_None_Match": '"other"'}, 200, (0, 1_000_000)),
    ],
)
def test_parts_and_conditions(
    port: int, asked: dict[str, str], status: int, span: tuple[int, int]
) -> None:
    whole, body = ask(port, FILE)
    sent = {name: value.format(etag=whole.headers["ETag"]) for name, value in asked.items()}
    answer, part = ask(port, FILE, **sent)
    assert answer.status == status
    assert part == body[slice(*span)]
    if status == 206:
        assert answer.headers["Content-Range"] == f"bytes {span[0]}-{span[1] - 1}/1000000"


def test_files_have_no_other_address(port: int, site: Server) -> None:
    place = site.ask(FILE)[0].headers["X-Accel-Redirect"]
    assert ask(port, place)[0].status == 404
    assert ask(port, "/files-of-the-site/../site.sqlite3")[0].status in (400, 404)
    assert ask(port, "/documents/none.csv")[0].status == 404


def test_pages_pass_through(port: int) -> None:
    answer, body = ask(port, "/")
    assert answer.status == 200
    assert b"<h1" in body
    assert "X-Accel-Redirect" not in answer.headers
