"""How the launcher starts, watches and ends the site."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from pytest_django import Settings

from bhp_site import __main__ as launcher
from bhp_site import health
from bhp_site.core.models import User
from bhp_site.launcher import preparation, processes
from bhp_site.launcher.heartbeat_ages import HeartbeatAges

from ..subprocesses import ROOT, free_port
from .conftest import STUBBORN


def test_debug_mode_uses_a_server_that_reloads(settings: Settings) -> None:
    assert "bhp_site.server" in processes.get_commands()["server"]
    settings.DEBUG = True
    assert "runserver" in processes.get_commands()["server"]
    assert processes.get_programs() == {}


def test_a_worker_that_ends_is_started_again(
    group: processes.ProcessGroup, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("server", *processes.BACKGROUND_PROCESSES):
        group.start(name)
    first = group.processes["worker"]
    first.kill()
    first.wait()
    threading.Timer(1.5, group.request_stop, (signal.SIGTERM, None)).start()
    assert group.watch() == 0
    assert group.processes["worker"].poll() is None
    assert "The worker has stopped unexpectedly" in capsys.readouterr().out


def test_a_worker_that_hangs_is_killed_and_started_again(
    group: processes.ProcessGroup,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("server", *processes.BACKGROUND_PROCESSES):
        group.start(name)
    first = group.processes["worker"]
    first.send_signal(signal.SIGSTOP)
    ages = {"worker": 61.0, "scheduler": 1.0}
    monkeypatch.setattr(group.heartbeats, "get_age", ages.__getitem__)
    assert not group.is_hung("worker"), "it has just been started"
    group.started_at["worker"] -= 61
    threading.Timer(0.5, group.request_stop, (signal.SIGTERM, None)).start()
    assert group.watch() == 0
    assert first.poll() == -signal.SIGKILL
    assert group.processes["worker"].poll() is None
    assert "The worker hangs" in capsys.readouterr().out


def test_a_process_of_the_web_server_that_hangs_is_killed(
    group: processes.ProcessGroup,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    group.start("server")
    server = group.processes["server"]
    path = settings.DATA_DIR / f"web-{server.pid}"
    path.touch()
    foreign = settings.DATA_DIR / f"web-{os.getpid()}"
    foreign.touch()
    group.kill_hung_web_workers()
    # The clock was wrong by years.
    for file in (path, foreign):
        os.utime(file, (0, 0))
    group.kill_hung_web_workers()
    assert server.poll() is None
    monkeypatch.setattr(group.heartbeats, "get_age", lambda name: 21.0)
    group.kill_hung_web_workers()
    assert server.wait(30) == -signal.SIGKILL
    assert not path.exists()
    # Its id has been given to a process that is not the server's.
    assert not foreign.exists()
    assert capsys.readouterr().out.count("hangs. It is killed.") == 1


def test_a_sign_of_life_counts_from_when_it_was_seen(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("bhp_site.launcher.heartbeat_ages.time.monotonic", lambda: now)
    ages, path = HeartbeatAges(), settings.DATA_DIR / "web-1"
    path.unlink(missing_ok=True)
    assert ages.get_age("web-1") == float("inf")
    path.touch()
    assert ages.get_age("web-1") == 0
    now += 5
    assert ages.get_age("web-1") == 5
    # Of the system's clock only counts that it is another time.
    os.utime(path, (0, 0))
    assert ages.get_age("web-1") == 0
    path.unlink()


START_AND_WAIT = """
import time
from bhp_site.__main__ import configure
configure()
from bhp_site.launcher import processes
processes.get_commands = lambda: {"server": ["sleep", "60"]}
processes.get_programs = PROGRAMS
group = processes.ProcessGroup()
group.start("server")
print(group.processes["server"].pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can do this")
@pytest.mark.parametrize("programs", ["dict", 'lambda: {"server": lambda: time.sleep(60)}'])
def test_a_launcher_that_is_killed_takes_its_processes_along(tmp_path: Path, programs: str) -> None:
    variables = {"DATA_DIR": str(tmp_path), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-c", START_AND_WAIT.replace("PROGRAMS", programs)]
    started = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE)
    assert started.stdout
    child = int(started.stdout.readline())
    started.kill()
    started.wait()
    started.stdout.close()
    deadline = time.monotonic() + 20
    while is_running(child):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    """Return True if the process `pid` exists and has not ended."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def test_a_server_that_ends_by_itself_ends_the_site(group: processes.ProcessGroup) -> None:
    group.start("server")
    group.processes["server"].kill()
    group.processes["server"].wait()
    assert not group.wait_until_healthy()
    assert group.watch() == 1


def test_a_process_that_does_not_end_is_killed(
    group: processes.ProcessGroup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "STOP_TIMEOUT_SECONDS", 0.3)
    stubborn = subprocess.Popen(STUBBORN, start_new_session=True, stdout=subprocess.PIPE)
    assert stubborn.stdout
    stubborn.stdout.readline()
    group.processes["server"] = stubborn
    group.stop()
    assert stubborn.wait(30) == -signal.SIGKILL
    stubborn.stdout.close()


def test_a_site_that_is_slow_to_answer_is_left_running(
    group: processes.ProcessGroup,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    group.start("server")
    answers = iter([False, True])
    monkeypatch.setattr(health, "is_healthy", lambda *args: next(answers))
    assert group.wait_until_healthy()
    monkeypatch.setattr(health, "is_healthy", lambda *args: False)
    monkeypatch.setattr(processes, "START_TIMEOUT_SECONDS", 0)
    assert not group.wait_until_healthy()
    assert "It is still running" in capsys.readouterr().out


def test_the_first_start_prints_addresses_and_password(
    db: None, data: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.EMAIL_TRANSPORT = "django.core.mail.backends.filebased.EmailBackend"
    password = preparation.prepare()
    launcher.print_addresses(password)
    first = capsys.readouterr().out
    assert f"{settings.SITE_URL}/admin/" in first
    assert password in first
    assert str(settings.EMAIL_FILE_PATH) in first
    launcher.print_addresses("")
    later = capsys.readouterr().out
    assert password not in later
    assert str(data / "first-password") in later


def test_collected_output_has_no_password(
    db: None, data: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.LOG_FORMAT = "json"
    password = preparation.prepare()
    launcher.print_addresses(password)
    output = capsys.readouterr().out
    assert password not in output
    assert f"in the file {data}/first-password" in output
    assert "Ctrl-C" not in output
    launcher.print_addresses("")
    assert f"in the file {data}/first-password" in capsys.readouterr().out
    # On another machine, which has no such file.
    User.objects.update(password=make_password("a password of their own"))
    launcher.print_addresses("")
    assert "Password" not in capsys.readouterr().out


def test_main_prepares_starts_and_watches_the_site(
    monkeypatch: pytest.MonkeyPatch, group: processes.ProcessGroup
) -> None:
    steps: list[str] = []

    def step(name: str, value: Any = None) -> Callable[..., Any]:
        return lambda *args: (steps.append(name), value)[1]

    monkeypatch.setattr(launcher, "refuse_used_port", step("refuse_used_port"))
    monkeypatch.setattr(launcher, "print_addresses", step("print_addresses"))
    monkeypatch.setattr(preparation, "prepare_exclusively", step("prepare", "password"))
    monkeypatch.setattr(health, "is_healthy", step("wait", True))
    monkeypatch.setattr(signal, "signal", step("signal"))
    monkeypatch.setattr(processes.ProcessGroup, "watch", step("watch", 0))
    monkeypatch.setattr(sys, "argv", ["bhp_site"])
    assert launcher.main() == 0
    assert [name for name in steps if name != "signal"] == [
        "refuse_used_port",
        "prepare",
        "wait",
        "print_addresses",
        "watch",
    ]


def test_the_health_check_uses_the_name_of_the_site(
    answering: Callable[[int], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    well, ill = answering(200), answering(500)
    assert health.is_healthy("0.0.0.0", well, "www.example.org")
    assert not health.is_healthy("127.0.0.1", well, "another.example.org")
    assert not health.is_healthy("127.0.0.1", ill, "www.example.org")
    assert not health.is_healthy("127.0.0.1", free_port(), "www.example.org")
    monkeypatch.setenv("HOST", "0.0.0.0")
    monkeypatch.setenv("SITE_URL", "https://www.example.org")
    for port, code in ((well, 0), (ill, 1)):
        monkeypatch.setenv("PORT", str(port))
        assert health.main([]) == code
