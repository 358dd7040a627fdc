"""Passwords of known breaches are refused, and a service that is away stops nobody."""

import hashlib
import http.server
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from django.conf import LazySettings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from bhp_site.home import golive
from bhp_site.sign_in import breached_passwords
from bhp_site.sign_in.breached_passwords import BreachedPasswordValidator

BREACHED = "quartz lantern seventeen oboe"
# A service that pads its responses adds lines with the count 0.
PADDING = "violet harbour eleven cello"


def get_digest(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


class RangeServer(http.server.ThreadingHTTPServer):
    """A service that speaks the range protocol of Pwned Passwords."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), RangeHandler)
        self.requests: list[tuple[str, str | None]] = []
        self.status = 200
        self.pause_seconds = 0.0
        self.body = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/range/"


class RangeHandler(http.server.BaseHTTPRequestHandler):
    server: RangeServer

    def do_GET(self) -> None:
        prefix = self.path.rpartition("/")[2]
        self.server.requests.append((self.path, self.headers["Add-Padding"]))
        time.sleep(self.server.pause_seconds)
        rows = [
            f"{get_digest(password)}:{count}" for password, count in ((BREACHED, 7), (PADDING, 0))
        ]
        lines = [row[5:] for row in rows if row.startswith(prefix)]
        body = (self.server.body or "\r\n".join([f"{'0' * 35}:3", *lines])).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def service(settings: LazySettings) -> Iterator[RangeServer]:
    with RangeServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        settings.BREACHED_PASSWORDS = server.url
        yield server
        server.shutdown()
        thread.join()


def is_refused(password: str) -> bool:
    try:
        BreachedPasswordValidator().validate(password)
    except ValidationError as error:
        return error.code == "password_breached"
    return False


def test_only_a_part_of_the_hash_leaves_the_site(service: RangeServer) -> None:
    assert is_refused(BREACHED)
    assert service.requests == [(f"/range/{get_digest(BREACHED)[:5]}", "true")]
    assert not is_refused("another password altogether")
    assert not is_refused(PADDING)


def test_an_account_cannot_get_such_a_password(service: RangeServer) -> None:
    with pytest.raises(ValidationError, match="This password has appeared in a data breach"):
        validate_password(BREACHED)


@pytest.mark.parametrize("fault", ["status", "slow", "long", "nonsense", "empty", "away"])
def test_a_service_that_fails_stops_nobody(
    service: RangeServer,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: str,
) -> None:
    if fault == "status":
        service.status = 503
    elif fault == "slow":
        monkeypatch.setattr(breached_passwords, "TIMEOUT_SECONDS", 0.05)
        service.pause_seconds = 0.2
    elif fault == "long":
        monkeypatch.setattr(breached_passwords, "MAX_RANGE_BYTES", 20)
    elif fault == "nonsense":
        service.body = "<html>A sign-in page of the network</html>"
    elif fault == "empty":
        service.body = "\r\n"
    else:
        settings.BREACHED_PASSWORDS = "http://127.0.0.1:1/range/"
    assert not is_refused(BREACHED)
    assert "was not compared with those of breaches" in caplog.text
    for digits in (get_digest(BREACHED)[:5], get_digest(BREACHED)[5:]):
        assert digits not in caplog.text
    assert golive.check_breached_passwords().done is False


def test_a_connection_that_hangs_holds_nobody(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The timeout of a socket begins after the name was looked up, and anew for each address."""
    settings.BREACHED_PASSWORDS = "https://breaches.example/range/"
    monkeypatch.setattr(breached_passwords, "TIMEOUT_SECONDS", 0.05)
    release = threading.Event()
    monkeypatch.setattr(requests, "get", lambda *args, **options: release.wait(10))
    started = time.monotonic()
    assert not is_refused(BREACHED)
    release.set()
    assert time.monotonic() - started < 5
    assert "was not compared with those of breaches" in caplog.text


def test_the_list_can_be_a_folder(
    settings: LazySettings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.BREACHED_PASSWORDS = str(tmp_path)
    digest = get_digest(BREACHED)
    (tmp_path / f"{digest[:5]}.txt").write_text(f"{'0' * 35}:1\r\n{digest[5:]}:12\r\n")
    assert is_refused(BREACHED)
    assert not is_refused("another password altogether")
    # The file of that range is missing.
    assert get_digest("another password altogether")[:5] not in caplog.text
    assert golive.check_breached_passwords().done is False
    (tmp_path / "00000.txt").write_text(f"{'0' * 35}:1\r\n")
    assert golive.check_breached_passwords().done


def test_it_can_be_switched_off(settings: LazySettings) -> None:
    settings.BREACHED_PASSWORDS = "off"
    assert not is_refused(BREACHED)
    assert golive.check_breached_passwords().done is False
