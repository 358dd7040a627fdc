"""Responses with a file or one byte range of it (RFC 9110, 14), so that downloads can resume."""

import datetime
import functools
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any

from django.core.files.base import File
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import condition

# Python refuses to convert very long numbers, and no file has that many bytes.
SINGLE_RANGE = re.compile(r"bytes=(\d{,18})-(\d{,18})$", re.ASCII)
READ_METHODS = ["GET", "HEAD", "OPTIONS"]

View = Callable[..., HttpResponseBase]


class RangeNotSatisfiable(Exception):
    """The range begins after the end of the file; the response is 416 (RFC 9110, 15.5.17)."""


class FilePart:
    """A file object with the `length` bytes of an open `file` from `offset` on.

    The server of this site sends it by path and span; any other server reads it.
    """

    def __init__(self, file: IO[bytes], offset: int, length: int) -> None:
        file.seek(offset)
        self.file, self.offset, self.length = file, offset, length
        self.name = file.name
        self.remaining = length

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` of the remaining bytes; all of them if `size` is negative."""
        data = self.file.read(self.remaining if size < 0 else min(size, self.remaining))
        self.remaining -= len(data)
        return data

    def close(self) -> None:
        """Close the underlying file."""
        self.file.close()


def get_file_path_and_span(file: Any, folders: Iterable[Path]) -> tuple[str, int, int] | None:
    """Return path, first byte and end (exclusive) of what remains to be read of an open `file`.

    None if nothing remains, or if the file cannot be opened by that path in one of `folders`.
    """
    opened = file.file if isinstance(file, FilePart) else file
    try:
        # Django wraps what `open` returns, whose name is its path, once or more.
        raw = opened
        while isinstance(raw, File):
            raw = raw.file
        path, stat = str(raw.name), os.fstat(raw.fileno())
        is_inside = any(Path(path).is_relative_to(folder) for folder in folders)
        if not is_inside or not os.path.samestat(os.stat(path), stat):
            return None
    except (AttributeError, OSError):
        return None
    if isinstance(file, FilePart):
        return path, file.offset, file.offset + file.length
    return (path, opened.tell(), stat.st_size) if opened.tell() < stat.st_size else None


def require_read_method(view: View) -> View:
    """Decorate `view` to receive GET and HEAD only: answer OPTIONS with 204, others with 405.

    The response does not depend on the file, so it reveals nothing about private ones. No CSRF
    token is asked for, because these views change nothing.
    """

    @functools.wraps(view)
    def check_method(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": ", ".join(READ_METHODS)})
        if request.method not in READ_METHODS:
            return HttpResponseNotAllowed(READ_METHODS)
        return view(request, *args, **kwargs)

    return csrf_exempt(check_method)


def parse_range(header: str, size: int) -> tuple[int, int] | None:
    """Return first and last byte (inclusive) that a Range `header` asks of a file of `size` bytes.

    None if the header is to be ignored: it is empty or invalid, has another unit or several ranges.
    Raises RangeNotSatisfiable.
    """
    match = SINGLE_RANGE.match(header.strip())
    if not match or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        length = min(int(last), size)
        if length == 0:
            raise RangeNotSatisfiable
        return size - length, size - 1
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None
    if start >= size:
        raise RangeNotSatisfiable
    return start, end


def get_requested_span(sent: Any, etag: str, date: str, size: int) -> tuple[int, int] | None:
    """Return first byte and end (exclusive) that request headers ask for; None for the whole file.

    `sent` maps lower-case names to values. If-Range must equal `etag` or `date`, the value of
    Last-Modified; a later date does not match (RFC 9110, 13.1.5). Raises RangeNotSatisfiable.
    """
    if (sent.get("if-range") or etag) not in (etag, date):
        return None
    span = parse_range(sent.get("range") or "", size)
    return (span[0], span[1] + 1) if span else None


def build_range_response(
    request: HttpRequest, file: Any, etag: str, content_type: str, modified: datetime.datetime
) -> HttpResponseBase:
    """Return a response with `file`, a range of it, 304 or 416, as the request's headers ask.

    `file` is a model's field file, `etag` strong and quoted; `modified` is when the file came to
    hold these bytes. Raises FileNotFoundError if its bytes are missing.
    """
    date = http_date(modified.timestamp())

    @condition(lambda request: etag, lambda request: modified)
    def build_response(request: HttpRequest) -> HttpResponseBase:
        size = file.size
        try:
            span = get_requested_span(request.headers, etag, date, size)
        except RangeNotSatisfiable:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        opened = file.storage.open(file.name, "rb")
        if span is None:
            return FileResponse(opened, content_type=content_type)
        first, end = span
        part = FilePart(opened, first, end - first)
        response = FileResponse(part, status=206, content_type=content_type)
        response.headers["Content-Range"] = f"bytes {first}-{end - 1}/{size}"
        response.headers["Content-Length"] = str(part.length)
        return response

    response = build_response(request)
    response.headers["Accept-Ranges"] = "bytes"
    return response
