"""Reads TXT records of the domain name system, for the go-live checklist (RFC 1035, RFC 6891)."""

import ipaddress
import secrets
import socket
import struct
from pathlib import Path

RESOLV_CONF = Path("/etc/resolv.conf")
PORT = 53
TIMEOUT_SECONDS = 2
MAX_SERVERS = 2
# Larger UDP packets may be split on their way and get lost.
MAX_ANSWER_BYTES = 1232
TXT, OPT, INTERNET = 16, 41, 1
RECURSION_DESIRED = 0x0100
CODE_MASK, TRUNCATED, NO_SUCH_NAME = 0x000F, 0x0200, 3


class LookupFailed(Exception):
    """A failed DNS query: the name is not a domain, or no name server answers."""


def find_text_records(name: str) -> list[str]:
    """Return the TXT records of `name`, empty if there are none; raise LookupFailed."""
    query_id = secrets.randbits(16)
    try:
        query = build_query(query_id, name)
    except UnicodeError as error:
        raise LookupFailed(f"“{name}” is not a domain.") from error
    for server in get_name_servers():
        try:
            return parse_answer(query_id, _send(server, query))
        except (OSError, LookupFailed, struct.error, IndexError):
            continue
    raise LookupFailed(f"No name server answers about {name}.")


def get_name_servers() -> list[str]:
    """Return the addresses of the name servers of this machine."""
    servers = []
    try:
        lines = RESOLV_CONF.read_text().splitlines()
    except OSError:
        return []
    for line in lines:
        words = line.split()
        if len(words) > 1 and words[0] == "nameserver":
            servers.append(words[1])
    return servers[:MAX_SERVERS]


def build_query(query_id: int, name: str) -> bytes:
    """Return the message that asks for the TXT records of `name`, with this id.

    Raises UnicodeError if `name` cannot be a domain.
    """
    labels = [label.encode("idna") for label in name.rstrip(".").split(".")]
    if not all(labels):
        raise UnicodeError("A label is empty.")
    question = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    head = struct.pack("!6H", query_id, RECURSION_DESIRED, 1, 0, 0, 1)
    # The last record says how long an answer may be.
    extension = b"\0" + struct.pack("!HHIH", OPT, MAX_ANSWER_BYTES, 0, 0)
    return head + question + struct.pack("!HH", TXT, INTERNET) + extension


def _send(server: str, query: bytes) -> bytes:
    """Return the server's answer: by UDP, or by TCP if that is cut off."""
    is_ipv6 = ipaddress.ip_address(server.partition("%")[0]).version == 6
    family = socket.AF_INET6 if is_ipv6 else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as udp:
        udp.settimeout(TIMEOUT_SECONDS)
        udp.connect((server, PORT))
        udp.send(query)
        answer = udp.recv(65535)
    if not struct.unpack("!H", answer[2:4])[0] & TRUNCATED:
        return answer
    with (
        socket.create_connection((server, PORT), TIMEOUT_SECONDS) as tcp,
        tcp.makefile("rb") as file,
    ):
        tcp.sendall(struct.pack("!H", len(query)) + query)
        return file.read(struct.unpack("!H", file.read(2))[0])


def parse_answer(query_id: int, answer: bytes) -> list[str]:
    """Return the TXT records of an answer; raise LookupFailed if it is not one to this query."""
    answer_id, flags, questions, records = struct.unpack("!4H", answer[:8])
    code = flags & CODE_MASK
    if answer_id != query_id or code not in (0, NO_SUCH_NAME):
        raise LookupFailed(f"The name server answers with code {code}.")
    offset, texts = 12, []
    for _ in range(questions):
        offset = _skip_name(answer, offset) + 4
    for _ in range(records):
        offset = _skip_name(answer, offset)
        kind, _, _, length = struct.unpack("!HHIH", answer[offset : offset + 10])
        offset += 10
        if kind == TXT:
            texts.append(_join_strings(answer[offset : offset + length]))
        offset += length
    return texts


def _skip_name(message: bytes, offset: int) -> int:
    """Return where the name that begins at `offset` ends; it may end in a pointer."""
    while length := message[offset]:
        if length >= 0xC0:
            return offset + 2
        offset += length + 1
    return offset + 1


def _join_strings(data: bytes) -> str:
    """Return the strings of a TXT record as one, which is how SPF and DMARC are read."""
    parts, offset = [], 0
    while offset < len(data):
        length = data[offset]
        parts.append(data[offset + 1 : offset + 1 + length])
        offset += length + 1
    return b"".join(parts).decode(errors="replace")
