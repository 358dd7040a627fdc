"""The index in PostgreSQL: https://www.postgresql.org/docs/current/textsearch.html"""

import itertools
from typing import Any

from django.db import connection

from .engine import Engine, Highlights
from .query import build_expression, list_spellings

# Of words in the context, text, summary and heading.
WEIGHTS = "{0.02, 0.1, 0.4, 1}"
# Divide the rank by 1 + the logarithm of the length of the document.
NORMALISE_BY_LENGTH = 1
# A shorter summary or text is shown whole.
MAX_EXCERPT_CHARACTERS = 200
# Titles are always shown whole.
MAX_TITLE_CHARACTERS = 10_000
PREFIX_MARK = ":*"
# A field with the words of those spellings marked that occur in it. `ts_headline` marks all words
# of its query, and without “o-pen” in the text, “pen” is no match of “open”.
MARKED = """
search_marked({field}, (
    SELECT coalesce(string_agg(query::text, ' | '), '')::tsquery FROM spellings
    WHERE to_tsvector('search_words', search_parted({field})) @@ query
), %s)
"""


class PostgreSQLEngine(Engine):
    """The index in the columns `heading` and `words` of the entries (type tsvector)."""

    def match_entries(self, terms: list[str], limit: int | None = None) -> list[int]:
        """Return the keys of at most `limit` entries that contain all `terms`, in no order."""
        sql = "SELECT id FROM search_entry WHERE words @@ to_tsquery('search_words', %s) LIMIT %s"
        return [row[0] for row in _fetch(sql, _match_all(terms), limit)]

    def score_entries(self, terms: list[str]) -> list[tuple[int, float]]:
        """Return (key, negated `ts_rank`) of the entries that contain all `terms`."""
        sql = (
            "SELECT id, -ts_rank(%s, words, query, %s)"
            " FROM search_entry, to_tsquery('search_words', %s) query WHERE words @@ query"
        )
        return _fetch(sql, WEIGHTS, NORMALISE_BY_LENGTH, _match_all(terms))

    def match_titles(self, terms: list[str]) -> list[int]:
        """Return the keys of the entries with all `terms` in their title and names."""
        sql = "SELECT id FROM search_entry WHERE heading @@ to_tsquery('search_words', %s)"
        return [row[0] for row in _fetch(sql, _match_all(terms))]

    def match_own_text(self, terms: list[str], keys: list[int]) -> list[int]:
        """Return those of `keys` whose entry has any of `terms` outside its context."""
        sql = (
            "SELECT id FROM search_entry WHERE id = ANY(%s)"
            " AND ts_filter(words, '{a,b,c}') @@ to_tsquery('search_words', %s)"
        )
        return [row[0] for row in _fetch(sql, keys, _match_any(terms))]

    def highlight(self, terms: list[str], keys: list[int]) -> dict[int, Highlights]:
        """Return the highlights of those of `keys` whose entry has any of `terms`."""
        marked = ", ".join(MARKED.format(field=field) for field in ("title", "summary", "text"))
        sql = (
            "WITH spellings AS (SELECT to_tsquery('search_words', spelling) AS query"  # noqa: S608
            f" FROM unnest(%s::text[]) spelling) SELECT id, {marked}"
            " FROM search_entry, to_tsquery('search_words', %s) query"
            " WHERE id = ANY(%s) AND words @@ query"
        )
        spellings = [*itertools.chain(*list_spellings(terms, _quote, PREFIX_MARK))]
        lengths = MAX_TITLE_CHARACTERS, MAX_EXCERPT_CHARACTERS, MAX_EXCERPT_CHARACTERS
        rows = _fetch(sql, spellings, *lengths, _match_any(terms), keys)
        return {key: Highlights(*texts) for key, *texts in rows}

    def get_similar_words(self, word: str) -> list[str]:
        """Return at most 50 words of the index similar to `word` (pg_trgm), the nearest first."""
        sql = "SELECT word FROM search_word WHERE word %% %s ORDER BY word <-> %s LIMIT 50"
        return [row[0] for row in _fetch(sql, word, word)]


def _fetch(sql: str, *params: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _quote(words: tuple[str, ...]) -> str:
    return " <-> ".join(f"'{word}'" for word in words)


def _match_any(terms: list[str]) -> str:
    return build_expression(terms, _quote, prefix_mark=PREFIX_MARK, either=" | ", operator=" | ")


def _match_all(terms: list[str]) -> str:
    return build_expression(terms, _quote, prefix_mark=PREFIX_MARK, either=" | ", operator=" & ")
