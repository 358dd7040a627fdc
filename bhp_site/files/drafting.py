"""A draft of a report's HTML edition from its PDF, and pictures of the PDF's pages beside it.

A tagged PDF says what is a heading, a list or a table, and in which order it is read; of another
only the text of its pages can be had. An editor checks all of it, above all what is doubtful.
"""

import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from .reading import MAX_MEMORY, MAX_PAGES, NOT_KEPT, PNG, SENTENCES, Unreadable, ask
from .versions.models import DocumentVersion

MAX_SECONDS = 60.0
MAX_PICTURE_SECONDS = 10.0
KINDS = ("heading", "paragraph", "table", "figure", "footnote", "note")
PICTURE = re.compile(r"\d{1,4}\.png")
# All that the HTML of a block may hold beside text, in which these signs are escaped.
TAG = re.compile(r'</?(?:p|ul|ol|li|b|i)>|</a>|<a href="(?:https?://|mailto:)[^"<>\s]*">', re.I)
TEXTS = ("text", "html", "caption", "alt", "doubt")


@dataclass(frozen=True)
class DraftBlock:
    """One block, with the page it is on.

    `doubt` is a sentence for the editor, "" where all seems well. `level` is 2 or 3, of headings;
    `text` of headings and footnotes; `html` of paragraphs and lists, of `p ul ol li a b i` alone;
    `rows` of tables, headed by the first where `has_header`; `picture` is a PNG, b"" where there
    is none. A block of the kind "note" has a doubt and nothing else.
    """

    kind: str
    page: int
    doubt: str = ""
    level: int = 0
    text: str = ""
    html: str = ""
    rows: list[list[str]] = field(default_factory=list)
    has_header: bool = False
    caption: str = ""
    alt: str = ""
    picture: bytes = b""


@dataclass(frozen=True)
class DraftChapter:
    title: str
    page: int
    blocks: list[DraftBlock]


@dataclass(frozen=True)
class Draft:
    """`language` is a BCP 47 tag, "" where the file names none."""

    is_tagged: bool
    language: str
    chapters: list[DraftChapter]


def draft(version: DocumentVersion) -> Draft:
    """The draft of a PDF's version; raises Unreadable, whose sentence is for editors."""
    order = {"max_pages": MAX_PAGES, "seconds": MAX_SECONDS}
    with tempfile.TemporaryDirectory(prefix="draft-", dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        answer = _ask(version, order, Path(folder))
        try:
            return _draft(answer, Path(folder))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise Unreadable("crash") from error


def page_picture(version: DocumentVersion, number: int) -> bytes:
    """A page as a PNG about 900 pixels wide, pages from 1; raises Unreadable."""
    order = {"number": number, "seconds": MAX_PICTURE_SECONDS}
    with tempfile.TemporaryDirectory(prefix="page-", dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        _ask(version, order, Path(folder))
        picture = _png(Path(folder, "page.png"))
    if not picture:
        raise Unreadable("crash")
    return picture


def _ask(version: DocumentVersion, order: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The answer of the reader, which draws into `folder`; raises Unreadable."""
    path = Path(version.file.path)
    if version.suffix != ".pdf":
        raise Unreadable("not_pdf")
    if version.withdrawn_at or not path.is_file():
        raise Unreadable("gone")
    order = {"path": str(path), "pictures": str(folder), "memory_bytes": MAX_MEMORY, **order}
    answer = ask("draft_reader", order, folder)
    if "refused" in answer:
        reason = str(answer["refused"])
        known = reason in SENTENCES and reason != "program"
        raise Unreadable(
            reason if known else "crash", max_pages=MAX_PAGES, seconds=order["seconds"]
        )
    return answer


def _draft(answer: dict[str, Any], folder: Path) -> Draft:
    """The child's answer, each part checked for its type."""
    chapters = [
        DraftChapter(
            _text(one["title"]),
            int(one["page"]),
            [_block(block, folder) for block in one["blocks"]],
        )
        for one in answer["chapters"]
    ]
    return Draft(bool(answer["is_tagged"]), _text(answer["language"]), chapters)


def _block(told: dict[str, Any], folder: Path) -> DraftBlock:
    if told["kind"] not in KINDS:
        raise ValueError(told["kind"])
    if set("<>") & set(TAG.sub("", told["html"])):
        raise ValueError(told["html"])
    name = _text(told["picture"])
    return DraftBlock(
        kind=told["kind"],
        page=int(told["page"]),
        level=int(told["level"]),
        rows=[[_text(cell) for cell in row] for row in told["rows"]],
        has_header=bool(told["has_header"]),
        picture=_png(folder / name) if PICTURE.fullmatch(name) else b"",
        **{key: _text(told[key]) for key in TEXTS},
    )


def _png(path: Path) -> bytes:
    data = path.read_bytes() if path.is_file() else b""
    return data if data.startswith(PNG) else b""


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return NOT_KEPT.sub("", value)
