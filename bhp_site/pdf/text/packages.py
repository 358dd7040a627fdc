"""Extracts the text of Office and OpenDocument files (ECMA-376, ODF 1.3)."""

import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

MAX_PART_BYTES = 50 * 1024 * 1024
# By extension: the parts that hold the text, and the elements that end a line.
PARTS = {
    ".docx": (("word/document.xml", "word/footnotes.xml"), ("}p", "}br", "}tab")),
    ".odt": (("content.xml",), ("}p", "}h", "}line-break", "}tab")),
    ".xlsx": (("xl/sharedStrings.xml",), ("}si",)),
    ".ods": (("content.xml",), ("}p",)),
}
# What readers do not see: deleted text, field codes, comments, phonetic guides, and a second copy
# of the text for older programs.
INVISIBLE_ELEMENTS = (
    *("}del", "}moveFrom", "}instrText", "}Fallback", "}rPh"),
    *("}tracked-changes", "}annotation", "}ruby-text"),
)


def extract_package_text(path: str, suffix: str) -> str:
    """Return the text of a document or spreadsheet, without formulas and numbers in cells.

    `suffix` is a key of `PARTS`. Raise what `zipfile` and `ElementTree` raise for a damaged file.
    """
    parts, line_ends = PARTS[suffix]
    texts: list[str] = []
    with zipfile.ZipFile(path) as package:
        for part in parts:
            if part not in package.namelist():
                continue
            with package.open(part) as file:
                # Expat limits the expansion of entities, and this process everything else.
                root = ElementTree.fromstring(file.read(MAX_PART_BYTES))  # noqa: S314
            texts.extend(_iterate_texts(root, line_ends))
    return "".join(texts)


def _iterate_texts(root: ElementTree.Element, line_ends: tuple[str, ...]) -> Iterator[str]:
    """Yield the texts below `root` in their order; `line_ends` are elements that end a line."""
    # Elements to be read, and texts that follow those that have ended. A stack rather than
    # recursion, because files may nest deeper than Python's calls can.
    stack: list[ElementTree.Element | str] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
            continue
        stack.append(node.tail or "")
        if not node.tag.endswith(INVISIBLE_ELEMENTS):
            stack.append("\n" if node.tag.endswith(line_ends) else "")
            stack.extend(reversed(node))
            yield node.text or ""
