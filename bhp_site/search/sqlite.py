"""The index in SQLite's FTS5: https://www.sqlite.org/fts5.html"""

from typing import Any

from django.db import connection

from .engine import END, START, Engine, Highlights
from .query import build_expression

# Of title, names, summary, text and context.
WEIGHTS = "10.0, 10.0, 4.0, 1.0, 0.2"
EXCERPT_TOKENS = 32
DELIMITERS = f"'{START}', '{END}'"
HIGHLIGHT_COLUMNS = f"""
    rowid, highlight(search_index, 0, {DELIMITERS}),
    snippet(search_index, 2, {DELIMITERS}, ' … ', {EXCERPT_TOKENS}),
    snippet(search_index, 3, {DELIMITERS}, ' … ', {EXCERPT_TOKENS})
"""


class SQLiteEngine(Engine):
    """The index in the virtual tables `search_index` and `search_spelling`."""

    def match_entries(self, terms: list[str], limit: int | None = None) -> list[int]:
        """Return the keys of at most `limit` entries that contain all `terms`, in no order."""
        return [row[0] for row in _fetch("rowid", _match_all(terms), limit=limit)]

    def score_entries(self, terms: list[str]) -> list[tuple[int, float]]:
        """Return (key, `bm25`) of the entries that contain all `terms`."""
        return _fetch(f"rowid, bm25(search_index, {WEIGHTS})", _match_all(terms))

    def match_titles(self, terms: list[str]) -> list[int]:
        """Return the keys of the entries with all `terms` in their title and names."""
        return [row[0] for row in _fetch("rowid", f"{{title names}} : ({_match_all(terms)})")]

    def match_own_text(self, terms: list[str], keys: list[int]) -> list[int]:
        """Return those of `keys` whose entry has any of `terms` outside its context."""
        return [row[0] for row in _fetch("rowid", f"- {{context}} : ({_match_any(terms)})", keys)]

    def highlight(self, terms: list[str], keys: list[int]) -> dict[int, Highlights]:
        """Return the highlights of those of `keys` whose entry has any of `terms`."""
        rows = _fetch(HIGHLIGHT_COLUMNS, _match_any(terms), keys)
        return {key: Highlights(*(text.strip() for text in texts)) for key, *texts in rows}

    def get_similar_words(self, word: str) -> list[str]:
        """Return at most 50 words of the index that share trigrams with `word`, best first."""
        trigrams = {_quote((word[start : start + 3],)) for start in range(len(word) - 2)}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT word FROM search_spelling WHERE search_spelling MATCH %s"
                " ORDER BY rank LIMIT 50",
                [" OR ".join(sorted(trigrams))],
            )
            return [row[0] for row in cursor.fetchall()]


def _fetch(
    columns: str, match: str, keys: list[int] | None = None, limit: int | None = None
) -> list[Any]:
    """Return rows of the index that match, at most `limit`, only with these `keys` if given.

    Text from visitors is only in `match`, where it is quoted.
    """
    # “+” keeps SQLite from running the match once for each key.
    condition = "" if keys is None else f" AND +rowid IN ({', '.join(map(str, keys))})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM search_index"  # noqa: S608
            f" WHERE search_index MATCH %s{condition} LIMIT %s",
            [match, -1 if limit is None else limit],
        )
        return cursor.fetchall()


def _quote(words: tuple[str, ...]) -> str:
    return f'"{" ".join(words)}"'


def _match_any(terms: list[str]) -> str:
    return build_expression(terms, _quote, prefix_mark="*", either=" OR ", operator=" OR ")


def _match_all(terms: list[str]) -> str:
    return build_expression(terms, _quote, prefix_mark="*", either=" OR ", operator=" AND ")
