"""Reads a document in the sandbox: the facts of a PDF, or the text of a document of any format."""

import re
import tempfile
from pathlib import Path
from typing import Any

from bhp_site.pdf.errors import Unreadable
from bhp_site.pdf.executables import begins_with_other_format
from bhp_site.pdf.facts import DocumentText, Finding, OutlineEntry, PdfFacts
from bhp_site.pdf.messages import FINDING_MESSAGES, REFUSAL_MESSAGES
from bhp_site.pdf.sandbox import MAX_MEMORY_BYTES, run_in_sandbox

MAX_PAGES = 2000
MAX_BYTES = 100 * 1024 * 1024
READ_TIMEOUT_SECONDS = 10.0
TEXT_TIMEOUT_SECONDS = 60.0  # Nobody waits for it.
MAX_PAGE_NUMBER = 1_000_000
MAX_DETAIL_CHARACTERS = 80
# Characters that databases do not store.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER_BYTES = 1024  # PDF readers accept %PDF anywhere in these first bytes.
# Only this process finds these reasons: an answer that claims one is not to be trusted.
PARENT_REASONS = {"gone", "empty", "not_pdf", "disguised", "bytes", "crash"}
CHILD_REASONS = REFUSAL_MESSAGES.keys() - PARENT_REASONS
# These may be owed to the limits of the child rather than to the file.
LIMIT_REASONS = {"time", "memory", "crash"}
FACT_TYPES = {
    "pages": int,
    "title": str,
    "language": str,
    "is_tagged": bool,
    "has_text": bool,
    "encrypted": bool,
}


def read_pdf(
    path: Path,
    *,
    max_pages: int = MAX_PAGES,
    max_bytes: int = MAX_BYTES,
    seconds: float = READ_TIMEOUT_SECONDS,
    memory_bytes: int = MAX_MEMORY_BYTES,
    scratch: Path | None = None,
    with_text: bool = False,
) -> PdfFacts:
    """Return the facts of the PDF at `path`; raise Unreadable if it must not be published.

    `seconds` bounds both wall clock and processor time. The child writes into a temporary folder
    below `scratch` (the system's own if None). `with_text` reads the text of the pages as well.
    """
    size = path.stat().st_size
    if not size:
        raise Unreadable("empty")
    if size > max_bytes:
        raise Unreadable("bytes", max_mb=f"{max_bytes / 1_000_000:g}")
    with path.open("rb") as file:
        before, mark, _ = file.read(HEADER_BYTES).partition(b"%PDF")
    if not mark:
        raise Unreadable("not_pdf")
    if begins_with_other_format(before):
        raise Unreadable("disguised")
    with tempfile.TemporaryDirectory(prefix="pdf-", dir=scratch) as folder:
        cover = Path(folder, "cover.png")
        arguments = {
            "path": str(path.resolve()),
            "cover": str(cover),
            "max_pages": max_pages,
            "with_text": with_text,
        }
        answer = run_in_sandbox(
            "preflight:read", arguments, Path(folder), seconds=seconds, memory_bytes=memory_bytes
        )
        raise_refusal(answer, max_pages=max_pages, seconds=seconds)
        cover_png = cover.read_bytes() if cover.is_file() else None
    return _parse_facts(answer, cover_png)


def read_text(
    path: Path,
    suffix: str,
    *,
    seconds: float = TEXT_TIMEOUT_SECONDS,
    memory_bytes: int = MAX_MEMORY_BYTES,
    scratch: Path | None = None,
) -> DocumentText:
    """Return the text of the document at `path`; raise Unreadable.

    `suffix` names its format, for example ".docx", because stored files need not have one.
    """
    arguments = {"path": str(path.resolve()), "suffix": suffix}
    with tempfile.TemporaryDirectory(prefix="text-", dir=scratch) as folder:
        answer = run_in_sandbox(
            "text.extraction:read",
            arguments,
            Path(folder),
            seconds=seconds,
            memory_bytes=memory_bytes,
        )
    if "refused" in answer:
        raise Unreadable("memory" if answer["refused"] == "memory" else "damaged")
    return _parse_text(answer)


def raise_refusal(answer: dict[str, Any], **values: Any) -> None:
    """Raise Unreadable if the child refused the file; `values` fill the message."""
    if "refused" in answer:
        reason = str(answer["refused"])
        detail = str(answer.get("detail") or "")[:MAX_DETAIL_CHARACTERS]
        raise Unreadable(reason if reason in CHILD_REASONS else "crash", detail, **values)


def _parse_outline(rows: Any) -> tuple[OutlineEntry, ...]:
    return tuple(
        OutlineEntry(str(title), None if page is None else int(page), int(level))
        for title, page, level in rows
    )


def _parse_text(answer: dict[str, Any]) -> DocumentText:
    """Return the child's answer as text, checked; raise Unreadable if it is malformed."""
    try:
        pages = {int(number): text for number, text in answer["pages"].items()}
        if not all(0 < number <= MAX_PAGE_NUMBER and text for number, text in pages.items()):
            raise ValueError("not the number of a page, or no text")
        if any(UNSTORABLE.search(text) for text in pages.values()):
            raise ValueError("a character that databases do not store")
        return DocumentText(pages, bool(answer["is_complete"]), _parse_outline(answer["outline"]))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unreadable("crash") from error


def _parse_facts(answer: dict[str, Any], cover_png: bytes | None) -> PdfFacts:
    """Return the child's answer as facts, checked; raise Unreadable if it is malformed."""
    try:
        values = {name: answer[name] for name in FACT_TYPES}
        if values["pages"] < 1 or not all(
            isinstance(value, FACT_TYPES[name]) for name, value in values.items()
        ):
            raise TypeError(answer)
        outline = _parse_outline(answer["outline"])
        findings = tuple(
            Finding(row["code"], tuple(map(int, row["pages"]))) for row in answer["findings"]
        )
        if not all(finding.code in FINDING_MESSAGES for finding in findings):
            raise ValueError(findings)
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable("crash") from error
    if cover_png is not None and not cover_png.startswith(PNG_SIGNATURE):
        cover_png = None
    text = _parse_text(answer["text"]) if answer.get("text") else None
    return PdfFacts(**values, outline=outline, findings=findings, cover_png=cover_png, text=text)
