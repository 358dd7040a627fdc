"""The interface of the full-text index, implemented for each database."""

from typing import NamedTuple, Protocol

from django.db import connection

# Delimiters of a highlighted match; private-use characters, which no text contains.
START, END = "\ue0f0", "\ue0f1"


class Highlights(NamedTuple):
    """An entry's title, and excerpts of its summary and text, with the matches highlighted."""

    title: str
    summary: str
    text: str


class Engine(Protocol):
    """The full-text index of one database.

    Terms are letters and digits; there is at least one. The last one also matches the beginning
    of a word. Keys are those of `models.Entry`.
    """

    def match_entries(self, terms: list[str], limit: int | None = None) -> list[int]:
        """Return the keys of at most `limit` entries that contain all `terms`, in no order."""
        raise NotImplementedError

    def score_entries(self, terms: list[str]) -> list[tuple[int, float]]:
        """Return the keys of the entries that contain all `terms`, with scores: less is better."""
        raise NotImplementedError

    def match_titles(self, terms: list[str]) -> list[int]:
        """Return the keys of the entries with all `terms` in their title and names."""
        raise NotImplementedError

    def match_own_text(self, terms: list[str], keys: list[int]) -> list[int]:
        """Return those of `keys` whose entry has any of `terms` outside its context."""
        raise NotImplementedError

    def highlight(self, terms: list[str], keys: list[int]) -> dict[int, Highlights]:
        """Return the highlights of those of `keys` whose entry has any of `terms`."""
        raise NotImplementedError

    def get_similar_words(self, word: str) -> list[str]:
        """Return words of the index that share letters with `word`, of at least three letters."""
        raise NotImplementedError


def get_engine() -> Engine:
    """Return the index of the database in use."""
    if connection.vendor == "postgresql":
        from .postgresql import PostgreSQLEngine

        return PostgreSQLEngine()
    from .sqlite import SQLiteEngine

    return SQLiteEngine()
