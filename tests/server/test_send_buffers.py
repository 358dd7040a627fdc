"""Clients that do not read are not buffered for without limit."""

import asyncio
import os
import socket
import sys
import time
from pathlib import Path

import pytest

from bhp_site.server import send_buffers
from bhp_site.server.send_buffers import (
    MAX_UNSENT_BYTES,
    limit_unsent_bytes,
    limit_unsent_bytes_later,
)

from .live_server import TIMEOUT_SECONDS, Server

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it reads Linux's /proc")
LONG = "/documents/numbers-50000000.csv"
LIMIT = (socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT)


def get_send_queues(port: int) -> list[int]:
    """Return the buffered bytes of each open connection that a server at `port` has accepted."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    established = [row for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "01"]
    return [int(row[4].partition(":")[0], 16) for row in established]


@pytest.mark.skipif(
    bool(os.environ.get("TEST_DATABASE_URL")), reason="it starts sites of its own, on SQLite"
)
def test_stalled_downloads_take_little_of_the_systems_memory(live_site: Server) -> None:
    deadline = time.monotonic() + TIMEOUT_SECONDS
    with live_site.stalled_readers(4, LONG):
        # The buffers grow step by step. They are full once they stay as they are.
        before, queues = [-1], get_send_queues(live_site.port)
        while queues != before:
            assert time.monotonic() < deadline
            time.sleep(0.5)
            before, queues = queues, get_send_queues(live_site.port)
    assert len(queues) == 4
    assert max(queues) <= 2 * MAX_UNSENT_BYTES


def test_accepted_connections_inherit_the_limit() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        assert limit_unsent_bytes() >= 1
        # The socket that was found is still open.
        with socket.create_connection(listening.getsockname()) as client:
            accepted, _ = listening.accept()
            with accepted:
                assert accepted.getsockopt(*LIMIT) == MAX_UNSENT_BYTES
            assert client.getsockopt(*LIMIT) != MAX_UNSENT_BYTES


def test_the_listening_socket_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    found = iter([0, 0, 1])
    monkeypatch.setattr(send_buffers, "limit_unsent_bytes", lambda: next(found))
    monkeypatch.setattr(send_buffers, "POLL_SECONDS", 0)

    async def wait() -> None:
        limit_unsent_bytes_later(asyncio.get_running_loop())
        for _ in range(10):
            await asyncio.sleep(0)

    asyncio.run(wait())
    assert next(found, None) is None


def test_a_system_without_proc_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(send_buffers.Path, "iterdir", refuse)
    assert limit_unsent_bytes() == 0
