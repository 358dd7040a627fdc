"""The findings of a file as its editor reads them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .explanations import ADVICE, EXPLANATIONS, SERIOUS, Explanation

SHOWN_PAGES = 10
ORDER = {code: place for place, code in enumerate(EXPLANATIONS)}


@dataclass(frozen=True)
class Explained:
    """A finding in words; `pages` is "" where it is of the whole file."""

    title: str
    pages: str
    what_to_do: str
    clause: str
    serious: bool
    advice: bool

    @property
    def meaning(self) -> str:
        """What it means for readers, in one sentence."""
        return f"{self.what_to_do.partition('. ')[0].removesuffix('.')}."


def explained(rows: Iterable[dict[str, Any]]) -> list[Explained]:
    """Rows of {"code", "pages"} in words, what matters most first.

    A code that is no longer known is left out: files keep the findings of the day they came.
    """
    known = sorted(
        (row for row in rows if row["code"] in ORDER), key=lambda row: ORDER[row["code"]]
    )
    return [_explained(EXPLANATIONS[row["code"]], row["pages"]) for row in known]


def _explained(kind: Explanation, pages: list[int]) -> Explained:
    return Explained(
        title=kind.title,
        pages=_named(pages),
        what_to_do=kind.what_to_do,
        clause=kind.clause,
        serious=kind.level == SERIOUS,
        advice=kind.level == ADVICE,
    )


def _named(pages: list[int]) -> str:
    """“on pages 3, 7 and 12”."""
    if not pages:
        return ""
    *first, last = [str(page) for page in pages[:SHOWN_PAGES]]
    if len(pages) > SHOWN_PAGES:
        first, last = [*first, last], "others"
    return f"on pages {', '.join(first)} and {last}" if first else f"on page {last}"
