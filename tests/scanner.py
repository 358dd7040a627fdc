"""A virus scanner on this machine that speaks the protocol of clamd, for tests."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# What the scanner takes for a virus. (That of EICAR would alarm real scanners.)
SIGNATURE = b"harmless-test-virus"
NAME = "Test.Virus"
MAX_BYTES = 1_000_000


class Session(socketserver.StreamRequestHandler):
    """One command: INSTREAM, with chunks that each begin with their length."""

    def handle(self) -> None:
        if self.rfile.read(10) != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while length := int.from_bytes(self.rfile.read(4), "big"):
            content += self.rfile.read(length)
        self.server.scanned.append(content)  # type: ignore[attr-defined]
        reply = f"stream: {NAME} FOUND" if SIGNATURE in content else "stream: OK"
        if len(content) > MAX_BYTES:
            reply = "INSTREAM size limit exceeded. ERROR"
        self.wfile.write(getattr(self.server, "reply", reply).encode() + b"\0")


class TcpScanner(socketserver.ThreadingTCPServer):
    """A scanner at a port."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.scanned: list[bytes] = []
        self.address = f"127.0.0.1:{self.server_address[1]}"


class SocketScanner(socketserver.ThreadingUnixStreamServer):
    """A scanner at a socket in the file system."""

    daemon_threads = True

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), Session)
        self.scanned: list[bytes] = []
        self.address = str(path)


@contextmanager
def run_scanner(path: Path | None = None) -> Iterator[TcpScanner | SocketScanner]:
    """Run a scanner at the socket `path`, or at a port."""
    scanner = SocketScanner(path) if path else TcpScanner()
    thread = threading.Thread(target=scanner.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield scanner
    finally:
        scanner.shutdown()
        scanner.server_close()
        thread.join()
