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
# The largest answer that reaches everybody in one piece.
MAX_ANSWER_BYTES = 1232
TXT, OPT, INTERNET = 16, 41, 1
RECURSION_DESIRED = 0x0100
CODE_MASK, TRUNCATED, NO_SUCH_NAME = 0x000F, 0x0200, 3


class LookupFailed(Exception):
    """The records could not be asked for: no name server answers."""


def find_text_records(name: str) -> list[str]:
    """Return the TXT records of `name`, empty if there are none; raise LookupFailed."""
    number = secrets.randbits(16)
    try:
        query = build_query(number, name)
    except UnicodeError as error:
        raise LookupFailed(f"“{name}” is not a domain.") from error
    for server in get_name_servers():
        try:
            return parse_answer(number, _send(server, query))
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


def build_query(number: int, name: str) -> bytes:
    """Return the message that asks for the TXT records of `name`, with `number` as its id."""
    labels = [label.encode("idna") for label in name.rstrip(".").split(".")]
    if not all(labels):
        raise UnicodeError("A label is empty.")
    question = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    head = struct.pack("!6H", number, RECURSION_DESIRED, 1, 0, 0, 1)
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


def parse_answer(number: int, answer: bytes) -> list[str]:
    """Return the TXT records of an answer; raise LookupFailed if it is not one to this query."""
    got, flags, questions, records = struct.unpack("!4H", answer[:8])
    code = flags & CODE_MASK
    if got != number or code not in (0, NO_SUCH_NAME):
        raise LookupFailed(f"The name server answers with code {code}.")
    place, texts = 12, []
    for _ in range(questions):
        place = _skip_name(answer, place) + 4
    for _ in range(records):
        place = _skip_name(answer, place)
        kind, _, _, length = struct.unpack("!HHIH", answer[place : place + 10])
        place += 10
        if kind == TXT:
            texts.append(_join_strings(answer[place : place + length]))
        place += length
    return texts


def _skip_name(message: bytes, place: int) -> int:
    """Return where the name that begins at `place` ends; it may end in a pointer."""
    while length := message[place]:
        if length >= 0xC0:
            return place + 2
        place += length + 1
    return place + 1


def _join_strings(data: bytes) -> str:
    """Return the strings of a TXT record as one, which is how SPF and DMARC are read."""
    parts, place = [], 0
    while place < len(data):
        length = data[place]
        parts.append(data[place + 1 : place + 1 + length])
        place += length + 1
    return b"".join(parts).decode(errors="replace")
