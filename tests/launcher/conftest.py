"""A launcher that starts nothing real, and one that does."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core import management
from pytest_django import Settings

from bhp_site import __main__ as launcher

ROOT = Path(__file__).resolve().parents[2]
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); "
    "time.sleep(60)",
]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def launch(data: Path, **variables: str) -> subprocess.Popen[str]:
    """The launcher itself, with only `variables` of the site's own set."""
    inherited = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")}
    return subprocess.Popen(
        [sys.executable, "-m", "bhp_site"],
        cwd=ROOT,
        env=inherited | {"DATA_DIR": str(data)} | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def data(settings: Settings, tmp_path: Path) -> Path:
    """A data folder of its own, on which nothing has been started yet."""
    settings.DATA_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    for folder in (settings.STATIC_ROOT, settings.FILE_UPLOAD_TEMP_DIR):
        folder.mkdir()
    settings.STATIC_COLLECTED, settings.DEMO, settings.DEBUG = True, False, False
    return tmp_path


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the management commands that were asked for; none of them is carried out."""
    names: list[str] = []
    monkeypatch.setattr(management, "call_command", lambda name, **options: names.append(name))
    return names


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[launcher.Site]:
    """A site whose processes only sleep."""
    names = ("server", *launcher.BACKGROUND)
    monkeypatch.setattr(launcher, "commands", lambda: dict.fromkeys(names, SLEEP))
    site = launcher.Site()
    yield site
    site.stop()


@pytest.fixture
def answering() -> Iterator[Callable[[int], int]]:
    """Starts a server that answers everything with one status; gives its port."""
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
