"""What the front makes of requests and answers, on the wire of a real granian."""

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
from .live_server import PATIENCE, Server

MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module", params=[(), ("untested",)], ids=["fast path", "untested granian"])
def odd(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The server in front of an application that responds as it is asked to."""
    folder, port = tmp_path_factory.mktemp("odd"), free_port()
    target = "tests.server.unusual_app:application"
    command = [sys.executable, "-m", "tests.server.start", target, *request.param]
    variables = {"DATA_DIR": str(folder), "PORT": str(port), "WORKERS": "1"}
    server = Server(command, port, folder / "log", **variables)
    yield server
    server.end()


def told(server: Server, request: str, headers: bytes = b"", body: bytes = b"") -> dict[str, Any]:
    """What the application was told of a `request`, which is written as it is."""
    head = f"{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n".encode()
    answer = server.say(head + headers + b"\r\n" + body)
    assert answer.startswith(b"HTTP/1.1 200"), answer
    return json.loads(answer.partition(b"\r\n\r\n")[2])


def status(answer: bytes) -> int:
    return int(answer.split()[1])


def test_the_request_is_told_as_the_interface_has_it(odd: Server) -> None:
    said = told(odd, "GET /news/?q=%C3%A9")
    assert said["REQUEST_METHOD"] == "GET"
    assert (said["SCRIPT_NAME"], said["PATH_INFO"]) == ("", "/news/")
    assert said["QUERY_STRING"] == "q=%C3%A9"
    assert (said["SERVER_NAME"], said["SERVER_PORT"]) == ("127.0.0.1", str(odd.port))
    assert said["SERVER_PROTOCOL"] == "HTTP/1.1"
    assert said["REMOTE_ADDR"] == "127.0.0.1"
    assert said["wsgi.url_scheme"] == "http"
    assert said["HTTP_HOST"] == "localhost"
    assert (said["CONTENT_TYPE"], said["CONTENT_LENGTH"]) == ("", "0")


@pytest.mark.parametrize(
    ("written", "path"),
    [("/caf%C3%A9", "/café"), ("/café", "/café"), ("/%E2%82%AC", "/€"), ("/%ff", "/\ufffd")],
)
def test_a_path_is_told_in_bytes(odd: Server, written: str, path: str) -> None:
    assert told(odd, f"GET {written}")["PATH_INFO"].encode("latin-1").decode() == path


def test_a_query_is_told_in_bytes(odd: Server) -> None:
    assert told(odd, "GET /?q=é")["QUERY_STRING"] == "q=Ã©"


def test_a_header_that_is_not_ascii_was_not_sent(odd: Server) -> None:
    said = told(odd, "GET /", "Cookie: name=é\r\nReferer: /news/\r\n".encode())
    assert "HTTP_COOKIE" not in said
    assert said["HTTP_REFERER"] == "/news/"


def test_a_name_with_an_underscore_was_not_sent(odd: Server) -> None:
    said = told(odd, "GET /", b"X_Forwarded_Proto: https\r\nX-Forwarded-For: 192.0.2.1\r\n")
    assert "HTTP_X_FORWARDED_PROTO" not in said
    assert said["HTTP_X_FORWARDED_FOR"] == "192.0.2.1"
    assert said["REMOTE_ADDR"] == "127.0.0.1"


def test_a_header_sent_twice_is_one(odd: Server) -> None:
    said = told(odd, "GET /", b"Accept: a\r\nCookie: a=1\r\nAccept: b\r\nCookie: b=2\r\n")
    assert said["HTTP_ACCEPT"] == "a,b"
    assert said["HTTP_COOKIE"] == "a=1; b=2"


@pytest.mark.parametrize("length", [0, 1, 3 * MEGABYTE])
def test_a_body_comes_whole(odd: Server, length: int) -> None:
    body = b"ab\r\n" * (length // 4) + b"c" * (length % 4)
    said = told(odd, "POST /", f"Content-Length: {length}\r\n".encode(), body)
    assert (said["length"], said["CONTENT_LENGTH"]) == (length, str(length))
    assert said["sha256"] == hashlib.sha256(body).hexdigest()
    assert "HTTP_CONTENT_LENGTH" not in said


def test_a_length_sent_twice_is_one(odd: Server) -> None:
    said = told(odd, "POST /", b"Content-Length: 3\r\nContent-Length: 3\r\n", b"abc")
    assert (said["length"], said["CONTENT_LENGTH"]) == (3, "3")


def test_a_connection_goes_on_after_a_body(odd: Server) -> None:
    one = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"
    last = one.replace(b"Host", b"Connection: close\r\nHost")
    assert odd.say(one + last).count(b"HTTP/1.1 200") == 2


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
def test_a_body_that_cannot_be_taken_is_refused(odd: Server, headers: str, refused: int) -> None:
    runs = told(odd, "GET /")["requests"]
    head = f"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n\r\n"
    assert status(odd.say(head.encode() + b"3\r\nabc")) == refused
    assert told(odd, "GET /")["requests"] == runs + 1


def test_a_request_broken_off_is_not_run(odd: Server) -> None:
    runs = told(odd, "GET /")["requests"]
    with odd.connect() as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc")
    time.sleep(0.2)
    assert told(odd, "GET /")["requests"] == runs + 1


def test_head_says_how_long_the_body_would_be(odd: Server) -> None:
    answer, body = odd.ask("/", "HEAD")
    assert int(answer.headers["Content-Length"]) > 100
    assert body == b""


@pytest.mark.parametrize("code", [204, 304])
def test_some_answers_have_no_body(odd: Server, code: int) -> None:
    head = f"GET /?status={code} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    head, _, body = odd.say(head.encode()).partition(b"\r\n\r\n")
    assert status(head) == code
    assert b"content-length" not in head
    assert body == b""


def test_an_answer_before_the_last_is_a_failure(odd: Server) -> None:
    answer, body = odd.ask("/?status=103")
    assert (answer.status, body) == (500, b"The server has failed.\n")
    assert "103 is not a final status" in odd.log.read_text()


@pytest.mark.parametrize(("query", "value"), [("%C3%83%C2%A9", "é"), ("a%0Bb", None)])
def test_a_header_of_an_answer_is_sent_as_it_is_or_not_at_all(
    odd: Server, query: str, value: str | None
) -> None:
    answer, _ = odd.ask(f"/?X-Name={query}")
    found = answer.headers["Name"]
    assert (found and found.encode("latin-1").decode()) == value


@pytest.mark.parametrize("length", [MEGABYTE // 16, 20 * MEGABYTE])
def test_what_is_generated_comes_whole(odd: Server, length: int) -> None:
    answer, body = odd.ask(f"/?bytes={length}")
    assert answer.headers["Content-Length"] == str(length)
    assert body == b"0123456789abcdef" * (length // 16)


def test_what_is_generated_does_not_wait_in_memory(odd: Server) -> None:
    odd.ask(f"/?bytes={20 * MEGABYTE}")
    quiet = odd.memory()
    with odd.stalled_readers(8, f"/?bytes={20 * MEGABYTE}"):
        assert odd.ask("/")[0].status == 200
        assert odd.memory() - quiet < 60


def test_what_was_made_for_one_answer_is_thrown_away(odd: Server) -> None:
    spool: Path = odd.log.parent / "spool"
    with odd.stalled_readers(1, f"/?bytes={20 * MEGABYTE}") as (client,):
        deadline = time.monotonic() + PATIENCE
        while any(spool.iterdir()):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        # Whoever has begun to read it reads it to its end.
        left = 20 * MEGABYTE
        while left > 0 and (chunk := client.recv(MEGABYTE)):
            left -= len(chunk)
        assert left <= 0


@pytest.mark.skipif(not hasattr(os, "SCHED_BATCH"), reason="Linux alone has it")
def test_no_thread_of_the_server_is_interrupted_by_one_it_wakes(
    odd: Server, request: pytest.FixtureRequest
) -> None:
    told(odd, "GET /")
    expected = os.SCHED_OTHER if "untested" in request.node.name else os.SCHED_BATCH
    for worker in odd.workers():
        for thread in os.listdir(f"/proc/{worker}/task"):
            assert os.sched_getscheduler(int(thread)) == expected
