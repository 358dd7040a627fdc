"""A complete HTTP response, as the RSGI protocol sends it."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from granian.rsgi import HTTPProtocol

# granian opens a file after `send` has returned. A temporary file is deleted after this time.
TEMPORARY_FILE_SECONDS = 60

Headers = list[tuple[str, str]]


@dataclass(slots=True)
class Response:
    """A status, headers, and one of three: `body`, part of the file at `path`, or no body.

    `byte_range` is the first byte of the file and the byte after the last. A `temporary` file was
    written for this response only.
    """

    status: int
    headers: Headers
    body: bytes | None = None
    path: str = ""
    byte_range: tuple[int, int] = (0, 0)
    temporary: bool = False

    def send(self, protocol: HTTPProtocol) -> None:
        """Send the response; schedule the deletion of its temporary file."""
        if self.body is not None:
            protocol.response_bytes(self.status, self.headers, self.body)
        elif self.path:
            protocol.response_file_range(self.status, self.headers, self.path, *self.byte_range)
        else:
            protocol.response_empty(self.status, self.headers)
        self.delete_file_later()

    def delete_file_later(self) -> None:
        """Delete the file after TEMPORARY_FILE_SECONDS if it is temporary."""
        if self.temporary:
            loop = asyncio.get_running_loop()
            loop.call_later(TEMPORARY_FILE_SECONDS, Path(self.path).unlink, True)

    def get_header(self, name: str) -> str:
        """Return the first value of the header `name` (in lower case); "" if it is not set."""
        return next((value for key, value in self.headers if key.lower() == name), "")
