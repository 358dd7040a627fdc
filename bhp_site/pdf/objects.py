"""Typed access to the objects of a PDF, whatever a damaged file puts in their place.

Clauses are those of ISO 32000-1.
"""

from typing import Any

from pikepdf import Array, Dictionary, Name, Stream, String

MAX_STREAM_BYTES = 16 * 1024 * 1024  # of a stream that is read for its meaning
MAX_CONTENT_BYTES = 2 * 1024 * 1024  # of a page or form; pikepdf parses it in one go
MAX_TREE_ENTRIES = 20_000
MAX_NUMBER_TREE_ENTRIES = 200_000
MAX_ANCESTORS = 50


def get_path(node: Any, *keys: str) -> Any:
    """Return the value under a path of keys; None if the path leaves the dictionaries."""
    for key in keys:
        if not isinstance(node, (Dictionary, Stream)):
            return None
        node = node.get(key)
    return node


def get_name(value: Any) -> str:
    """Return a name without its slash; "" for anything else, and for a name not in Unicode."""
    if not isinstance(value, Name):
        return ""
    try:
        return str(value)[1:]
    except UnicodeDecodeError:
        return ""


def get_text(value: Any) -> str:
    """Return a string without spaces and zeros around it; "" for anything else."""
    return str(value).strip(" \0") if isinstance(value, String) else ""


def as_dictionary(value: Any) -> Any:
    """Return a dictionary or stream unchanged; an empty dictionary for anything else."""
    return value if isinstance(value, (Dictionary, Stream)) else Dictionary()


def as_list(value: Any) -> list[Any]:
    """Return the items of an array, a single value as one item, and no items for None."""
    if isinstance(value, Array):
        return list(value)
    return [] if value is None else [value]


def is_int(value: Any) -> bool:
    """Return True for an integer, but not for a bool."""
    return isinstance(value, int) and not isinstance(value, bool)


def get_inherited(node: Any, key: str) -> Any:
    """Return an entry of a page or form field, or of its nearest ancestor that has one (7.7.3.4).

    None if no ancestor has one.
    """
    for _ in range(MAX_ANCESTORS):
        if not isinstance(node, Dictionary):
            return None
        if key in node:
            return node.get(key)
        node = node.get("/Parent")
    return None


def flatten_tree(tree: Any, key: str, max_entries: int = MAX_TREE_ENTRIES) -> list[Any]:
    """Return keys and values of a name or number tree, alternating (7.9.6 and 7.9.7).

    `key` is "/Names" or "/Nums".
    """
    entries: list[Any] = []
    stack, seen = [tree], set()
    while stack and len(entries) < max_entries:
        node = stack.pop()
        if not isinstance(node, Dictionary) or (node.is_indirect and node.objgen in seen):
            continue
        seen.add(node.objgen)
        entries.extend(as_list(node.get(key)))
        stack.extend(reversed(as_list(node.get("/Kids"))))
    return entries[:max_entries]


def read_number_tree(tree: Any) -> dict[int, Any]:
    """Return a number tree as a dictionary."""
    flat = flatten_tree(tree, "/Nums", MAX_NUMBER_TREE_ENTRIES)
    return {key: value for key, value in zip(flat[::2], flat[1::2], strict=False) if is_int(key)}


def read_stream(stream: Any) -> bytes:
    """Return the decoded data of a stream; b"" if it is not a stream, or is too large."""
    if not isinstance(stream, Stream):
        return b""
    if len(memoryview(stream.get_raw_stream_buffer())) > MAX_STREAM_BYTES:
        return b""
    data = memoryview(stream.get_stream_buffer())
    return bytes(data) if len(data) <= MAX_STREAM_BYTES else b""


def get_content_size(holder: Any) -> int:
    """Return the bytes of the content of a page or form; 0 if it has none that can be read."""
    parts = holder if isinstance(holder, Stream) else holder.get("/Contents")
    streams = list(parts) if isinstance(parts, Array) else [parts]
    return sum(len(read_stream(stream)) for stream in streams)
