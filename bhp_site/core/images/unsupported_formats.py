"""Image formats that the site does not take, so that a sound file is not called damaged."""

import re
from typing import Any

START_BYTES = 4096
TRUEVISION = b"TRUEVISION-XFILE.\0"  # how a TGA file of version 2 ends
# What a file begins with, and what its format is called; those of ISO's media files say it later.
SIGNATURES = (
    (rb"8BP[SB]\0[\x01\x02]", "a Photoshop file"),
    (rb"\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51", "a JPEG 2000 image"),
    (rb"\0\0\0\x0cJXL \r\n\x87\n|\xff\x0a", "a JPEG XL image"),
    (rb"II\*\0|MM\0\*|II\+\0|MM\0\+", "a TIFF image, or a camera’s raw file"),
    (rb"BM.{4}\0\0\0\0", "a Windows bitmap (BMP)"),
    (rb"\0\0[\x01\x02]\0[^\0]\0", "an icon or cursor of Windows (ICO)"),
    (rb"\x0a[\0\x02-\x05]\x01[\x01\x02\x04\x08]", "a PCX image"),
    (rb"\x01\xda[\0\x01][\x01\x02]", "an SGI image"),
    (rb"DDS \x7c\0\0\0", "a DDS image"),
    (rb"P[1-7]\s", "a Netpbm image (PPM)"),
    (rb".{4}ftyp(?:hei[cmsx]|hev[cmsx]|mif1|msf1)", "a HEIC image, as some phones take them"),
    (rb"%!PS-Adobe|\xc5\xd0\xd3\xc6", "a PostScript file (EPS)"),
    (rb"%PDF-", "a PDF"),
    (rb"\s*(?:<\?xml.*?)?(?:<!--.*?-->\s*)*(?:<!DOCTYPE svg.*?)?<svg[\s>]", "a drawing (SVG)"),
    (rb"gimp xcf ", "a GIMP file"),
    (rb"\xd7\xcd\xc6\x9a|\x01\0\0\0.{36} EMF", "a Windows metafile (WMF or EMF)"),
    (rb"SIMPLE  =", "an astronomical image (FITS)"),
)
PATTERNS = [(re.compile(sign, re.DOTALL), name) for sign, name in SIGNATURES]
REFUSAL = (
    "This is {name}, which web browsers cannot show. Open it in an image program, save or export "
    "it as JPEG or PNG, and upload that copy."
)


def explain_unsupported(file: Any) -> str:
    """Return a sentence that names the unsupported image format of an upload; "" for all others.

    `file` is rewound afterwards.
    """
    if not hasattr(file, "seek"):
        return ""
    file.seek(0)
    start = file.read(START_BYTES)
    file.seek(-min(file.size, len(TRUEVISION)), 2)
    is_targa = file.read(len(TRUEVISION)) == TRUEVISION
    file.seek(0)
    for pattern, name in PATTERNS:
        if pattern.match(start):
            return REFUSAL.format(name=name)
    return REFUSAL.format(name="a TGA image") if is_targa or is_targa_header(start) else ""


def is_targa_header(start: bytes) -> bool:
    """Return True if `start` (18 bytes or more) can begin a TGA file without a signature.

    Each field of the header has few values: kind of palette, kind of image, sizes, depth.
    """
    if len(start) < 18:
        return False
    palette, kind, depth, flags = start[1], start[2], start[16], start[17]
    sizes = int.from_bytes(start[12:14], "little"), int.from_bytes(start[14:16], "little")
    is_kind = (palette, kind) in {(1, 1), (1, 9), (0, 2), (0, 3), (0, 10), (0, 11)}
    entry_depth = start[7] in (15, 16, 24, 32) if palette else not any(start[3:8])
    return is_kind and entry_depth and all(sizes) and depth in (8, 16, 24, 32) and flags < 64
