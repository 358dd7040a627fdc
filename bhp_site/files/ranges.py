"""One byte range of a file (RFC 9110, section 14), so that a broken download goes on."""

import re
from collections.abc import Iterator
from typing import IO, Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import condition

SINGLE = re.compile(r"bytes=(\d*)-(\d*)$")


class NotSatisfiable(Exception):
    """The range lies beyond the end of the file: answer 416."""


def parse(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte (inclusive) asked for by a Range `header` of a file of `size` bytes.

    None where the header is to be ignored: no header, another unit, several ranges or nonsense.
    Raises NotSatisfiable.
    """
    match = SINGLE.match(header.strip())
    if not match or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        length = min(int(last), size)
        if length == 0:
            raise NotSatisfiable
        return size - length, size - 1
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None
    if start >= size:
        raise NotSatisfiable
    return start, end


def ranged(request: HttpRequest, file: Any, etag: str, content_type: str) -> HttpResponseBase:
    """A file, a part of it, “not modified” or 416, as the request's headers ask."""

    @condition(etag_func=lambda request: etag)
    def answer(request: HttpRequest) -> HttpResponseBase:
        size = file.size
        header = request.headers.get("Range", "")
        if request.headers.get("If-Range", etag) != etag:
            header = ""
        try:
            span = parse(header, size)
        except NotSatisfiable:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        opened = file.storage.open(file.name, "rb")
        if span is None:
            return FileResponse(opened, content_type=content_type)
        first, last = span
        response = FileResponse(_part(opened, first, last), status=206, content_type=content_type)
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
        response.headers["Content-Length"] = str(last - first + 1)
        return response

    response = answer(request)
    response.headers["Accept-Ranges"] = "bytes"
    return response


def _part(file: IO[bytes], first: int, last: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        left = last - first + 1
        while left and (chunk := file.read(min(left, 64 * 1024))):
            left -= len(chunk)
            yield chunk
