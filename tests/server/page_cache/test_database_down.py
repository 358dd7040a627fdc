"""Without its database the site serves cached pages and documents, and recovers by itself."""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bhp_site.server.page_cache.cached_responses import HIT, STALE, STORED

from ...postgresql_cluster import Cluster, run_cluster
from ...schema_cache import restore_schema
from ...subprocesses import launch
from ..live_server import TIMEOUT_SECONDS, ask, free_port, prepare, serve

pytestmark = pytest.mark.skipif(
    bool(os.environ.get("TEST_DATABASE_URL")), reason="it starts a database of its own"
)
FILE = "/documents/numbers-1000000.csv"
# Seconds after which everything is answered again.
MAX_RECOVERY_SECONDS = 5
# A frozen server is found by timeouts of two seconds each, not by a refused connection. Without
# them, requests hang for longer than 40 seconds. The limit leaves room for a busy machine.
MAX_FROZEN_SECONDS = 20
# The sign-in page is not among them: a worker that has read the settings needs no database for it.
OTHERS = ("/search/?q=word", "/never/seen/", "/documents/none.pdf")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Return a running PostgreSQL cluster; a test leaves it running."""
    with run_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="module")
def folder(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of an empty site in `cluster` with the document FILE, to be copied."""
    folder = tmp_path_factory.mktemp("site")
    # Otherwise the site migrates the database itself.
    restore_schema(cluster.url)
    prepare(folder, 1_000_000, DATABASE_URL=cluster.url, DEMO="0")
    return folder


@pytest.fixture
def data(folder: Path, tmp_path: Path) -> Path:
    """Return a data folder of the site whose page cache is empty."""
    return Path(shutil.copytree(folder, tmp_path / "data", symlinks=True))


def get_status(port: int, path: str, **headers: str) -> tuple[int, str | None]:
    answer, _ = ask(port, path, **headers)
    return answer.status, answer.headers["Cache-Status"]


def wait_until(expected: Any, what: Any, *args: Any) -> None:
    """Until `what` gives what is expected; OSError is what a server not yet there gives."""
    deadline, found = time.monotonic() + TIMEOUT_SECONDS, None
    while found != expected:
        assert time.monotonic() < deadline, found
        time.sleep(0.1)
        try:
            found = what(*args)
        except OSError as error:
            found = error


def read_until_ready(launcher: "subprocess.Popen[str]") -> str:
    """All that the launcher says until the site is there; it is ended where that takes too long."""
    assert launcher.stdout
    said, patience = "", threading.Timer(TIMEOUT_SECONDS, launcher.kill)
    patience.start()
    for line in launcher.stdout:
        said += line
        if "Press Ctrl-C to stop." in line:
            break
    patience.cancel()
    return said


def expect_the_static_page(port: int) -> None:
    for path in OTHERS:
        answer, body = ask(port, path)
        assert answer.status == 503, path
        assert answer.headers["Retry-After"], path
        assert answer.headers["Cache-Control"] == "no-store", path
        assert b"Service unavailable for a moment" in body, path


def test_the_site_stays_up_without_its_database(cluster: Cluster, data: Path) -> None:
    variables = {"DATABASE_URL": cluster.url, "DEMO": "0", "WORKERS": "1"}
    server = serve(data, **variables)
    try:
        assert get_status(server.port, "/") == (200, STORED)
        assert get_status(server.port, FILE) == (200, STORED)
        cluster.stop()
        # The last worker to come up has made all before it old, if it was late.
        assert get_status(server.port, "/") in ((200, HIT), (200, STALE))
        assert get_status(server.port, FILE, Range="bytes=5-9") in ((206, HIT), (206, STALE))
        expect_the_static_page(server.port)
        # The process can still serve cached pages.
        assert ask(server.port, "/healthz")[0].status == 200
    finally:
        server.end()

    port = free_port()
    launcher = launch(data, PORT=str(port), **variables)
    try:
        wait_until((200, STALE), get_status, port, "/")
        assert get_status(port, FILE, Range="bytes=999990-") == (206, STALE)
        assert get_status(port, FILE, If_None_Match="*") == (304, STALE)
        expect_the_static_page(port)
        cluster.start()
        back = time.monotonic()
        for path in ("/admin/login/", "/search/?q=word"):
            wait_until((200, None), get_status, port, path)
        assert time.monotonic() - back < MAX_RECOVERY_SECONDS
        wait_until((200, HIT), get_status, port, "/")
        assert get_status(port, FILE)[0] == 200
        said = read_until_ready(launcher)
    finally:
        launcher.terminate()
        launcher.wait(TIMEOUT_SECONDS)
    assert "The site cannot use its database" in said
    assert "Cached pages are served until it is available." in said
    assert "Traceback" not in said.partition("\n")[0]
    assert "For editors" in said


def test_a_frozen_database_counts_as_down(cluster: Cluster, data: Path) -> None:
    variables = {"DATABASE_URL": cluster.url, "DEMO": "0", "WORKERS": "1"}
    server = serve(data, **variables)
    try:
        assert get_status(server.port, "/") == (200, STORED)
        assert get_status(server.port, "/search/?q=word")[0] == 200
        cluster.send_signal(signal.SIGSTOP)
        for path in OTHERS:
            began = time.monotonic()
            assert ask(server.port, path)[0].status == 503
            assert time.monotonic() - began < MAX_FROZEN_SECONDS
        assert get_status(server.port, "/")[0] == 200
        cluster.send_signal(signal.SIGCONT)
        back = time.monotonic()
        wait_until((200, None), get_status, server.port, "/search/?q=word")
        assert time.monotonic() - back < MAX_FROZEN_SECONDS
    finally:
        cluster.send_signal(signal.SIGCONT)
        server.end()
