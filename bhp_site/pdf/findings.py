"""Findings in plain English, as editors and designers read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bhp_site.pdf.messages import ADVICE, FINDING_MESSAGES, SERIOUS, FindingMessage

MAX_NAMED_PAGES = 10
PRIORITIES = {code: place for place, code in enumerate(FINDING_MESSAGES)}


@dataclass(frozen=True)
class ExplainedFinding:
    """A finding with its message; `pages` is "" if the finding concerns the whole file."""

    title: str
    pages: str
    meaning: str
    what_to_do: str
    clause: str
    serious: bool
    advice: bool

    @property
    def label(self) -> str:
        """Return the title with the pages, and with the level unless it is a plain fault."""
        level = "Serious: " if self.serious else "Advice: " if self.advice else ""
        return f"{level}{self.title}{self.pages and f', {self.pages}'}"


def explain_findings(rows: Iterable[dict[str, Any]]) -> list[ExplainedFinding]:
    """Return findings, given as rows of {"code", "pages"}, with their messages.

    Those that matter most to readers come first. Codes that no longer exist are left out, because
    documents keep the findings of the day they were checked.
    """
    known = sorted(
        (row for row in rows if row["code"] in PRIORITIES), key=lambda row: PRIORITIES[row["code"]]
    )
    return [_explain(FINDING_MESSAGES[row["code"]], row["pages"]) for row in known]


def _explain(message: FindingMessage, pages: list[int]) -> ExplainedFinding:
    return ExplainedFinding(
        title=message.title,
        pages=_format_pages(pages),
        meaning=message.meaning,
        what_to_do=message.what_to_do,
        clause=message.clause,
        serious=message.level == SERIOUS,
        advice=message.level == ADVICE,
    )


def _format_pages(pages: list[int]) -> str:
    """Return page numbers as “on pages 3, 7 and 12”; "" for none."""
    if not pages:
        return ""
    *first, last = [str(page) for page in pages[:MAX_NAMED_PAGES]]
    if len(pages) > MAX_NAMED_PAGES:
        first, last = [*first, last], "others"
    return f"on pages {', '.join(first)} and {last}" if first else f"on page {last}"
