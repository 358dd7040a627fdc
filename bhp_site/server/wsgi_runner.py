"""Runs a WSGI application and turns its result into a complete response."""

import gc
import itertools
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from wsgiref.util import FileWrapper

from django.conf import settings

from bhp_site.files.byte_ranges import get_file_path_and_span
from bhp_site.home.unavailable import NO_SPACE

from .responses import Headers, Response

WSGIApplication = Callable[..., Iterable[bytes]]

# Larger request and response bodies are written to a temporary file.
MAX_BODY_IN_MEMORY_BYTES = 256 * 1024
# granian opens a file after Django has closed it, so only files that stay can be sent by path.
PERMANENT_FOLDERS = (settings.MEDIA_ROOT, settings.STATIC_ROOT, settings.PRESS_PACK_DIR)


def run_wsgi(application: WSGIApplication, environ: dict[str, Any]) -> Response:
    """Run `application` with `environ` and return its response.

    The result is read and closed in this thread, because Django's database connection belongs to
    the thread. Raises any exception of the application.
    """
    try:
        return call_wsgi(application, environ)
    finally:
        # Django's requests, forms and files refer to each other, so they hold the bytes and images
        # of an upload until a full collection, which comes after thousands of other objects.
        if environ.get("CONTENT_TYPE", "").lower().startswith("multipart/form-data"):
            gc.collect()


def call_wsgi(application: WSGIApplication, environ: dict[str, Any]) -> Response:
    """Call `application` with `environ` and return its response; raises its exceptions."""
    status, headers = 0, Headers()

    def start_response(status_line: str, pairs: Headers, exc_info: Any = None) -> None:
        nonlocal status, headers
        status, headers = int(status_line[:3]), pairs

    result = application(environ, start_response)
    try:
        return build_response(environ["REQUEST_METHOD"], status, headers, result)
    finally:
        if hasattr(result, "close"):
            result.close()


def build_response(method: str, status: int, headers: Headers, result: Iterable[bytes]) -> Response:
    """Return the response to a request with `method`, reading `result` where a body is sent.

    Raises ValueError for an interim status (RFC 9110, 15.2).
    """
    if status < 200:
        raise ValueError(f"{status} is not a final status")
    # WSGI's headers are Latin-1, granian writes UTF-8. Wagtail's document view sends an encoding
    # named “None”.
    headers = [
        (name, value.strip().encode("latin-1").decode(errors="replace"))
        for name, value in headers
        if (name, value) != ("Content-Encoding", "None")
    ]
    if method == "HEAD":
        return Response(status, headers)
    headers = [pair for pair in headers if pair[0].lower() != "content-length"]
    if status in (204, 304):
        return Response(status, headers)
    if isinstance(result, FileWrapper) and (
        file := get_file_path_and_span(result.filelike, PERMANENT_FOLDERS)
    ):
        path, start, end = file
        headers.append(("Content-Length", str(end - start)))
        return Response(status, headers, path=path, byte_range=(start, end))
    return spool_response(status, headers, iter(result))


def spool_response(status: int, headers: Headers, chunks: Iterator[bytes]) -> Response:
    """Return a response with all of `chunks`, in memory or in a temporary file.

    RSGI's stream is not used: it keeps in memory all bytes that a slow client has not read.
    """
    beginning = bytearray()
    for chunk in chunks:
        beginning += chunk
        if len(beginning) > MAX_BODY_IN_MEMORY_BYTES:
            break
    else:
        headers = [*headers, ("Content-Length", str(len(beginning)))]
        return Response(status, headers, bytes(beginning))
    handle, path = tempfile.mkstemp(dir=settings.SPOOL_DIR)
    try:
        body = spool_chunks(handle, itertools.chain([bytes(beginning)], chunks))
    except BaseException:
        os.unlink(path)
        raise
    if isinstance(body, int):
        headers = [*headers, ("Content-Length", str(body))]
        return Response(status, headers, path=path, byte_range=(0, body), temporary=True)
    try:
        body = Path(path).read_bytes() + body
    finally:
        os.unlink(path)
    return Response(status, [*headers, ("Content-Length", str(len(body)))], body)


def spool_chunks(handle: int, chunks: Iterator[bytes]) -> int | bytes:
    """Write `chunks` to the file with this handle and return their length.

    If there is no room for all of them, return the rest.
    """
    length = 0
    with os.fdopen(handle, "wb", 0) as file:
        for chunk in chunks:
            rest = chunk
            while rest:
                try:
                    count = file.write(rest)
                except OSError as error:
                    if error.errno not in NO_SPACE:
                        raise
                    return rest + b"".join(chunks)
                length, rest = length + count, rest[count:]
    return length
