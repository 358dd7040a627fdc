"""The PDF whose accessibility is looked at, what is common to all looks, and what they found.

Runs in the process of a reader only, like all of this package but `programs`. Clauses are those
of PDF/UA-1 (ISO 14289-1:2014) where no other standard is named.
"""

import re
import time
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

MOST_PAGES = 11  # named for a finding: ten are shown, and one more says that there are others
ESCAPE = "\x1b"
WORDS = ("/Alt", "/ActualText", "/E")
MOST_STREAM = 16 * 1024 * 1024  # bytes of a stream that is read for its meaning
LANGUAGE = re.compile(r"[a-z]{1,8}(?:-[a-z0-9]{1,8})*", re.I)  # RFC 3066, as 7.2 asks for


class Late(Exception):
    """The time for looking is over."""


class Subject:
    """One PDF, and its findings as {code: pages from 1}; a code without pages is of the whole."""

    def __init__(self, pdf: Pdf, deadline: float) -> None:
        self.pdf = pdf
        self.deadline = deadline
        self.found: dict[str, set[int]] = {}
        self.page_numbers: dict[Any, int] = {
            page.objgen: number for number, page in enumerate(pdf.pages, 1)
        }
        self.language = bool(text(pdf.Root.get("/Lang")))

    def add(self, code: str, page: int | None = None) -> None:
        pages = self.found.setdefault(code, set())
        if page and len(pages) < MOST_PAGES:
            pages.add(page)

    def check_time(self, seconds: float = 0) -> None:
        """Raises Late where fewer than these seconds are left."""
        if time.monotonic() + seconds > self.deadline:
            raise Late

    def page_of(self, page: Any) -> int | None:
        """The number of a page object, None where it is none."""
        return self.page_numbers.get(page.objgen) if isinstance(page, Dictionary) else None

    def check_language(self, value: Any, page: int | None = None) -> None:
        """An empty language says that it is unknown, which is no mistake (ISO 32000-1, 14.9.2)."""
        if (tag := text(value)) and not LANGUAGE.fullmatch(tag):
            self.add("language_invalid", page)

    def rows(self) -> list[dict[str, Any]]:
        """The findings as the answer of the process has them."""
        return [{"code": code, "pages": sorted(pages)} for code, pages in self.found.items()]


def name(value: Any) -> str:
    """A name without its slash; "" for anything else, and for a name that is not Unicode."""
    if not isinstance(value, Name):
        return ""
    try:
        return str(value)[1:]
    except UnicodeDecodeError:
        return ""


def text(value: Any) -> str:
    return str(value).strip(" \0") if isinstance(value, String) else ""


def speaks(node: Any, *keys: str) -> bool:
    """Whether something has words beside those on the page, which need a language (7.2).

    A text can name its own between escape characters (ISO 32000-1, 14.9.2.2).
    """
    return any(words and ESCAPE not in words for words in (text(node.get(key)) for key in keys))


def dictionary(value: Any) -> Any:
    """`value`, or the dictionary of a stream, or an empty one."""
    return value if isinstance(value, (Dictionary, Stream)) else Dictionary()


def items(value: Any) -> list[Any]:
    """An array's items; a single value as one item; nothing for None."""
    if isinstance(value, Array):
        return list(value)
    return [] if value is None else [value]


def inherited(node: Any, key: str) -> Any:
    """An entry of a page or a form field, or of what it is listed under (ISO 32000-1, 7.7.3.4)."""
    for _ in range(50):
        if not isinstance(node, Dictionary):
            return None
        if key in node:
            return node.get(key)
        node = node.get("/Parent")
    return None


def leaves(tree: Any, key: str, most: int = 20_000) -> list[Any]:
    """Keys and values of a name or number tree, one after the other (ISO 32000-1, 7.9.6–7)."""
    found: list[Any] = []
    stack, seen = [tree], set()
    while stack and len(found) < most:
        node = stack.pop()
        if not isinstance(node, Dictionary) or (node.is_indirect and node.objgen in seen):
            continue
        seen.add(node.objgen)
        found.extend(items(node.get(key)))
        stack.extend(reversed(items(node.get("/Kids"))))
    return found[:most]


def number_tree(tree: Any) -> dict[int, Any]:
    flat = leaves(tree, "/Nums", 200_000)
    return {key: value for key, value in zip(flat[::2], flat[1::2], strict=False) if is_int(key)}


def is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def readable(stream: Any) -> bytes:
    """The data of a stream, b"" where it is none or too large to be worth it."""
    if not isinstance(stream, Stream) or len(memoryview(stream.get_raw_stream_buffer())) > (
        MOST_STREAM
    ):
        return b""
    data = memoryview(stream.get_stream_buffer())
    return bytes(data) if len(data) <= MOST_STREAM else b""
