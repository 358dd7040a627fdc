"""TXT records are read from a name server: one of its own answers here."""

import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bhp_site.home import dns_records
from bhp_site.home.dns_records import LookupFailed, find_text_records

ZONE = {"bhp.test": [["v=spf1 ", "-all"], ["other"]], "long.test": [["x" * 255] * 8]}
NO_SUCH_NAME, REFUSED, TRUNCATED = 0x8183, 0x8185, 0x8380


def build_answer(query: bytes, is_udp: bool) -> bytes:
    """Return what a name server with ZONE answers."""
    labels, place = [], 12
    while length := query[place]:
        labels.append(query[place + 1 : place + 1 + length].decode())
        place += length + 1
    question, name = query[12 : place + 5], ".".join(labels)
    if name == "refused.test":
        return query[:2] + struct.pack("!5H", REFUSED, 1, 0, 0, 0) + question
    if name not in ZONE:
        return query[:2] + struct.pack("!5H", NO_SUCH_NAME, 1, 0, 0, 0) + question
    if is_udp and name == "long.test":
        return query[:2] + struct.pack("!5H", TRUNCATED, 1, 0, 0, 0) + question
    records = b""
    for strings in ZONE[name]:
        data = b"".join(bytes([len(text)]) + text.encode() for text in strings)
        records += b"\xc0\x0c" + struct.pack("!HHIH", 16, 1, 60, len(data)) + data
    return query[:2] + struct.pack("!5H", 0x8180, 1, len(ZONE[name]), 0, 0) + question + records


@pytest.fixture
def name_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with (
        socket.socket(type=socket.SOCK_DGRAM) as udp,
        socket.create_server(("127.0.0.1", 0)) as tcp,
    ):
        port = tcp.getsockname()[1]
        udp.bind(("127.0.0.1", port))

        def answer_udp() -> None:
            while True:
                try:
                    query, client = udp.recvfrom(4096)
                    udp.sendto(build_answer(query, True), client)
                except OSError:
                    return

        def answer_tcp() -> None:
            while True:
                try:
                    client, _ = tcp.accept()
                except OSError:
                    return
                with client:
                    answer = build_answer(client.recv(4096)[2:], False)
                    client.sendall(struct.pack("!H", len(answer)) + answer)

        for answer in (answer_udp, answer_tcp):
            threading.Thread(target=answer, daemon=True).start()
        conf = tmp_path / "resolv.conf"
        conf.write_text("# a comment\nsearch test\nnameserver 127.0.0.1\n")
        monkeypatch.setattr(dns_records, "RESOLV_CONF", conf)
        monkeypatch.setattr(dns_records, "PORT", port)
        yield


def test_records_are_found(name_server: None) -> None:
    assert find_text_records("bhp.test") == ["v=spf1 -all", "other"]
    assert find_text_records("bhp.test.") == ["v=spf1 -all", "other"]
    assert find_text_records("none.test") == []


def test_a_long_answer_comes_by_tcp(name_server: None) -> None:
    assert find_text_records("long.test") == ["x" * 255 * 8]


def test_a_server_that_refuses_or_is_missing_is_no_answer(
    name_server: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(LookupFailed, match=r"about refused\.test"):
        find_text_records("refused.test")
    with pytest.raises(LookupFailed, match="not a domain"):
        find_text_records("a..b")
    monkeypatch.setattr(dns_records, "RESOLV_CONF", tmp_path / "none")
    with pytest.raises(LookupFailed):
        find_text_records("bhp.test")
