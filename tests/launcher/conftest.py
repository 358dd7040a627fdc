"""Fixtures of the launcher: a process group that only sleeps, and a real launcher."""

import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core import management
from pytest_django import Settings

from bhp_site.launcher import processes

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); "
    "time.sleep(60)",
]


@pytest.fixture
def data(settings: Settings, tmp_path: Path) -> Path:
    """An empty data folder that the settings refer to."""
    settings.DATA_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    settings.FILE_UPLOAD_TEMP_DIR, settings.SPOOL_DIR = tmp_path / "uploads", tmp_path / "spool"
    for folder in (settings.STATIC_ROOT, settings.FILE_UPLOAD_TEMP_DIR, settings.SPOOL_DIR):
        folder.mkdir()
    settings.STATIC_COLLECTED, settings.DEMO, settings.DEBUG = True, False, False
    return tmp_path


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the management commands that are called; none of them runs."""
    names: list[str] = []
    monkeypatch.setattr(management, "call_command", lambda name, **options: names.append(name))
    return names


@pytest.fixture
def group(monkeypatch: pytest.MonkeyPatch) -> Iterator[processes.ProcessGroup]:
    """A group of processes that only sleep."""
    names = ("server", *processes.BACKGROUND_PROCESSES)
    monkeypatch.setattr(processes, "get_commands", lambda: dict.fromkeys(names, SLEEP))
    monkeypatch.setattr(processes, "get_programs", dict)
    group = processes.ProcessGroup()
    yield group
    group.stop()


@pytest.fixture
def answering() -> Iterator[Callable[[int], int]]:
    """A function that starts a server with one status for all requests and returns its port."""
    servers = []

    def start(status: int) -> int:
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status if self.headers["Host"] == "www.example.org" else 400)
                self.end_headers()

            def log_message(self, *args: Any) -> None: ...

        servers.append(HTTPServer(("127.0.0.1", 0), Answer))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return servers[-1].server_port

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()
