"""The PDF under check and its findings, shared by all checks.

Clauses are those of PDF/UA-1 (ISO 14289-1:2014) in this package unless another standard is named.
"""

import re
import time
from typing import Any

from pikepdf import Dictionary, Pdf

from bhp_site.pdf.errors import DeadlineExceeded
from bhp_site.pdf.objects import get_text

# Pages recorded for a finding: ten are named, and one more shows that there are others.
MAX_RECORDED_PAGES = 11
LANGUAGE_TAG = re.compile(r"[a-z]{1,8}(?:-[a-z0-9]{1,8})*", re.I)  # RFC 3066, as 7.2 asks for
# Entries of an element that hold text besides the text on the page.
TEXT_KEYS = ("/Alt", "/ActualText", "/E")
LANGUAGE_ESCAPE = "\x1b"


class CheckContext:
    """One PDF, the deadline for checking it, and its findings.

    `findings` maps codes to pages from 1; a code without pages concerns the whole file. `pdf` is
    open for as long as the context is used.
    """

    def __init__(self, pdf: Pdf, deadline: float) -> None:
        self.pdf = pdf
        self.deadline = deadline
        self.findings: dict[str, set[int]] = {}
        self.page_numbers: dict[Any, int] = {
            page.objgen: number for number, page in enumerate(pdf.pages, 1)
        }
        self.has_language = bool(get_text(pdf.Root.get("/Lang")))

    def add_finding(self, code: str, page: int | None = None) -> None:
        """Record a finding, on a page (from 1) or of the whole file."""
        pages = self.findings.setdefault(code, set())
        if page and len(pages) < MAX_RECORDED_PAGES:
            pages.add(page)

    def check_deadline(self, seconds: float = 0) -> None:
        """Raise DeadlineExceeded if fewer than `seconds` are left."""
        if time.monotonic() + seconds > self.deadline:
            raise DeadlineExceeded

    def get_page_number(self, page: Any) -> int | None:
        """Return the number of a page object from 1; None for anything else."""
        return self.page_numbers.get(page.objgen) if isinstance(page, Dictionary) else None

    def check_language(self, value: Any, page: int | None = None) -> None:
        """Record a finding if a language tag is malformed (7.2).

        An empty one says that the language is unknown, which is allowed (ISO 32000-1, 14.9.2).
        """
        if (tag := get_text(value)) and not LANGUAGE_TAG.fullmatch(tag):
            self.add_finding("language_invalid", page)

    def as_rows(self) -> list[dict[str, Any]]:
        """Return the findings as JSON: rows of {"code", "pages"}."""
        return [{"code": code, "pages": sorted(pages)} for code, pages in self.findings.items()]


def needs_language(node: Any, *keys: str) -> bool:
    """Return True if one of the entries `keys` has text whose language must be declared (7.2).

    A text can name its own language between escape characters (ISO 32000-1, 14.9.2.2).
    """
    texts = (get_text(node.get(key)) for key in keys)
    return any(text and LANGUAGE_ESCAPE not in text for text in texts)
