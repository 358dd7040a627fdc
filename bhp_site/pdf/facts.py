"""What `reader.read_pdf` and `reader.read_text` return."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OutlineEntry:
    """A bookmark: its page from 1 (None if it leads nowhere) and its level from 1."""

    title: str
    page: int | None
    level: int


@dataclass(frozen=True)
class Finding:
    """One accessibility rule that a PDF breaks.

    `code` is a key of `messages.FINDING_MESSAGES`; `pages` are the first pages that break it, from
    1, and empty if the rule concerns the whole file.
    """

    code: str
    pages: tuple[int, ...]


@dataclass(frozen=True)
class DocumentText:
    """The text of a document's pages by page number from 1; formats without pages have one.

    `is_complete` is False if some text was left out because of a limit.
    """

    pages: dict[int, str]
    is_complete: bool
    outline: tuple[OutlineEntry, ...] = ()


@dataclass(frozen=True)
class PdfFacts:
    """The facts that a PDF states about itself.

    `title` and `language` (a BCP 47 tag) are "" if the file has none. `encrypted` means that it
    restricts editing but opens without a password. `outline` has at most 500 entries. `cover_png`
    is page 1, at most 1280 by 2500 pixels; None if that page is blank or cannot be rendered.
    `text` is None unless it was asked for and could be read in time.
    """

    pages: int
    title: str
    language: str
    is_tagged: bool
    has_text: bool
    encrypted: bool
    outline: tuple[OutlineEntry, ...]
    findings: tuple[Finding, ...]
    cover_png: bytes | None
    text: DocumentText | None = None
