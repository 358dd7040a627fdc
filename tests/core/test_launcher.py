"""The launcher: one command prepares what is missing, runs the site and ends it whole."""

import contextlib
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core import management
from django.db import OperationalError

from bhp_site import __main__ as launcher
from bhp_site import health
from bhp_site.core.models import User
from bhp_site.home.models import HomePage
from bhp_site.settings import BASE_DIR

from ..factories import UserFactory

COMMAND = [sys.executable, "-m", "bhp_site"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(data: Path, **more: Any) -> dict[str, str]:
    given = {"PATH": os.environ["PATH"], "DATA_DIR": data, "DEMO": 0, "PORT": free_port()} | more
    return {name: str(value) for name, value in given.items()}


def refusal(env: dict[str, str]) -> str:
    """What a start that is refused says, which is all it says."""
    ended = subprocess.run(
        COMMAND, cwd=BASE_DIR, env=env, capture_output=True, text=True, timeout=120
    )
    assert ended.returncode == 1, ended.stdout
    return ended.stderr


@pytest.mark.parametrize(
    "more, words",
    [
        ({"PORT": "eighty"}, "PORT"),
        ({"SITE_URL": "http://www.example.org"}, "cookies would be sent unencrypted"),
        ({"HOST": "0.0.0.0"}, "would accept unencrypted connections"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgres://me@127.0.0.1:1/site"}, "cannot use its database"),
        ({"DATA_DIR": __file__}, "cannot use its data folder"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_start_that_is_refused_says_why_in_one_line(
    tmp_path: Path, more: dict[str, str], words: str
) -> None:
    said = refusal(environment(tmp_path, **more))
    assert words in said
    assert "Traceback" not in said
    assert said.count("\n") == 1


def test_a_port_in_use_is_named_with_the_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = refusal(environment(tmp_path, PORT=port))
    assert said == (
        f"Port {port} is in use: end what uses it, or choose another with PORT={port + 1}.\n"
    )


def test_an_address_that_is_not_this_machines_is_named() -> None:
    with pytest.raises(SystemExit, match=r"Cannot listen on 192\.0\.2\.1:8000"):
        launcher.refuse_taken_port("192.0.2.1", 8000)


@contextlib.contextmanager
def started(env: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A launcher that has said all it says; ended, with all it started, when the block is."""
    with log.open("wb") as out:
        process = subprocess.Popen(COMMAND, cwd=BASE_DIR, env=env, stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + 120
        while "Ctrl-C ends it." not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)


def processes_of(data: Path) -> list[str]:
    """Command lines of the processes that were started for this data folder."""
    mark = f"DATA_DIR={data}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_text())
    return found


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
def test_it_starts_from_nothing_and_ends_without_a_trace(tmp_path: Path) -> None:
    data, log = tmp_path / "data", tmp_path / "log"
    env = environment(data)
    port = int(env["PORT"])
    with started(env, log) as site:
        assert health.answers("127.0.0.1", port, "127.0.0.1")
        assert len(processes_of(data)) >= 3
        site.send_signal(signal.SIGINT)
        assert site.wait(15) == 0
    assert processes_of(data) == []
    assert not health.answers("127.0.0.1", port, "127.0.0.1", timeout=1)
    said = log.read_text()
    password = (data / "first-password").read_text()
    assert stat.S_IMODE((data / "first-password").stat().st_mode) == 0o600
    for words in (f"http://127.0.0.1:{port}/admin/", "editor@example.org", password):
        assert words in said
    with started(env, log) as site:
        site.send_signal(signal.SIGTERM)
        assert site.wait(15) == 0
    said = log.read_text()
    assert password not in said
    assert f"{data}/first-password" in said
    assert "Collecting" not in said


def test_it_prepares_an_empty_site(
    db: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO = False
    collected: list[str] = []
    monkeypatch.setattr(launcher, "collect_static", lambda: collected.append("yes"))
    assert launcher.prepare_alone()
    assert HomePage.objects.get().live
    assert collected == ["yes"]
    assert launcher.prepare_alone() == ""
    assert HomePage.objects.count() == 1


def test_a_database_that_goes_away_meanwhile_is_named(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> str:
        raise OperationalError("it is away\nand here is how it came to be")

    monkeypatch.setattr(launcher, "prepare", away)
    with pytest.raises(launcher.Away) as ended:
        launcher.prepare_alone()
    assert str(ended.value) == "The site cannot use its database: it is away"


@pytest.fixture
def data(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_the_first_account_is_made_with_a_password_of_its_own(db: None, data: Path) -> None:
    password = launcher.first_password()
    assert len(password) >= 16
    assert authenticate(username="EDITOR@example.org", password=password).is_superuser
    assert stat.S_IMODE((data / "first-password").stat().st_mode) == 0o600


def test_no_account_is_made_beside_another(db: None, data: Path) -> None:
    UserFactory()
    assert launcher.first_password() == ""
    assert User.objects.count() == 1
    assert not (data / "first-password").exists()


def test_what_killed_uploads_left_is_thrown_away(data: Path, settings: Any) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = data
    old, folder, new = data / "old", data / "pdf-old", data / "new"
    folder.mkdir()
    for path in (old, folder / "cover.png", new):
        path.write_bytes(b"x")
    for path in (old, folder):
        os.utime(path, (0, 0))
    launcher.sweep_uploads()
    assert list(data.iterdir()) == [new]


def test_static_files_are_collected_when_they_have_changed(
    data: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STATIC_ROOT = data
    calls: list[bool] = []
    monkeypatch.setattr(
        management, "call_command", lambda name, **options: calls.append(options["clear"])
    )
    launcher.collect_static()
    launcher.collect_static()
    assert calls == [False]
    settings.STATIC_COMPRESS_ALL = not settings.STATIC_COMPRESS_ALL
    launcher.collect_static()
    assert calls == [False, True]


def test_the_server_of_debug_mode_reloads(settings: Any) -> None:
    settings.DEBUG = True
    assert launcher.commands()["server"][-2:] == ["runserver", f"{settings.HOST}:{settings.PORT}"]


def test_dev_means_debug_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop() -> None:
        raise SystemExit("far enough")

    monkeypatch.setenv("DEBUG", "0")
    monkeypatch.setattr(sys, "argv", ["bhp_site", "dev"])
    monkeypatch.setattr(launcher, "configure", stop)
    with pytest.raises(SystemExit, match="far enough"):
        launcher.main()
    assert os.environ["DEBUG"] == "1"


def running(code: int | None = None) -> Any:
    """A process that ended with `code`; that runs where it is None."""
    return SimpleNamespace(poll=lambda: code)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> launcher.Site:
    monkeypatch.setattr(launcher.time, "sleep", lambda seconds: None)
    site = launcher.Site()
    site.running = {name: running() for name in ("server", *launcher.BACKGROUND)}
    return site


def test_it_ends_with_its_server(site: launcher.Site, capsys: Any) -> None:
    site.running["server"] = running(1)
    assert site.watch() == 1
    assert "The server has ended by itself" in capsys.readouterr().out


def test_a_scheduler_that_ends_is_started_again(
    site: launcher.Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(name: str) -> None:
        site.running[name] = running()
        site.end(signal.SIGTERM, None)

    monkeypatch.setattr(site, "start", start)
    site.running["scheduler"] = running(1)
    assert site.watch() == 0
    assert site.running["scheduler"].poll() is None


def test_a_server_that_ends_before_it_answers_is_not_waited_for(
    site: launcher.Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "answers", lambda *args: False)
    site.running["server"] = running(1)
    assert site.answers() is False


def test_patience_has_an_end(
    site: launcher.Site, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(health, "answers", lambda *args: False)
    monkeypatch.setattr(launcher, "PATIENCE", -1)
    assert site.answers() is False
    assert "has not answered" in capsys.readouterr().out


def test_a_process_that_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    deaf = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    )
    command = {"server": [sys.executable, "-c", deaf]}
    monkeypatch.setattr(launcher, "commands", lambda: command)
    monkeypatch.setattr(launcher, "GRACE", 0.2)
    site = launcher.Site()
    site.start("server")
    time.sleep(0.5)
    site.stop()
    assert site.running["server"].wait(5) == -signal.SIGKILL


def test_a_password_is_announced_once(db: None, data: Path, capsys: Any, settings: Any) -> None:
    launcher.announce("the-first-password")
    said = capsys.readouterr().out
    assert f"{settings.SITE_URL}/admin/" in said
    assert "the-first-password" in said
    launcher.announce("")
    assert "Password" not in capsys.readouterr().out
    (data / "first-password").write_text("x")
    UserFactory(email="first@example.org")
    launcher.announce("")
    said = capsys.readouterr().out
    assert "first@example.org" in said
    assert "as printed at the first start" in said


def test_health_is_asked_of_the_site_that_the_environment_describes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(health, "answers", lambda *args: not asked.append(args))
    monkeypatch.setenv("SITE_URL", "https://www.example.org")
    monkeypatch.setenv("HOST", "0.0.0.0")
    monkeypatch.setenv("PORT", "8003")
    assert health.main() == 0
    assert asked == [("0.0.0.0", 8003, "www.example.org")]


def test_a_site_that_is_not_there_is_not_healthy() -> None:
    assert not health.answers("127.0.0.1", free_port(), "localhost", timeout=1)
