"""How the launcher starts, watches and ends the site."""

import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from bhp_site import __main__ as launcher
from bhp_site import health

from .conftest import STUBBORN, free_port, launch


def test_debugging_has_a_server_that_reloads(settings: Settings) -> None:
    assert "bhp_site.server" in launcher.commands()["server"]
    settings.DEBUG = True
    assert "runserver" in launcher.commands()["server"]


def test_a_worker_that_ends_is_started_again(
    site: launcher.Site, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("server", *launcher.BACKGROUND):
        site.start(name)
    first = site.running["worker"]
    first.kill()
    first.wait()
    threading.Timer(1.5, site.end, (signal.SIGTERM, None)).start()
    assert site.watch() == 0
    assert site.running["worker"].poll() is None
    assert "The worker has ended by itself" in capsys.readouterr().out


def test_a_server_that_ends_by_itself_ends_the_site(site: launcher.Site) -> None:
    site.start("server")
    site.running["server"].kill()
    site.running["server"].wait()
    assert not site.answers()
    assert site.watch() == 1


def test_a_process_that_does_not_end_is_killed(
    site: launcher.Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher, "GRACE", 0.3)
    stubborn = subprocess.Popen(STUBBORN, start_new_session=True, stdout=subprocess.PIPE)
    assert stubborn.stdout
    stubborn.stdout.readline()
    site.running["server"] = stubborn
    site.stop()
    assert stubborn.wait(5) == -signal.SIGKILL
    stubborn.stdout.close()


def test_a_site_that_is_slow_to_answer_is_left_running(
    site: launcher.Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    site.start("server")
    answers = iter([False, True])
    monkeypatch.setattr(health, "answers", lambda *args: next(answers))
    assert site.answers()
    monkeypatch.setattr(health, "answers", lambda *args: False)
    monkeypatch.setattr(launcher, "PATIENCE", 0)
    assert not site.answers()
    assert "it is left running" in capsys.readouterr().out


def test_it_says_where_everything_is(
    db: None, data: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.EMAIL_TRANSPORT = "django.core.mail.backends.filebased.EmailBackend"
    password = launcher.prepare()
    launcher.announce(password)
    first = capsys.readouterr().out
    assert f"{settings.SITE_URL}/admin/" in first
    assert password in first
    assert str(settings.EMAIL_FILE_PATH) in first
    launcher.announce("")
    later = capsys.readouterr().out
    assert password not in later
    assert str(data / "first-password") in later


def test_it_goes_through_its_steps_in_order(
    monkeypatch: pytest.MonkeyPatch, site: launcher.Site
) -> None:
    steps: list[str] = []

    def step(name: str, value: Any = None) -> Callable[..., Any]:
        return lambda *args: (steps.append(name), value)[1]

    for name, value in (("refuse_taken_port", None), ("prepare_alone", "word"), ("announce", None)):
        monkeypatch.setattr(launcher, name, step(name, value))
    monkeypatch.setattr(health, "answers", step("answers", True))
    monkeypatch.setattr(signal, "signal", step("signal"))
    monkeypatch.setattr(launcher.Site, "watch", step("watch", 0))
    monkeypatch.setattr(sys, "argv", ["bhp_site"])
    assert launcher.main() == 0
    assert [name for name in steps if name != "signal"] == [
        "refuse_taken_port",
        "prepare_alone",
        "answers",
        "announce",
        "watch",
    ]


def test_health_is_asked_for_by_the_sites_own_name(
    answering: Callable[[int], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    well, ill = answering(200), answering(500)
    assert health.answers("0.0.0.0", well, "www.example.org")
    assert not health.answers("127.0.0.1", well, "another.example.org")
    assert not health.answers("127.0.0.1", ill, "www.example.org")
    assert not health.answers("127.0.0.1", free_port(), "www.example.org")
    monkeypatch.setenv("HOST", "0.0.0.0")
    monkeypatch.setenv("SITE_URL", "https://www.example.org")
    for port, code in ((well, 0), (ill, 1)):
        monkeypatch.setenv("PORT", str(port))
        assert health.main() == code


def test_the_site_comes_up_empty_and_ends_when_asked(tmp_path: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    process = launch(tmp_path, PORT=str(port), DEMO="0")
    assert process.stdout
    said = []
    for line in process.stdout:
        said.append(line)
        if "Ctrl-C ends it" in line:
            break
    assert address in "".join(said), "".join(said)
    with urllib.request.urlopen(address, timeout=20) as response:
        assert response.status == 200
    start = time.monotonic()
    process.terminate()
    assert process.wait(20) == 0
    assert time.monotonic() - start < 12
    process.stdout.close()
    with socket.create_server(("127.0.0.1", port)):
        pass
