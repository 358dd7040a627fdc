"""An answer as granian sends it."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from granian.rsgi import HTTPProtocol

# Seconds that granian has to open a file made for one answer.
TEMPORARY_FILE_SECONDS = 60

Headers = list[tuple[str, str]]


@dataclass(slots=True)
class Response:
    """Headers with bytes, or with a span (end exclusive) of the file at `path`, or alone.

    A `temporary` file was made for this answer.
    """

    status: int
    headers: Headers
    body: bytes | None = None
    path: str = ""
    byte_range: tuple[int, int] = (0, 0)
    temporary: bool = False

    def send(self, protocol: HTTPProtocol) -> None:
        if self.body is not None:
            protocol.response_bytes(self.status, self.headers, self.body)
        elif self.path:
            protocol.response_file_range(self.status, self.headers, self.path, *self.byte_range)
        else:
            protocol.response_empty(self.status, self.headers)
        if self.temporary:
            asyncio.get_running_loop().call_later(
                TEMPORARY_FILE_SECONDS, Path(self.path).unlink, True
            )

    def get_header(self, name: str) -> str:
        """The value of the header `name` (in lower case); "" where there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")
