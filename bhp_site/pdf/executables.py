"""Recognises executable files by their names and first bytes."""

import re

EXTENSIONS = (
    rb"apk|app|bash|bat|cmd|com|command|cpl|deb|dll|dmg|exe|hta|jar|jse?|lnk|msi|msp|pif|pkg"
    rb"|ps1|psm1|reg|rpm|scr|sh|vb[es]|ws[fh]|xll"
)
FILE_NAME = re.compile(rf"\.(?:{EXTENSIONS.decode()})[\s.\0]*$", re.I)
SIGNATURES = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
# How an archive begins: ZIP (which Java runs), RAR and 7z.
ARCHIVE_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")
# What a browser that guesses takes for HTML (WHATWG MIME Sniffing, 7.1), or a server runs.
MARKUP = re.compile(
    rb"<(?:!doctype|html|head|body|script|svg|iframe|img|object|embed|meta|style|\?php)\b", re.I
)
# A file embedded in an Office document keeps its name, ended by a zero, before its bytes.
EMBEDDED_NAME = re.compile(rb"\.(?:" + EXTENSIONS + rb")\0", re.I)
PACKAGE_STREAM = "\x01Ole10Native".encode("utf-16-le")


def is_executable(name: str, first_bytes: bytes = b"") -> bool:
    """Return True if a file is an executable by its name or its first four bytes."""
    return bool(FILE_NAME.search(name)) or first_bytes.startswith(SIGNATURES)


def contains_executable(data: bytes) -> bool:
    """Return True if an OLE object of an Office document embeds an executable ([MS-OLEDS], 2.3.6).

    `data` are the bytes of the object.
    """
    return PACKAGE_STREAM in data and bool(EMBEDDED_NAME.search(data))


def begins_with_other_format(first_bytes: bytes) -> bool:
    """Return True if the bytes before a document make the file a program, archive or web page."""
    signatures = (*SIGNATURES, *ARCHIVE_SIGNATURES)
    return first_bytes.startswith(signatures) or bool(MARKUP.search(first_bytes))
