"""Finds what an Office document loads from other computers when it is opened.

Its relationships are listed in the `.rels` entries of the package (ECMA-376 part 2, 9.3).
"""

import codecs
import html
import re
import zipfile

# Loaded without a click. A hyperlink is not, and an image of the web shows only who looks at it.
LOADED_TYPES = ("attachedtemplate", "oleobject", "frame", "subdocument", "afchunk")
HYPERLINK_TYPE = "hyperlink"
# Workbooks ask before they read another.
ASKED_TYPES = ("externallinkpath", "externallink")
MAX_RELATIONSHIPS_BYTES = 5_000_000
RELATIONSHIP = re.compile(r"<(?:[\w.-]+:)?Relationship\s[^>]*>")
ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
# \\server, //server, file://server and file:////server; file:///C:/ is a file of the reader.
UNC_PATH = re.compile(r"\s*(?:file:)?(?:[\\/]{2}(?![\\/])|[\\/]{4,})", re.I)
URL = re.compile(r"\s*(?!file:)[a-z][a-z0-9+.-]+:", re.I)


def loads_remote_content(package: zipfile.ZipFile) -> bool:
    """Return True if a `package` loads a template, object or file from another computer."""
    return any(
        _is_remote(attributes)
        for entry in package.infolist()
        if entry.filename.lower().endswith(".rels")
        for attributes in _read_relationships(package, entry)
    )


def _read_relationships(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> list[dict[str, str]]:
    """Return the attributes of each relationship, by name in lower case."""
    with package.open(entry) as file:
        data = file.read(MAX_RELATIONSHIPS_BYTES)
    is_utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = data.decode("utf-16" if is_utf_16 else "utf-8", errors="replace")
    return [
        {
            name.lower(): html.unescape(quoted or single)
            for name, quoted, single in ATTRIBUTE.findall(element)
        }
        for element in RELATIONSHIP.findall(text)
    ]


def _is_remote(attributes: dict[str, str]) -> bool:
    if attributes.get("targetmode", "").lower() != "external":
        return False
    kind = attributes.get("type", "").rpartition("/")[2].lower()
    target = attributes.get("target", "")
    if kind in LOADED_TYPES:
        return bool(UNC_PATH.match(target) or URL.match(target))
    return kind not in (HYPERLINK_TYPE, *ASKED_TYPES) and bool(UNC_PATH.match(target))
