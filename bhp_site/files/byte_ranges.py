"""A file, or one byte range of it (RFC 9110, section 14), so that a broken download goes on."""

import datetime
import functools
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import condition

# More digits than any file has bytes are nonsense, and more than Python reads an error.
SINGLE_RANGE = re.compile(r"bytes=(\d{,18})-(\d{,18})$", re.ASCII)
READ_METHODS = ["GET", "HEAD", "OPTIONS"]

View = Callable[..., HttpResponseBase]


class RangeNotSatisfiable(Exception):
    """The range lies beyond the end of the file: answer 416."""


class FilePart:
    """`length` bytes of an open `file` from `offset` on, as a file of its own.

    A server that sends files by itself finds here what to send; any other reads it.
    """

    def __init__(self, file: IO[bytes], offset: int, length: int) -> None:
        file.seek(offset)
        self.file, self.offset, self.length = file, offset, length
        self.name = file.name
        self.remaining = length

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(self.remaining if size < 0 else min(size, self.remaining))
        self.remaining -= len(data)
        return data

    def close(self) -> None:
        self.file.close()


def get_file_path_and_span(file: Any, folders: Iterable[Path]) -> tuple[str, int, int] | None:
    """Path, first byte and end (exclusive) of what is left to read of an open `file`.

    None where it is not, by that name, in one of `folders`, or where nothing is left.
    """
    whole = file.file if isinstance(file, FilePart) else file
    try:
        # The name of a model's file is relative to its storage; it knows its path beside.
        path, stat = str(getattr(whole, "path", whole.name)), os.fstat(whole.fileno())
        inside = any(Path(path).is_relative_to(folder) for folder in folders)
        if not inside or not os.path.samestat(os.stat(path), stat):
            return None
    except (AttributeError, NotImplementedError, OSError):
        return None
    if isinstance(file, FilePart):
        return path, file.offset, file.offset + file.length
    return (path, whole.tell(), stat.st_size) if whole.tell() < stat.st_size else None


def require_read_method(view: View) -> View:
    """Only GET and HEAD reach the `view`; OPTIONS is told so (204), anything else refused (405).

    All alike, whether there is such a file or not: so the answer says nothing of a private one,
    nor of a missing token, since nothing is ever changed here.
    """

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": ", ".join(READ_METHODS)})
        if request.method not in READ_METHODS:
            return HttpResponseNotAllowed(READ_METHODS)
        return view(request, *args, **kwargs)

    return csrf_exempt(answer)


def parse_range(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte (inclusive) asked for by a Range `header` of a file of `size` bytes.

    None where the header is to be ignored: no header, another unit, several ranges or nonsense.
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
    """First byte and end (exclusive) that the headers `sent` ask for; None for the whole file.

    A date in If-Range too must be the very same, not merely as late (RFC 9110, 13.1.5). Raises
    RangeNotSatisfiable.
    """
    if (sent.get("if-range") or etag) not in (etag, date):
        return None
    span = parse_range(sent.get("range") or "", size)
    return (span[0], span[1] + 1) if span else None


def build_range_response(
    request: HttpRequest, file: Any, etag: str, content_type: str, modified: datetime.datetime
) -> HttpResponseBase:
    """A file, a part of it, “not modified” or 416, as the request's headers ask.

    `etag` is strong and quoted; `modified` is when the file came to hold these bytes.
    """
    date = http_date(modified.timestamp())

    @condition(lambda request: etag, lambda request: modified)
    def answer(request: HttpRequest) -> HttpResponseBase:
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

    response = answer(request)
    response.headers["Accept-Ranges"] = "bytes"
    return response
