"""Recognises executable files by their names and first bytes."""

import re

EXTENSIONS = (
    rb"apk|app|bash|bat|cmd|com|command|cpl|deb|dll|dmg|exe|hta|jar|jse?|lnk|msi|msp|pif|pkg"
    rb"|ps1|psm1|reg|rpm|scr|sh|vb[es]|ws[fh]|xll"
)
FILE_NAME = re.compile(rf"\.(?:{EXTENSIONS.decode()})[\s.\0]*$", re.I)
SIGNATURES = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
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
