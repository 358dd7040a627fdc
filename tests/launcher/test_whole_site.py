"""The launcher as a process: it starts the site from nothing and leaves nothing running."""

import contextlib
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bhp_site import __main__ as launcher
from bhp_site import health

from ..subprocesses import free_port, launch

START_TIMEOUT_SECONDS = 120


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"HOST": "0.0.0.0"}, "would accept unencrypted connections"),
        ({"PORT": "eighty"}, '"PORT" invalid'),
        ({"SITE_URL": "http://www.example.org"}, "cookies would be sent unencrypted"),
        ({"SITE_URL": "https://www.example.org", "BEHIND_PROXY": "1", "DEBUG": "1"}, "DEBUG"),
        ({"SECRET_KEY": "short"}, "at least 50 characters"),
        ({"EDGE_MEMORY": "1"}, "Set PAGE_CACHE_MEMORY_BYTES instead."),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgres://me@127.0.0.1:1/site"}, "cannot use its database"),
        ({"DATA_DIR": __file__}, "cannot use its data folder"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_refused_start_says_why_in_one_sentence(
    tmp_path: Path, variables: dict[str, str], sentence: str
) -> None:
    process = launch(tmp_path, **{"PORT": str(free_port())} | variables)
    output, _ = process.communicate(timeout=START_TIMEOUT_SECONDS)
    assert process.returncode == 1
    assert sentence in output
    assert len(output.splitlines()) == 1


def test_a_port_in_use_is_refused_with_advice(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        process = launch(tmp_path, PORT=str(port))
        output, _ = process.communicate(timeout=START_TIMEOUT_SECONDS)
    assert output == (
        f"Port {port} is in use. Stop the program that uses it, or choose another port, for "
        f"example PORT={port + 1}.\n"
    )


@contextlib.contextmanager
def run_site(data: Path, port: int) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Yield a launcher that has started everything, and its output so far; stop it after."""
    process = launch(data, PORT=str(port), DEMO="0")
    assert process.stdout
    try:
        output = ""
        for line in process.stdout:
            output += line
            if "Press Ctrl-C to stop" in line:
                break
        assert process.poll() is None, output
        yield process, output
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)
        process.stdout.close()


def list_processes(data: Path) -> list[str]:
    """Return the command lines of the processes that were started for this data folder."""
    mark = f"DATA_DIR={data}".encode()
    commands = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (process / "environ").read_bytes().split(b"\0"):
                commands.append((process / "cmdline").read_text())
    return commands


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
def test_the_site_starts_from_nothing_and_leaves_no_process(tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    with run_site(data, port) as (process, output):
        assert health.is_healthy("127.0.0.1", port, "127.0.0.1")
        assert len(list_processes(data)) >= 4
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert list_processes(data) == []
    with socket.create_server(("127.0.0.1", port)):
        pass
    password = (data / "first-password").read_text()
    assert stat.S_IMODE((data / "first-password").stat().st_mode) == 0o600
    for text in (f"http://127.0.0.1:{port}/admin/", "editor@example.org", password):
        assert text in output
    with run_site(data, port) as (process, output):
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    assert password not in output
    assert f"{data}/first-password" in output
    assert "Collecting" not in output


def test_dev_shows_debug_pages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop() -> None:
        raise SystemExit("configured")

    monkeypatch.setenv("DEBUG", "0")
    monkeypatch.setattr(sys, "argv", ["bhp_site", "dev"])
    monkeypatch.setattr(launcher, "configure", stop)
    assert launcher.main() == 1
    assert "configured" in capsys.readouterr().err
    assert os.environ["DEBUG"] == "1"
