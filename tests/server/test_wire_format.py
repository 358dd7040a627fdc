"""Requests and responses of the RSGI application in a real granian, byte by byte."""

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..subprocesses import free_port
from .live_server import TIMEOUT_SECONDS, Server

MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module", params=[(), ("untested",)], ids=["fast path", "untested granian"])
def unusual_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The server in front of an application that responds as the query says."""
    folder, port = tmp_path_factory.mktemp("unusual"), free_port()
    target = "tests.server.unusual_app:application"
    command = [sys.executable, "-m", "tests.server.start", target, *request.param]
    variables = {"DATA_DIR": str(folder), "PORT": str(port), "WORKERS": "1"}
    server = Server(command, port, folder / "log", **variables)
    yield server
    server.end()


def get_environ(
    server: Server, request: str, headers: bytes = b"", body: bytes = b""
) -> dict[str, Any]:
    """Send `request` as it is; return the environ that the WSGI application got."""
    head = f"{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n".encode()
    answer = server.say(head + headers + b"\r\n" + body)
    assert answer.startswith(b"HTTP/1.1 200"), answer
    return json.loads(answer.partition(b"\r\n\r\n")[2])


def get_status(answer: bytes) -> int:
    return int(answer.split()[1])


def test_the_environ_follows_pep_3333(unusual_server: Server) -> None:
    environ = get_environ(unusual_server, "GET /news/?q=%C3%A9")
    assert environ["REQUEST_METHOD"] == "GET"
    assert (environ["SCRIPT_NAME"], environ["PATH_INFO"]) == ("", "/news/")
    assert environ["QUERY_STRING"] == "q=%C3%A9"
    assert (environ["SERVER_NAME"], environ["SERVER_PORT"]) == (
        "127.0.0.1",
        str(unusual_server.port),
    )
    assert environ["SERVER_PROTOCOL"] == "HTTP/1.1"
    assert environ["REMOTE_ADDR"] == "127.0.0.1"
    assert environ["wsgi.url_scheme"] == "http"
    assert environ["HTTP_HOST"] == "localhost"
    assert (environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"]) == ("", "0")


@pytest.mark.parametrize(
    ("written", "path"),
    [("/caf%C3%A9", "/café"), ("/café", "/café"), ("/%E2%82%AC", "/€"), ("/%ff", "/\ufffd")],
)
def test_a_path_is_passed_as_bytes(unusual_server: Server, written: str, path: str) -> None:
    assert (
        get_environ(unusual_server, f"GET {written}")["PATH_INFO"].encode("latin-1").decode()
        == path
    )


def test_a_query_is_passed_as_bytes(unusual_server: Server) -> None:
    assert get_environ(unusual_server, "GET /?q=é")["QUERY_STRING"] == "q=Ã©"


def test_a_header_that_is_not_ascii_is_ignored(unusual_server: Server) -> None:
    environ = get_environ(unusual_server, "GET /", "Cookie: name=é\r\nReferer: /news/\r\n".encode())
    assert "HTTP_COOKIE" not in environ
    assert environ["HTTP_REFERER"] == "/news/"


def test_a_header_name_with_an_underscore_is_ignored(unusual_server: Server) -> None:
    environ = get_environ(
        unusual_server, "GET /", b"X_Forwarded_Proto: https\r\nX-Forwarded-For: 192.0.2.1\r\n"
    )
    assert "HTTP_X_FORWARDED_PROTO" not in environ
    assert environ["HTTP_X_FORWARDED_FOR"] == "192.0.2.1"
    assert environ["REMOTE_ADDR"] == "127.0.0.1"


def test_repeated_headers_are_joined(unusual_server: Server) -> None:
    environ = get_environ(
        unusual_server, "GET /", b"Accept: a\r\nCookie: a=1\r\nAccept: b\r\nCookie: b=2\r\n"
    )
    assert environ["HTTP_ACCEPT"] == "a,b"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"


@pytest.mark.parametrize("length", [0, 1, 3 * MEGABYTE])
def test_a_body_arrives_complete(unusual_server: Server, length: int) -> None:
    body = b"ab\r\n" * (length // 4) + b"c" * (length % 4)
    environ = get_environ(unusual_server, "POST /", f"Content-Length: {length}\r\n".encode(), body)
    assert (environ["length"], environ["CONTENT_LENGTH"]) == (length, str(length))
    assert environ["sha256"] == hashlib.sha256(body).hexdigest()
    assert "HTTP_CONTENT_LENGTH" not in environ


def test_a_repeated_content_length_is_accepted(unusual_server: Server) -> None:
    environ = get_environ(
        unusual_server, "POST /", b"Content-Length: 3\r\nContent-Length: 3\r\n", b"abc"
    )
    assert (environ["length"], environ["CONTENT_LENGTH"]) == (3, "3")


def test_a_connection_stays_open_after_a_body(unusual_server: Server) -> None:
    one = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"
    last = one.replace(b"Host", b"Connection: close\r\nHost")
    assert unusual_server.say(one + last).count(b"HTTP/1.1 200") == 2


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ("Content-Length: 4194305", 413),
        ("Content-Length: -1", 400),
        ("Content-Length: 3\r\nContent-Length: 4", 400),
        ("Transfer-Encoding: chunked", 411),
        ("Content-Length: 3\r\nTransfer-Encoding: chunked", 411),
        # Nothing comes after its first bytes.
        ("Content-Length: 10", 408),
    ],
)
def test_unacceptable_bodies_are_refused(
    unusual_server: Server, headers: str, refused: int
) -> None:
    runs = get_environ(unusual_server, "GET /")["requests"]
    head = f"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n\r\n"
    assert get_status(unusual_server.say(head.encode() + b"3\r\nabc")) == refused
    assert get_environ(unusual_server, "GET /")["requests"] == runs + 1


@pytest.mark.parametrize("hosts", ["", "Host: localhost\r\nHost: localhost\r\n"])
def test_a_missing_or_repeated_host_header_is_refused(unusual_server: Server, hosts: str) -> None:
    answer = unusual_server.say(f"GET / HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n".encode())
    assert get_status(answer) == 400


def test_an_interrupted_request_is_not_run(unusual_server: Server) -> None:
    runs = get_environ(unusual_server, "GET /")["requests"]
    with unusual_server.connect() as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc")
    time.sleep(0.2)
    assert get_environ(unusual_server, "GET /")["requests"] == runs + 1


def test_head_has_the_length_of_the_body(unusual_server: Server) -> None:
    answer, body = unusual_server.ask("/", "HEAD")
    assert int(answer.headers["Content-Length"]) > 100
    assert body == b""


@pytest.mark.parametrize("code", [204, 304])
def test_responses_with_status_204_and_304_have_no_body(unusual_server: Server, code: int) -> None:
    head = f"GET /?status={code} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    head, _, body = unusual_server.say(head.encode()).partition(b"\r\n\r\n")
    assert get_status(head) == code
    assert b"content-length" not in head
    assert body == b""


def test_an_interim_status_is_a_failure(unusual_server: Server) -> None:
    answer, body = unusual_server.ask("/?status=103")
    assert (answer.status, body) == (500, b"The server has failed.\n")
    assert "103 is not a final status" in unusual_server.log.read_text()


@pytest.mark.parametrize(("query", "value"), [("%C3%83%C2%A9", "é"), ("a%0Bb", None)])
def test_a_response_header_is_sent_unchanged_or_not_at_all(
    unusual_server: Server, query: str, value: str | None
) -> None:
    answer, _ = unusual_server.ask(f"/?X-Name={query}")
    found = answer.headers["Name"]
    assert (found and found.encode("latin-1").decode()) == value


@pytest.mark.parametrize("length", [MEGABYTE // 16, 20 * MEGABYTE])
def test_a_generated_body_arrives_complete(unusual_server: Server, length: int) -> None:
    answer, body = unusual_server.ask(f"/?bytes={length}")
    assert answer.headers["Content-Length"] == str(length)
    assert body == b"0123456789abcdef" * (length // 16)


def test_generated_bodies_do_not_wait_in_memory(unusual_server: Server) -> None:
    unusual_server.ask(f"/?bytes={20 * MEGABYTE}")
    quiet = unusual_server.memory()
    with unusual_server.stalled_readers(8, f"/?bytes={20 * MEGABYTE}"):
        assert unusual_server.ask("/")[0].status == 200
        assert unusual_server.memory() - quiet < 60


def test_a_spooled_body_is_deleted_after_it_was_sent(unusual_server: Server) -> None:
    spool: Path = unusual_server.log.parent / "spool"
    with unusual_server.stalled_readers(1, f"/?bytes={20 * MEGABYTE}") as (client,):
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while any(spool.iterdir()):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        # Whoever has begun to read it reads it to its end.
        left = 20 * MEGABYTE
        while left > 0 and (chunk := client.recv(MEGABYTE)):
            left -= len(chunk)
        assert left <= 0


@pytest.mark.skipif(not hasattr(os, "SCHED_BATCH"), reason="Linux alone has it")
def test_the_fast_path_sets_the_scheduling_policy_of_every_thread(
    unusual_server: Server, request: pytest.FixtureRequest
) -> None:
    get_environ(unusual_server, "GET /")
    expected = os.SCHED_OTHER if "untested" in request.node.name else os.SCHED_BATCH
    for worker in unusual_server.workers():
        for thread in os.listdir(f"/proc/{worker}/task"):
            assert os.sched_getscheduler(int(thread)) == expected
