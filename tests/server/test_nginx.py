"""The site behind nginx with the configuration of docs/deploy/nginx.conf."""

import os
from collections.abc import Iterator

import pytest

from .live_server import Server, ask, prepare, serve
from .nginx import NGINX, start_proxy

pytestmark = [
    pytest.mark.skipif(
        bool(os.environ.get("TEST_DATABASE_URL")), reason="it starts sites of its own, on SQLite"
    ),
    pytest.mark.skipif(not NGINX and not os.environ.get("CI"), reason="nginx is not installed"),
]
DOCUMENT = "/documents/numbers-1000000.csv"
# Headers that belong to one connection or to one moment.
CONNECTION_HEADERS = {"connection", "date", "server", "keep-alive", "cache-status"}


@pytest.fixture(scope="module")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("behind")
    prepare(folder, 1_000_000)
    server = serve(folder, BEHIND_PROXY="1", WORKERS="1")
    yield server
    server.end()


@pytest.fixture(scope="module")
def proxy_port(upstream: Server) -> Iterator[int]:
    proxy = start_proxy(upstream)
    yield proxy.port
    proxy.end()


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {}, 200),
        ("/", {"Accept_Encoding": "br"}, 200),
        (DOCUMENT, {}, 200),
        (DOCUMENT, {"Range": "bytes=10-19"}, 206),
        (DOCUMENT, {"Range": "bytes=2000000-"}, 416),
        (DOCUMENT, {"If_None_Match": "*"}, 304),
    ],
)
def test_nginx_passes_every_response_on_unchanged(
    upstream: Server, proxy_port: int, path: str, headers: dict[str, str], status: int
) -> None:
    direct, body = upstream.ask(path, **headers)
    through, passed_on = ask(proxy_port, path, **headers)
    assert (through.status, passed_on) == (direct.status, body)
    assert through.status == status
    expected, received = (
        {name.lower(): value for name, value in response.getheaders()}
        for response in (direct, through)
    )
    for name in CONNECTION_HEADERS:
        expected.pop(name, None), received.pop(name, None)
    assert received == expected


def test_a_visitor_cannot_claim_to_use_https(proxy_port: int) -> None:
    response, _ = ask(proxy_port, "/robots.txt", X_Forwarded_Proto="https")
    assert response.status == 200
    _, body = ask(proxy_port, "/robots.txt", X_Forwarded_Proto="https")
    assert b"Sitemap: http://" in body
