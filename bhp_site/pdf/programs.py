"""Files that run when somebody opens them, told by their names and first bytes."""

import re

ENDINGS = (
    rb"apk|app|bash|bat|cmd|com|command|cpl|deb|dll|dmg|exe|hta|jar|jse?|lnk|msi|msp|pif|pkg"
    rb"|ps1|psm1|reg|rpm|scr|sh|vb[es]|ws[fh]|xll"
)
NAME = re.compile(rf"\.(?:{ENDINGS.decode()})[\s.\0]*$", re.I)
STARTS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
# A file put into an Office document keeps its name, ended by a zero, before its bytes.
PACKED = re.compile(rb"\.(?:" + ENDINGS + rb")\0", re.I)
PACKER = "\x01Ole10Native".encode("utf-16-le")


def is_program(name: str, start: bytes = b"") -> bool:
    return bool(NAME.search(name)) or start.startswith(STARTS)


def holds_program(data: bytes) -> bool:
    """Whether an object of Office's own kind is a program in a wrapper ([MS-OLEDS], 2.3.6)."""
    return PACKER in data and bool(PACKED.search(data))
