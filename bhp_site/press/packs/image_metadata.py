"""Remove metadata from image files without changing their pixels.

Cameras and phones record where and by whom a photograph was taken. Press packs contain originals,
so these details must not go with them; colour profiles and a JPEG's orientation stay.
"""

import struct
from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from bhp_site.core.images.conversion import build_source

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Chunks with text, times and camera data (PNG, third edition, 11.3).
PNG_METADATA = {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"}
# JPEG markers (ITU T.81, B.1.1.3) without a length, and those that matter here.
JPEG_START, JPEG_END, JPEG_SCAN = 0xD8, 0xD9, 0xDA
JPEG_RESTARTS = range(0xD0, 0xD8)
JPEG_COMMENT = 0xFE
APP_SEGMENTS = range(0xE0, 0xF0)
EXIF_ORIENTATION = 0x0112
# Segments of applications that decoders need, with the beginning of their data.
KEPT_APP_SEGMENTS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
# Flags of WebP's VP8X chunk for Exif and XMP.
WEBP_METADATA_FLAGS = 0x08 | 0x04
WEBP_METADATA = {b"EXIF", b"XMP "}


class UnknownStructure(Exception):
    """The bytes are not built as the format demands."""


def remove_metadata(data: bytes) -> tuple[bytes, str]:
    """Return the image in `data` without metadata, and the extension of its file name.

    JPEG, PNG and WebP keep their bytes of pixels; other images are converted to PNG.
    """
    try:
        if data.startswith(b"\xff\xd8"):
            return b"".join(_iter_jpeg_parts(data)), ".jpg"
        if data.startswith(PNG_SIGNATURE):
            return PNG_SIGNATURE + b"".join(_iter_png_chunks(data)), ".png"
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _clean_webp(data), ".webp"
    except (UnknownStructure, struct.error, IndexError):
        pass
    return build_source(BytesIO(data)).getvalue(), ".png"


def _iter_jpeg_parts(data: bytes) -> Iterator[bytes]:
    """Yield the parts of the first image in a JPEG file that are no metadata.

    Raises UnknownStructure.
    """
    yield data[:2]
    yield _build_orientation(data)
    position = 2
    while True:
        if data[position] != 0xFF:
            raise UnknownStructure
        marker = data[position + 1]
        if marker == 0xFF:
            # A fill byte.
            position += 1
            continue
        if marker == JPEG_END:
            yield data[position : position + 2]
            return
        (length,) = struct.unpack_from(">H", data, position + 2)
        end = position + 2 + length
        if marker == JPEG_SCAN:
            end = _find_end_of_scan(data, end)
        if _is_kept_segment(marker, data[position + 4 : position + 20]):
            yield data[position:end]
        position = end


def _is_kept_segment(marker: int, start: bytes) -> bool:
    if marker in APP_SEGMENTS:
        return marker in KEPT_APP_SEGMENTS and start.startswith(KEPT_APP_SEGMENTS[marker])
    return marker != JPEG_COMMENT


def _find_end_of_scan(data: bytes, position: int) -> int:
    """Return where the entropy-coded data that begins at `position` ends: at the next marker."""
    while True:
        position = data.find(b"\xff", position)
        if position < 0 or position + 1 >= len(data):
            raise UnknownStructure
        following = data[position + 1]
        if following and following not in JPEG_RESTARTS:
            return position
        position += 2


def _build_orientation(data: bytes) -> bytes:
    """Return an Exif segment with the orientation of a JPEG alone; empty if it is upright."""
    with Image.open(BytesIO(data)) as image:
        orientation = image.getexif().get(EXIF_ORIENTATION, 1)
    if orientation not in range(2, 9):
        return b""
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = orientation
    content = exif.tobytes()
    return b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content


def _iter_png_chunks(data: bytes) -> Iterator[bytes]:
    position = len(PNG_SIGNATURE)
    while position < len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        if end > len(data):
            raise UnknownStructure
        if kind not in PNG_METADATA:
            yield data[position:end]
        if kind == b"IEND":
            return
        position = end
    raise UnknownStructure


def _clean_webp(data: bytes) -> bytes:
    chunks, position = [], 12
    while position < len(data):
        kind, length = struct.unpack_from("<4sI", data, position)
        end = position + 8 + length + length % 2
        if position + 8 + length > len(data):
            raise UnknownStructure
        chunk = bytearray(data[position:end])
        if kind == b"VP8X":
            chunk[8] &= ~WEBP_METADATA_FLAGS & 0xFF
        if kind not in WEBP_METADATA:
            chunks.append(bytes(chunk))
        position = end
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body
