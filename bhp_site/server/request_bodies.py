"""Reads request bodies completely before Django runs, within limits of size, time and number.

Visitors who are not signed in can only send forms, so they cannot use up the quota of documents.
Each network has a part of each quota: a client that holds bodies back uses up its own.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Any, cast

from django.conf import settings
from django.contrib.auth import get_user
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, close_old_connections
from django.http import HttpRequest
from django.utils.module_loading import import_string

from bhp_site.core.rate_limits import get_client_network
from bhp_site.core.url_prefixes import ADMIN_PREFIX

from .responses import Response
from .wsgi_runner import MAX_BODY_IN_MEMORY_BYTES

# Twice what a form accepts, so that the form can explain that a file is too large.
MAX_BODY_BYTES = 2 * max(settings.WAGTAILDOCS_MAX_BYTES, settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE)
# Of a visitor: the longest message of a form has 5,000 characters.
MAX_FORM_BYTES = 128 * 1024
# Of a browser whose session has ended: the text that its editor typed is offered again.
MAX_UNSAVED_BYTES = 2_500_000
READ_TIMEOUT_SECONDS = 30
# A body arrives at this rate at least, after READ_TIMEOUT_SECONDS.
MIN_BYTES_PER_SECOND = 50_000


class RequestRefused(Exception):
    """A request that does not reach Django; its arguments are a status and a sentence."""

    def build_response(self) -> Response:
        """Return a plain-text response with the status and its sentence."""
        status, reason = self.args
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")]
        headers += [("Retry-After", "5")] * (status == 503)
        return Response(status, headers, f"{reason}\n".encode())


@dataclass
class Quota:
    """Limits on the bytes of bodies that are being read or processed in this worker, by network."""

    max_bytes: int
    max_network_bytes: int
    pending_bytes: Counter[str] = field(default_factory=Counter)

    def add(self, network: str, size: int) -> None:
        """Count `size` more bytes of a network; raises RequestRefused above a limit."""
        self.pending_bytes[network] += size
        if self.pending_bytes.total() > self.max_bytes:
            raise RequestRefused(503, "The server is receiving too much data.")
        if self.pending_bytes[network] > self.max_network_bytes:
            raise RequestRefused(503, "Your network is sending too much data at a time.")

    def remove(self, network: str, size: int) -> None:
        """Stop counting `size` bytes of a network."""
        self.pending_bytes[network] -= size
        if not self.pending_bytes[network]:
            del self.pending_bytes[network]


class BodyReader:
    """Reads bodies; `run_in_thread` runs a function that queries the database."""

    def __init__(self, run_in_thread: Callable[..., Awaitable[Any]]) -> None:
        self.run_in_thread = run_in_thread
        self.forms = Quota(512 * MAX_FORM_BYTES, 64 * MAX_FORM_BYTES)
        self.unsaved = Quota(24 * MAX_UNSAVED_BYTES, 6 * MAX_UNSAVED_BYTES)
        self.documents = Quota(8 * MAX_BODY_BYTES, 4 * MAX_BODY_BYTES)

    @asynccontextmanager
    async def read(
        self, environ: dict[str, Any], chunks: AsyncIterator[bytes]
    ) -> AsyncIterator[IO[bytes]]:
        """Yield the whole body as a file, which exists within the context; raise RequestRefused."""
        length, received = int(environ["CONTENT_LENGTH"]), 0
        request = WSGIRequest(environ | {"wsgi.input": BytesIO()})
        network, quota = get_client_network(request), await self.choose_quota(request, length)
        deadline = asyncio.get_running_loop().time() + get_body_seconds(length)
        with tempfile.SpooledTemporaryFile(
            MAX_BODY_IN_MEMORY_BYTES, dir=str(settings.SPOOL_DIR)
        ) as file:
            try:
                while received < length:
                    chunk = await read_chunk(chunks, deadline)
                    received += len(chunk)
                    quota.add(network, len(chunk))
                    file.write(chunk)
                file.seek(0)
                yield cast(IO[bytes], file)
            finally:
                quota.remove(network, received)

    async def choose_quota(self, request: HttpRequest, length: int) -> Quota:
        """Return the quota of a body of `length` bytes; raise RequestRefused if it is too long.

        Only for a long body is the database asked whether somebody is signed in.
        """
        if length > MAX_BODY_BYTES:
            raise RequestRefused(413, f"The body may have up to {MAX_BODY_BYTES:,} bytes.")
        if length <= MAX_FORM_BYTES:
            return self.forms
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_session and await self.run_in_thread(is_signed_in, request):
            return self.documents
        may_be_unsaved = has_session and request.path.startswith(ADMIN_PREFIX)
        if may_be_unsaved and length <= MAX_UNSAVED_BYTES:
            return self.unsaved
        raise RequestRefused(
            413,
            f"Without signing in you can send up to {MAX_FORM_BYTES:,} bytes. If you were signed "
            "in, sign in again in another tab, then send this once more.",
        )


def is_signed_in(request: HttpRequest) -> bool:
    """Return True if the request's session belongs to an active user.

    Raises RequestRefused if the database cannot be asked.
    """
    close_old_connections()
    try:
        engine = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
        request.session = engine(request.COOKIES[settings.SESSION_COOKIE_NAME])
        return bool(get_user(request).is_authenticated)
    except DatabaseError as error:
        raise RequestRefused(503, "The server cannot look up who is signed in.") from error
    finally:
        close_old_connections()


def get_body_seconds(length: int) -> float:
    """Return in how many seconds a whole body of `length` bytes has to arrive."""
    return READ_TIMEOUT_SECONDS + length / MIN_BYTES_PER_SECOND


async def read_chunk(chunks: AsyncIterator[bytes], deadline: float) -> bytes:
    """Return the next bytes of an incomplete body; raises RequestRefused if there are none.

    `deadline` is when the whole body has to be there, in the event loop's time.
    """
    try:
        now = asyncio.get_running_loop().time()
        async with asyncio.timeout_at(min(now + READ_TIMEOUT_SECONDS, deadline)):
            if chunk := await anext(chunks):
                return chunk
    except TimeoutError:
        raise RequestRefused(408, "The body did not arrive in time.") from None
    # The client has closed the connection, so this is not sent.
    raise RequestRefused(400, "The request was interrupted.")
