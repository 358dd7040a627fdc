"""A mail server on this machine that keeps what it receives, for tests and measurements."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


@dataclass(frozen=True)
class ReceivedEmail:
    """A message with its envelope."""

    sender: str
    recipient: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """Return the parsed message."""
        return message_from_bytes(self.content, policy=policy.default)


class SmtpSink(socketserver.ThreadingTCPServer):
    """Accepts every message, except those for addresses in `refusals` (address → reply)."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), SmtpSession)
        self.received: list[ReceivedEmail] = []
        self.refusals: dict[str, str] = {}
        self.connection_count = 0
        # Called with each message after it was stored, before the client learns of it.
        self.on_message: Any = None

    @property
    def port(self) -> int:
        """Return the port on which it listens."""
        return int(self.server_address[1])


class SmtpSession(socketserver.StreamRequestHandler):
    """The commands of one connection (RFC 5321)."""

    server: SmtpSink

    def handle(self) -> None:
        """Answer commands until the client leaves."""
        self.server.connection_count += 1
        # A client that is killed resets its connection.
        with contextlib.suppress(ConnectionError):
            self.answer_all()

    def answer_all(self) -> None:
        """Answer commands until QUIT."""
        self.sender = self.recipient = ""
        self.reply("220 sink")
        for line in self.rfile:
            command = line.decode().strip()
            if command.upper() == "QUIT":
                self.reply("221 Bye")
                return
            self.answer(command)

    def reply(self, text: str) -> None:
        """Send one line."""
        self.wfile.write(f"{text}\r\n".encode())

    def answer(self, command: str) -> None:
        """Answer one command."""
        verb, _, argument = command.partition(" ")
        address = argument.partition("<")[2].partition(">")[0]
        if verb.upper() == "MAIL":
            self.sender = address
        elif verb.upper() == "RCPT":
            if refusal := self.server.refusals.get(address):
                self.reply(refusal)
                return
            self.recipient = address
        elif verb.upper() == "DATA":
            self.reply("354 Go ahead")
            self.receive()
        self.reply("250 OK")

    def receive(self) -> None:
        """Store the message that follows."""
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        email = ReceivedEmail(self.sender, self.recipient, b"".join(lines))
        self.server.received.append(email)
        if self.server.on_message:
            self.server.on_message(email)


@contextmanager
def run_smtp_sink() -> Iterator[SmtpSink]:
    """Run a sink in a thread of this process."""
    with SmtpSink() as sink:
        thread = threading.Thread(target=sink.serve_forever, args=[0.05], daemon=True)
        thread.start()
        try:
            yield sink
        finally:
            sink.shutdown()
            thread.join()
