"""The index as PostgreSQL keeps it: https://www.postgresql.org/docs/current/textsearch.html"""

from typing import Any

from django.db import connection

from .engine import Engine, Marked
from .terms import split_term

# Of words in the context, text, summary and heading.
WEIGHTS = "{0.02, 0.1, 0.4, 1}"
# Divided by the number of words, more or less: a page that says little else is about it.
NORMALISED = 1
# Characters of a summary or text that is shown whole.
SHORT = 200
# Titles are.
WHOLE = 10_000


class Postgresql(Engine):
    def ids(self, terms: list[str], most: int | None = None) -> list[int]:
        sql = "SELECT id FROM search_entry WHERE words @@ to_tsquery('search_words', %s) LIMIT %s"
        return [row[0] for row in _rows(sql, _every(terms), most)]

    def scored(self, terms: list[str]) -> list[tuple[int, float]]:
        sql = (
            "SELECT id, -ts_rank(%s, words, query, %s)"
            " FROM search_entry, to_tsquery('search_words', %s) query WHERE words @@ query"
        )
        return _rows(sql, WEIGHTS, NORMALISED, _every(terms))

    def headed(self, terms: list[str]) -> list[int]:
        sql = "SELECT id FROM search_entry WHERE heading @@ to_tsquery('search_words', %s)"
        return [row[0] for row in _rows(sql, _every(terms))]

    def own(self, terms: list[str], ids: list[int]) -> list[int]:
        sql = (
            "SELECT id FROM search_entry WHERE id = ANY(%s)"
            " AND ts_filter(words, '{a,b,c}') @@ to_tsquery('search_words', %s)"
        )
        return [row[0] for row in _rows(sql, ids, _any(terms))]

    def marked(self, terms: list[str], ids: list[int]) -> dict[int, Marked]:
        sql = (
            "SELECT id, search_marked(title, query, %s), search_marked(summary, query, %s),"
            " search_marked(text, query, %s)"
            " FROM search_entry, to_tsquery('search_words', %s) query"
            " WHERE id = ANY(%s) AND words @@ query"
        )
        found = _rows(sql, WHOLE, SHORT, SHORT, _any(terms), ids)
        return {row[0]: Marked(*row[1:]) for row in found}

    def similar(self, word: str) -> list[str]:
        sql = "SELECT word FROM search_word WHERE word %% %s ORDER BY word <-> %s LIMIT 50"
        return [row[0] for row in _rows(sql, word, word)]


def _rows(sql: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _each(terms: list[str]) -> list[str]:
    *before, last = terms
    return [*(_one_of(term) for term in before), _one_of(last, may_go_on=True)]


def _one_of(term: str, may_go_on: bool = False) -> str:
    """Return what finds `term` however it is written, and where it `may_go_on` its beginning."""
    ways = [_phrase(words) for words in (*split_term(term), (term,))]
    ways += [f"{way}:*" for way in ways] if may_go_on else []
    return f"({' | '.join(ways)})"


def _phrase(words: tuple[str, ...]) -> str:
    return " <-> ".join(f"'{word}'" for word in words)


def _any(terms: list[str]) -> str:
    return " | ".join(_each(terms))


def _every(terms: list[str]) -> str:
    return " & ".join(_each(terms))
