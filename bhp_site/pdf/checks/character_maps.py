"""Character maps in a PDF: from codes to characters of a collection, and to Unicode."""

import re
from collections.abc import Iterator
from typing import Any

from pikepdf import Name, Stream

from bhp_site.pdf.objects import as_dictionary, get_name, get_text, is_int, read_stream

IDENTITY = ("Identity-H", "Identity-V")
# The maps that every reader has, by the collection they are for (ISO 32000-1, table 118).
FAMILIES = {
    "GB1": "GB-EUC GBpc-EUC GBK-EUC GBKp-EUC GBK2K UniGB-UCS2 UniGB-UTF16",
    "CNS1": "B5pc HKscs-B5 ETen-B5 ETenms-B5 CNS-EUC UniCNS-UCS2 UniCNS-UTF16",
    "Japan1": "83pv-RKSJ 90ms-RKSJ 90msp-RKSJ 90pv-RKSJ Add-RKSJ EUC Ext-RKSJ UniJIS-UCS2 "
    "UniJIS-UCS2-HW UniJIS-UTF16",
    "Korea1": "KSC-EUC KSCms-UHC KSCms-UHC-HW KSCpc-EUC UniKS-UCS2 UniKS-UTF16",
}
PREDEFINED = {
    f"{one}-{way}": collection
    for collection, names in FAMILIES.items()
    for one in names.split()
    for way in "HV"
} | {"H": "Japan1", "V": "Japan1"}
NOT_CHARACTERS = {0, 0xFEFF, 0xFFFE}  # 7.21.7
SECTION = re.compile(rb"begin(?=bfchar|bfrange)")
MAX_MAPPED = 200_000  # codes; more than two bytes can hold, several times over
ITEM = re.compile(rb"<([0-9A-Fa-f\s]*)>|([\[\]])")
WRITING_MODE = re.compile(rb"/WMode\s+(\d+)\s+def")
USED_MAP = re.compile(rb"/([^\s/<>()\[\]]+)\s+usecmap")


def is_sound(encoding: Any, collection: Any) -> bool:
    """Whether the map of a composite font is known, agrees with itself and fits (7.21.3)."""
    if isinstance(encoding, Name):
        used = get_name(encoding)
        return used in IDENTITY or (used in PREDEFINED and _fits(PREDEFINED[used], collection))
    if not isinstance(encoding, Stream):
        return True  # nothing that this clause speaks of
    data = read_stream(encoding)
    mode = encoding.get("/WMode", 0)
    if (found := WRITING_MODE.search(data)) and is_int(mode) and int(found[1]) != mode:
        return False
    others = {one.decode("latin-1") for one in USED_MAP.findall(data)}
    others |= {get_name(encoding.get("/UseCMap"))} - {""}
    if not others <= {*IDENTITY, *PREDEFINED}:
        return False
    given = as_dictionary(encoding.get("/CIDSystemInfo"))
    supplements = given.get("/Supplement", 0), collection.get("/Supplement", 0)
    if all(map(is_int, supplements)) and supplements[0] < supplements[1]:
        return False
    registry = get_text(given.get("/Registry")), get_text(collection.get("/Registry"))
    if all(registry) and registry[0] != registry[1]:
        return False
    ordering = get_text(given.get("/Ordering"))
    return not ordering or _fits(ordering, collection)


def _fits(ordering: str, collection: Any) -> bool:
    given = get_text(collection.get("/Ordering"))
    return not given or given == ordering


def code_length(encoding: Any) -> int:
    """Bytes of each code of a composite font, 0 where it has codes of several lengths."""
    if isinstance(encoding, Name):
        return 2 if get_name(encoding) in IDENTITY else 0
    lengths = {
        len(one) // 2
        for space in read_stream(encoding).split(b"begincodespacerange")[1:]
        for one, _ in ITEM.findall(space.partition(b"end")[0])
    }
    return lengths.pop() if len(lengths) == 1 else 0


def to_unicode(stream: Any) -> dict[int, bytes]:
    """What a ToUnicode map says of each code, as hexadecimal digits of UTF-16.

    Nothing where it leans on another map, or cannot be read.
    """
    found: dict[int, bytes] = {}
    data = read_stream(stream)
    if USED_MAP.search(data) or "/UseCMap" in stream:
        return found
    mapped = 0
    for section in SECTION.split(data)[1:]:
        body = section.partition(b"end")[0]
        tokens = iter(
            [(digits.translate(None, b" \r\n\t"), mark) for digits, mark in ITEM.findall(body)]
        )
        for first, _ in tokens:
            if section.startswith(b"bfchar"):
                more = {_number(first): next(tokens, (b"", b""))[0]}
            else:
                last = _number(next(tokens, (b"", b""))[0])
                more = _range(_number(first), last, tokens)
            mapped += len(more)
            if mapped > MAX_MAPPED:
                return {}
            found.update(more)
    return found


def _range(first: int, last: int, tokens: Iterator[tuple[bytes, bytes]]) -> dict[int, bytes]:
    """A bfrange, whose target counts on in its last two bytes, or is listed one by one."""
    target, mark = next(tokens, (b"", b""))
    codes = range(first, min(last, first + 0xFFFF) + 1)
    if mark != b"[":
        start, end = target[:-4], _number(target[-4:])
        return {code: start + b"%04X" % ((end + code - first) & 0xFFFF) for code in codes}
    listed = []
    for target, mark in tokens:
        if mark == b"]":
            break
        listed.append(target)
    return dict(zip(codes, listed, strict=False))


def _number(digits: bytes) -> int:
    return int(digits or b"0", 16)


def is_character(digits: bytes) -> bool:
    """Whether the target of a code can be read (7.21.7)."""
    units = [_number(digits[at : at + 4]) for at in range(0, len(digits), 4)]
    return NOT_CHARACTERS.isdisjoint(units)
