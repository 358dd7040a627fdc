"""Drafts chapters of blocks from a PDF, and renders its pages to compare them with.

A tagged PDF says what is a heading, a list or a table, and in which order it is read; of another
only the text of its pages is known. An editor has to check all of it, above all what has a note.
"""

import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bhp_site.pdf.errors import Unreadable
from bhp_site.pdf.reader import MAX_PAGES, PNG_SIGNATURE, UNSTORABLE, raise_refusal
from bhp_site.pdf.sandbox import run_in_sandbox

DRAFT_TIMEOUT_SECONDS = 60.0
RENDER_TIMEOUT_SECONDS = 10.0
BLOCK_KINDS = ("heading", "paragraph", "table", "figure", "footnote", "note")
IMAGE_NAME = re.compile(r"\d{1,4}\.png")
# All that the HTML of a block may hold besides text, in which these characters are escaped.
ALLOWED_TAG = re.compile(
    r'</?(?:p|ul|ol|li|b|i)>|</a>|<a href="(?:https?://|mailto:)[^"<>\s]*">', re.I
)
TEXT_FIELDS = ("text", "html", "caption", "alt", "note")


@dataclass(frozen=True)
class DraftBlock:
    """One block of a draft and the page it is on, from 1.

    `note` tells the editor what to check, "" if nothing. `level` is 2 or 3 and belongs to headings;
    `text` to headings and footnotes; `html` to paragraphs and lists, with the elements
    `p ul ol li a b i` only; `rows` to tables, whose first is the header if `has_header`; `image` to
    figures, as PNG, b"" if there is none. A block of the kind "note" has nothing but its note.
    """

    kind: str
    page: int
    note: str = ""
    level: int = 0
    text: str = ""
    html: str = ""
    rows: list[list[str]] = field(default_factory=list)
    has_header: bool = False
    caption: str = ""
    alt: str = ""
    image: bytes = b""


@dataclass(frozen=True)
class DraftChapter:
    """A chapter of a draft, and the page it begins on."""

    title: str
    page: int
    blocks: list[DraftBlock]


@dataclass(frozen=True)
class Draft:
    """The chapters of a PDF; `language` is a BCP 47 tag, "" if the file names none."""

    is_tagged: bool
    language: str
    chapters: list[DraftChapter]


def draft_pdf(
    path: Path, *, seconds: float = DRAFT_TIMEOUT_SECONDS, scratch: Path | None = None
) -> Draft:
    """Return the draft of the PDF at `path`; raise Unreadable.

    The child writes into a temporary folder below `scratch` (the system's own if None).
    """
    with tempfile.TemporaryDirectory(prefix="draft-", dir=scratch) as folder:
        arguments = {"path": str(path), "folder": folder, "max_pages": MAX_PAGES}
        answer = run_in_sandbox("drafting.process:draft", arguments, Path(folder), seconds=seconds)
        raise_refusal(answer, max_pages=MAX_PAGES, seconds=seconds)
        try:
            return _parse_draft(answer, Path(folder))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise Unreadable("crash") from error


def render_pdf_page(path: Path, number: int, *, scratch: Path | None = None) -> bytes:
    """Return page `number` (from 1) as a PNG about 900 pixels wide; raise Unreadable."""
    seconds = RENDER_TIMEOUT_SECONDS
    with tempfile.TemporaryDirectory(prefix="page-", dir=scratch) as folder:
        arguments = {"path": str(path), "folder": folder, "number": number}
        answer = run_in_sandbox("drafting.process:render", arguments, Path(folder), seconds=seconds)
        raise_refusal(answer, max_pages=MAX_PAGES, seconds=seconds)
        image = _read_png(Path(folder, "page.png"))
    if not image:
        raise Unreadable("crash")
    return image


def _parse_draft(answer: dict[str, Any], folder: Path) -> Draft:
    """Return the child's answer as a draft, each part checked for its type.

    Raise AttributeError, KeyError, TypeError or ValueError if it is malformed.
    """
    chapters = [
        DraftChapter(
            _parse_text(chapter["title"]),
            int(chapter["page"]),
            [_parse_block(block, folder) for block in chapter["blocks"]],
        )
        for chapter in answer["chapters"]
    ]
    return Draft(bool(answer["is_tagged"]), _parse_text(answer["language"]), chapters)


def _parse_block(row: dict[str, Any], folder: Path) -> DraftBlock:
    if row["kind"] not in BLOCK_KINDS:
        raise ValueError(row["kind"])
    if set("<>") & set(ALLOWED_TAG.sub("", row["html"])):
        raise ValueError(row["html"])
    image_name = _parse_text(row["image"])
    return DraftBlock(
        kind=row["kind"],
        page=int(row["page"]),
        level=int(row["level"]),
        rows=[[_parse_text(cell) for cell in cells] for cells in row["rows"]],
        has_header=bool(row["has_header"]),
        image=_read_png(folder / image_name) if IMAGE_NAME.fullmatch(image_name) else b"",
        **{key: _parse_text(row[key]) for key in TEXT_FIELDS},
    )


def _read_png(path: Path) -> bytes:
    """Return the bytes of a PNG; b"" if there is no such file or it is something else."""
    data = path.read_bytes() if path.is_file() else b""
    return data if data.startswith(PNG_SIGNATURE) else b""


def _parse_text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return UNSTORABLE.sub("", value)
