"""A client of clamd for one command: INSTREAM (clamd(8), “COMMANDS”)."""

import contextlib
import socket
from typing import Any

# An editor waits for the result; a task can wait longer.
TIMEOUT_SECONDS = 30.0
TASK_TIMEOUT_SECONDS = 300.0
CHUNK_BYTES = 64 * 1024
MAX_REPLY_BYTES = 4096


class ScannerUnavailable(Exception):
    """The scanner cannot be reached, or cannot scan the file."""


class FileNotScanned(ScannerUnavailable):
    """The scanner answers, but cannot scan this file."""


class FileTooLarge(FileNotScanned):
    """The file is larger than the scanner's StreamMaxLength."""


def scan(file: Any, address: str, timeout: float = TIMEOUT_SECONDS) -> str:
    """Return the name of the virus in a binary `file`; "" if there is none.

    `address` is the path of a socket, or “host:port”. The file is read from its beginning, and left
    there. Raises ScannerUnavailable if the scanner does not answer for `timeout` seconds, or
    FileNotScanned if only this file cannot be scanned.
    """
    file.seek(0)
    try:
        with _connect(address, timeout) as connection:
            _send(connection, file)
            reply = _receive(connection)
    except ConnectionResetError as error:
        raise FileNotScanned(str(error)) from error
    except OSError as error:
        raise ScannerUnavailable(str(error)) from error
    finally:
        file.seek(0)
    return _read_reply(reply)


def _send(connection: socket.socket, file: Any) -> None:
    # clamd replies and closes the connection while it is still sent what is too large.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        connection.sendall(b"zINSTREAM\0")
        while chunk := file.read(CHUNK_BYTES):
            connection.sendall(len(chunk).to_bytes(4, "big") + chunk)
        connection.sendall(bytes(4))


def _connect(address: str, timeout: float) -> socket.socket:
    host, _, port = address.rpartition(":")
    if host and port.isdecimal():
        return socket.create_connection((host.strip("[]"), int(port)), timeout=timeout)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(timeout)
    try:
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def _receive(connection: socket.socket) -> str:
    """Return the reply, which ends with a zero byte or the connection."""
    reply = b""
    while b"\0" not in reply and len(reply) < MAX_REPLY_BYTES:
        if not (part := connection.recv(MAX_REPLY_BYTES)):
            break
        reply += part
    return reply.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _read_reply(reply: str) -> str:
    """Return the name of the virus in a reply such as “stream: Eicar FOUND”; "" for “OK”."""
    result = reply.removeprefix("stream:").strip()
    if result == "OK":
        return ""
    if result.endswith(" FOUND"):
        return result.removesuffix(" FOUND")
    if "size limit exceeded" in result:
        raise FileTooLarge("The file is larger than its StreamMaxLength")
    raise FileNotScanned(f"The scanner replied: {reply[:200] or 'nothing'}")
