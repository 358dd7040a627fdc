"""Reads character maps (CMaps) of a PDF: from codes to CIDs, and to Unicode."""

import re
from collections.abc import Iterator
from typing import Any

from pikepdf import Name, Stream

from bhp_site.pdf.objects import as_dictionary, get_name, get_text, is_int, read_stream

IDENTITY_CMAPS = ("Identity-H", "Identity-V")
# The maps that every reader has, by the collection they are for (ISO 32000-1, table 118).
CMAP_FAMILIES = {
    "GB1": "GB-EUC GBpc-EUC GBK-EUC GBKp-EUC GBK2K UniGB-UCS2 UniGB-UTF16",
    "CNS1": "B5pc HKscs-B5 ETen-B5 ETenms-B5 CNS-EUC UniCNS-UCS2 UniCNS-UTF16",
    "Japan1": "83pv-RKSJ 90ms-RKSJ 90msp-RKSJ 90pv-RKSJ Add-RKSJ EUC Ext-RKSJ UniJIS-UCS2 "
    "UniJIS-UCS2-HW UniJIS-UTF16",
    "Korea1": "KSC-EUC KSCms-UHC KSCms-UHC-HW KSCpc-EUC UniKS-UCS2 UniKS-UTF16",
}
PREDEFINED_CMAPS = {
    f"{family}-{direction}": collection
    for collection, names in CMAP_FAMILIES.items()
    for family in names.split()
    for direction in "HV"
} | {"H": "Japan1", "V": "Japan1"}
NOT_CHARACTERS = {0, 0xFEFF, 0xFFFE}  # 7.21.7
SECTION = re.compile(rb"begin(?=bfchar|bfrange)")
MAX_MAPPED_CODES = 200_000  # several times what two bytes can hold
ITEM = re.compile(rb"<([0-9A-Fa-f\s]*)>|([\[\]])")
WRITING_MODE = re.compile(rb"/WMode\s+(\d+)\s+def")
USED_CMAP = re.compile(rb"/([^\s/<>()\[\]]+)\s+usecmap")


def is_valid_encoding(encoding: Any, collection: Any) -> bool:
    """Return True if the encoding of a composite font satisfies 7.21.3.

    `collection` is the CIDSystemInfo of its CIDFont: the encoding has to be known, consistent, and
    made for that collection.
    """
    if isinstance(encoding, Name):
        used = get_name(encoding)
        return used in IDENTITY_CMAPS or (
            used in PREDEFINED_CMAPS and _is_compatible(PREDEFINED_CMAPS[used], collection)
        )
    if not isinstance(encoding, Stream):
        return True  # nothing that this clause speaks of
    data = read_stream(encoding)
    mode = encoding.get("/WMode", 0)
    if (match := WRITING_MODE.search(data)) and is_int(mode) and int(match[1]) != mode:
        return False
    used_cmaps = {item.decode("latin-1") for item in USED_CMAP.findall(data)}
    used_cmaps |= {get_name(encoding.get("/UseCMap"))} - {""}
    if not used_cmaps <= {*IDENTITY_CMAPS, *PREDEFINED_CMAPS}:
        return False
    info = as_dictionary(encoding.get("/CIDSystemInfo"))
    supplements = info.get("/Supplement", 0), collection.get("/Supplement", 0)
    if all(map(is_int, supplements)) and supplements[0] < supplements[1]:
        return False
    registry = get_text(info.get("/Registry")), get_text(collection.get("/Registry"))
    if all(registry) and registry[0] != registry[1]:
        return False
    ordering = get_text(info.get("/Ordering"))
    return not ordering or _is_compatible(ordering, collection)


def _is_compatible(ordering: str, collection: Any) -> bool:
    own_ordering = get_text(collection.get("/Ordering"))
    return not own_ordering or own_ordering == ordering


def get_code_length(encoding: Any) -> int:
    """Return the bytes of each code of a composite font; 0 if there are several lengths."""
    if isinstance(encoding, Name):
        return 2 if get_name(encoding) in IDENTITY_CMAPS else 0
    lengths = {
        len(item) // 2
        for space in read_stream(encoding).split(b"begincodespacerange")[1:]
        for item, _ in ITEM.findall(space.partition(b"end")[0])
    }
    return lengths.pop() if len(lengths) == 1 else 0


def read_to_unicode(stream: Any) -> dict[int, bytes]:
    """Return a ToUnicode map as {code: hexadecimal digits of UTF-16}.

    Empty if it uses another map, is too large or cannot be read.
    """
    mapping: dict[int, bytes] = {}
    data = read_stream(stream)
    if USED_CMAP.search(data) or "/UseCMap" in stream:
        return mapping
    count = 0
    for section in SECTION.split(data)[1:]:
        body = section.partition(b"end")[0]
        tokens = iter(
            [(digits.translate(None, b" \r\n\t"), mark) for digits, mark in ITEM.findall(body)]
        )
        for first, _ in tokens:
            if section.startswith(b"bfchar"):
                part = {_parse_hex(first): next(tokens, (b"", b""))[0]}
            else:
                last = _parse_hex(next(tokens, (b"", b""))[0])
                part = _read_range(_parse_hex(first), last, tokens)
            count += len(part)
            if count > MAX_MAPPED_CODES:
                return {}
            mapping.update(part)
    return mapping


def _read_range(first: int, last: int, tokens: Iterator[tuple[bytes, bytes]]) -> dict[int, bytes]:
    """Return a bfrange, whose target counts up in its last two bytes, or is listed code by code."""
    target, mark = next(tokens, (b"", b""))
    codes = range(first, min(last, first + 0xFFFF) + 1)
    if mark != b"[":
        start, end = target[:-4], _parse_hex(target[-4:])
        return {code: start + b"%04X" % ((end + code - first) & 0xFFFF) for code in codes}
    listed = []
    for target, mark in tokens:
        if mark == b"]":
            break
        listed.append(target)
    return dict(zip(codes, listed, strict=False))


def _parse_hex(digits: bytes) -> int:
    return int(digits or b"0", 16)


def is_character(digits: bytes) -> bool:
    """Return True if all UTF-16 units that a code maps to are characters (7.21.7)."""
    units = [_parse_hex(digits[index : index + 4]) for index in range(0, len(digits), 4)]
    return NOT_CHARACTERS.isdisjoint(units)
