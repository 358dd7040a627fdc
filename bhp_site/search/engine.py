"""What the search asks of a database, which each answers in its own way."""

from typing import NamedTuple, Protocol

from django.db import connection

# Around the words that match, in what an engine marks: no text has them.
START, END = "\ue0f0", "\ue0f1"


class Marked(NamedTuple):
    """An entry's title, and the lines of its summary and text where the words stand."""

    title: str
    summary: str
    text: str


class Engine(Protocol):
    """The index of one database. Terms are letters and digits, at least one; all must match.

    The last one may be the beginning of a word. Keys are those of `models.Entry`.
    """

    def ids(self, terms: list[str], most: int | None = None) -> list[int]:
        """Entries that have all `terms`, in no order; so many at the most."""
        raise NotImplementedError

    def scored(self, terms: list[str]) -> list[tuple[int, float]]:
        """The same with how well each matches: less is better."""
        raise NotImplementedError

    def headed(self, terms: list[str]) -> list[int]:
        """Entries that have all `terms` in their title and names."""
        raise NotImplementedError

    def own(self, terms: list[str], ids: list[int]) -> list[int]:
        """Those of the entries `ids` that have any of `terms` themselves, not in their context."""
        raise NotImplementedError

    def marked(self, terms: list[str], ids: list[int]) -> dict[int, Marked]:
        """The entries `ids` that have any of `terms`, with these between START and END."""
        raise NotImplementedError

    def similar(self, word: str) -> list[str]:
        """Words of the index that share much with `word`, at least three letters."""
        raise NotImplementedError


def engine() -> Engine:
    """That of the database in use."""
    if connection.vendor == "postgresql":
        from .postgresql import Postgresql

        return Postgresql()
    from .sqlite import Sqlite

    return Sqlite()
