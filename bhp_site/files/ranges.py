"""One byte range of a file (RFC 9110, section 14), so that a broken download goes on."""

import re

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
