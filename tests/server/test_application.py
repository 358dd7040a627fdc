"""The RSGI application, with a protocol that records what is sent."""

import asyncio
import errno
import gc
import os
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import File
from pytest_django import Settings

from bhp_site.files.byte_ranges import FilePart
from bhp_site.launcher.processes import STOP_TIMEOUT_SECONDS
from bhp_site.server import application as module
from bhp_site.server import request_bodies, wsgi_runner
from bhp_site.server.__main__ import get_granian_options
from bhp_site.server.responses import Headers
from bhp_site.server.wsgi_environ import build_environ_from_scope

LONG = wsgi_runner.MAX_BODY_IN_MEMORY_BYTES + 1


class Protocol:
    """The chunks of a body to send, and the response that was sent."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = iter([*chunks, b""])
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body: bytes | None = None
        self.path = ""

    def __aiter__(self) -> "Protocol":
        return self

    async def __anext__(self) -> bytes:
        return next(self.chunks)

    def response_empty(self, status: int, headers: Headers) -> None:
        self.status, self.headers = status, dict(headers)
        assert len(self.headers) == len(headers), "a header was sent twice"

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        self.response_empty(status, headers)
        self.body = body

    def response_file_range(
        self, status: int, headers: Headers, path: str, start: int, end: int
    ) -> None:
        self.response_empty(status, headers)
        self.path, self.body = path, Path(path).read_bytes()[start:end]


class RequestHeaders:
    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = headers

    def get(self, name: str) -> str | None:
        return self.headers.get(name)

    def get_all(self, name: str) -> list[str]:
        return [self.headers[name]] if name in self.headers else []

    def items(self) -> Iterable[tuple[str, str]]:
        return self.headers.items()


def scope(method: str = "GET", **headers: str) -> Any:
    return SimpleNamespace(
        method=method,
        path="/",
        query_string="",
        http_version="1",
        scheme="http",
        server="[::1]:8000",
        client="[2001:db8::1]:5000",
        headers=RequestHeaders(
            {"host": "localhost"}
            | {name.replace("_", "-"): value for name, value in headers.items()}
        ),
    )


def ask(
    application: Callable[..., Any], *chunks: bytes, method: str = "GET", **headers: str
) -> Protocol:
    """What an `application` answers to a body of `chunks`."""
    protocol = Protocol(*chunks)
    if chunks:
        headers.setdefault("content_length", str(len(b"".join(chunks))))
    asyncio.run(module.SiteApplication(application, 1).__rsgi__(scope(method, **headers), protocol))  # type: ignore[arg-type]
    return protocol


def make_answering_application(
    result: Iterable[bytes] | None = None, status: str = "200 OK", **headers: str
) -> Callable[..., Any]:
    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        start(status, [(name.replace("_", "-"), value) for name, value in headers.items()])
        return [environ["wsgi.input"].read()] if result is None else result

    return application


def make_sending_application(opened: Any) -> Callable[..., Any]:
    """An application that sends an open file as Django does."""

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        start("200 OK", [])
        return environ["wsgi.file_wrapper"](opened, 4096)

    return application


@pytest.fixture
def lasting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of 100 bytes in a folder whose files stay."""
    monkeypatch.setattr(wsgi_runner, "PERMANENT_FOLDERS", (tmp_path,))
    path = tmp_path / "file"
    path.write_bytes(bytes(range(100)))
    return path


@pytest.fixture
def spool(tmp_path: Path, settings: Settings) -> Path:
    settings.SPOOL_DIR = tmp_path / "spool"
    settings.SPOOL_DIR.mkdir()
    return settings.SPOOL_DIR


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_an_upload_for_which_there_is_no_room_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(request_bodies.tempfile, "SpooledTemporaryFile", fail)
    answer = ask(make_answering_application(), b"body", method="POST")
    assert answer.status == 503
    assert answer.headers["Retry-After"]
    assert answer.body is not None
    assert b"The disk of the server is full. Nothing was saved." in answer.body


@pytest.mark.parametrize("bytes_on_disk", [0, 10, LONG])
def test_a_long_answer_needs_no_room_on_the_disk(
    spool: Path, monkeypatch: pytest.MonkeyPatch, bytes_on_disk: int
) -> None:
    open_file = os.fdopen

    class FullDisk:
        """A file on a disk that is full after some bytes."""

        def __init__(self, file: Any) -> None:
            self.file, self.room = file, bytes_on_disk

        def __enter__(self) -> "FullDisk":
            return self

        def __exit__(self, *args: object) -> None:
            self.file.close()

        def write(self, data: bytes) -> int:
            if not self.room:
                raise OSError(errno.ENOSPC, "No space left on device")
            count = self.file.write(data[: self.room])
            self.room -= count
            return int(count)

    monkeypatch.setattr(os, "fdopen", lambda *args: FullDisk(open_file(*args)))
    chunks = [b"a" * LONG, b"b" * 10, b"c" * 10]
    answer = ask(make_answering_application(chunks))
    assert (answer.status, answer.body) == (200, b"".join(chunks))
    assert not [*spool.iterdir()]


def test_a_response_has_its_length() -> None:
    answer = ask(
        make_answering_application([b"a", b"b"], Content_Type="text/plain", Content_Length="7")
    )
    assert (answer.status, answer.body) == (200, b"ab")
    assert answer.headers == {"Content-Type": "text/plain", "Content-Length": "2"}


def test_a_head_request_does_not_generate_the_body() -> None:
    def body() -> Iterator[bytes]:
        raise AssertionError("it was asked for")
        yield b""

    answer = ask(make_answering_application(body(), Content_Length="7"), method="HEAD")
    assert (answer.status, answer.body, answer.headers) == (200, None, {"Content-Length": "7"})


def test_environ_has_addresses_without_brackets_and_ports() -> None:
    told = build_environ_from_scope(scope())
    assert (told["REMOTE_ADDR"], told["SERVER_NAME"], told["SERVER_PORT"]) == (
        "2001:db8::1",
        "::1",
        "8000",
    )
    assert told["SERVER_PROTOCOL"] == "HTTP/1.0"


def test_a_body_is_complete_before_django_runs() -> None:
    assert ask(make_answering_application(), b"ab", b"c").body == b"abc"


def test_an_interrupted_request_is_not_run() -> None:
    ran: list[Any] = []
    assert ask(lambda *args: ran.append(args), b"abc", content_length="4").status == 400
    assert ran == []


@pytest.mark.parametrize("value", ["None", "br"])
def test_the_content_encoding_none_is_not_sent(value: str) -> None:
    headers = ask(make_answering_application([], Content_Encoding=value)).headers
    assert headers.get("Content-Encoding") == (None if value == "None" else value)


def test_a_failure_is_logged_without_details_for_the_client(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(environ: dict[str, Any], start: Any) -> Any:
        raise ValueError("the secret")

    answer = ask(fail)
    assert (answer.status, answer.body) == (500, b"The server has failed.\n")
    assert "the secret" in caplog.text


def test_a_failure_while_spooling_leaves_no_file(spool: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"a" * LONG
        raise ValueError

    assert ask(make_answering_application(broken())).status == 500
    assert list(spool.iterdir()) == []


@pytest.mark.parametrize("fails", [False, True])
def test_a_response_is_closed_in_its_own_thread(fails: bool) -> None:
    """The database's connection belongs to the thread."""
    threads = []

    class Result:
        def __iter__(self) -> Iterator[bytes]:
            threads.append(threading.current_thread().name)
            if fails:
                raise ValueError
            return iter([b""])

        def close(self) -> None:
            threads.append(threading.current_thread().name)

    ask(make_answering_application(Result()))
    assert threads == ["django_0"] * 2


def test_a_long_body_is_spooled_to_a_file(spool: Path) -> None:
    answer = ask(make_answering_application([b"a"] * LONG))
    assert answer.body == b"a" * LONG
    assert answer.headers["Content-Length"] == str(LONG)
    assert Path(answer.path).parent == spool


def test_a_permanent_file_is_sent_by_path(lasting: Path) -> None:
    answer = ask(make_sending_application(lasting.open("rb")))
    assert answer.path == str(lasting)
    assert answer.body == lasting.read_bytes()
    assert answer.headers["Content-Length"] == "100"


def test_the_file_of_a_model_is_sent_by_path(lasting: Path) -> None:
    class FieldFile(File):
        path = str(lasting)

    assert ask(
        make_sending_application(FieldFile(lasting.open("rb"), name="relative"))
    ).path == str(lasting)


def test_a_part_of_a_file_is_sent_by_path_and_range(lasting: Path) -> None:
    answer = ask(make_sending_application(FilePart(lasting.open("rb"), 10, 5)))
    assert (answer.path, answer.body) == (str(lasting), bytes(range(10, 15)))
    assert answer.headers["Content-Length"] == "5"


def test_a_partly_read_file_is_sent_from_its_position(lasting: Path) -> None:
    opened = lasting.open("rb")
    opened.seek(90)
    assert ask(make_sending_application(opened)).body == bytes(range(90, 100))


def test_a_temporary_file_is_read_into_the_response(tmp_path: Path, spool: Path) -> None:
    with tempfile.NamedTemporaryFile(dir=tmp_path) as opened:
        opened.write(b"abc")
        opened.seek(0)
        answer = ask(make_sending_application(opened))
    assert (answer.body, answer.path) == (b"abc", "")


def test_a_replaced_file_is_read_into_the_response(lasting: Path) -> None:
    opened = lasting.open("rb")
    lasting.unlink()
    lasting.write_bytes(b"another")
    assert ask(make_sending_application(opened)).body == bytes(range(100))


def test_an_object_like_a_file_is_read_into_the_response() -> None:
    parts = iter([b"ab", b"c", b""])
    looks = SimpleNamespace(read=lambda size: next(parts), close=lambda: None)
    assert ask(make_sending_application(looks)).body == b"abc"


def test_requests_beyond_the_queue_get_503(
    gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_QUEUED_REQUESTS", 2)
    protocols = [Protocol() for _ in range(6)]

    async def crowd() -> None:
        crowded = module.SiteApplication(
            lambda *args: [gate.wait(), make_answering_application([])(*args)][1], 1
        )
        tasks = [asyncio.create_task(crowded.__rsgi__(scope(), each)) for each in protocols]  # type: ignore[arg-type]
        while sum(each.status == 503 for each in protocols) < 3:
            await asyncio.sleep(0.01)
        gate.set()
        await asyncio.gather(*tasks)
        # Those who have gone have left their places.
        later = Protocol()
        await crowded.__rsgi__(scope(), later)  # type: ignore[arg-type]
        protocols.append(later)

    asyncio.run(asyncio.wait_for(crowd(), 60))
    assert sorted(each.status for each in protocols) == [200] * 4 + [503] * 3
    refused = next(each for each in protocols if each.status == 503)
    assert refused.headers["Retry-After"] == "5"


def test_loaded_code_is_excluded_from_garbage_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GC_FREEZE_DELAY_SECONDS", 0)
    started = module.SiteApplication(make_answering_application(), 1)

    async def start() -> None:
        started.__rsgi_init__(asyncio.get_running_loop())
        await asyncio.sleep(0.1)
        started.refresh_task.cancel()

    calls: list[str] = []
    # In the process of the tests, collecting takes seconds.
    monkeypatch.setattr(gc, "collect", lambda: calls.append("collect"))
    monkeypatch.setattr(gc, "freeze", lambda: calls.append("freeze"))
    asyncio.run(start())
    assert calls == ["freeze", "collect", "freeze"]


def test_the_garbage_of_a_request_is_not_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUSY_RETRY_SECONDS", 0)
    calls: list[str] = []
    monkeypatch.setattr(module, "freeze_gc", lambda: calls.append("freeze"))
    started = module.SiteApplication(make_answering_application(), 1)

    async def freeze() -> None:
        loop = asyncio.get_running_loop()
        started.requests = 1
        started.freeze_when_idle(loop)
        for _ in range(3):
            await asyncio.sleep(0)
        assert calls == []
        started.requests = 0
        while not calls:
            await asyncio.sleep(0)

    asyncio.run(asyncio.wait_for(freeze(), 60))
    assert calls == ["freeze"]


@pytest.mark.parametrize(
    ("content_type", "is_freed"),
    [("Multipart/form-data; boundary=a", True), ("application/x-www-form-urlencoded", False)],
)
def test_an_upload_is_freed_although_its_request_refers_to_itself(
    monkeypatch: pytest.MonkeyPatch, content_type: str, is_freed: bool
) -> None:
    class Upload:
        request: Any

    uploads: list[weakref.ref[Upload]] = []

    def receive(environ: Any, start_response: Any) -> Iterable[bytes]:
        upload = Upload()
        upload.request = [upload]
        uploads.append(weakref.ref(upload))
        start_response("200 OK", [])
        return [b"ok"]

    # In the process of the tests, collecting everything takes seconds.
    monkeypatch.setattr(gc, "collect", partial(gc.collect, 0))
    gc.disable()
    try:
        wsgi_runner.run_wsgi(receive, {"REQUEST_METHOD": "POST", "CONTENT_TYPE": content_type})
        assert (uploads[0]() is None) == is_freed
    finally:
        gc.enable()


def test_granian_is_started_with_limits_that_slow_clients_cannot_exhaust() -> None:
    options = get_granian_options()
    assert options["target"] == "bhp_site.server.application:application"
    assert (options["backlog"], options["backpressure"]) == (8192, 4000)
    assert options["http1_settings"].max_buffer_size == 65536
    assert options["runtime_blocking_threads"] == 4
    assert options["respawn_failed_workers"]
    assert options["workers_kill_timeout"] < STOP_TIMEOUT_SECONDS
    assert not options["websockets"]


def test_the_server_listens_where_the_settings_say(settings: Settings) -> None:
    options = get_granian_options()
    assert (options["address"], options["port"]) == (settings.HOST, settings.PORT)
    assert options["workers"] == settings.WORKERS
