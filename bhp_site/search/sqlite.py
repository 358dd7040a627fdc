"""The index as FTS5 keeps it: https://www.sqlite.org/fts5.html"""

from typing import Any

from django.db import connection

from .engine import END, START, Engine, Marked
from .terms import split_term

# Of title, names, summary, text and context.
WEIGHTS = "10.0, 10.0, 4.0, 1.0, 0.2"
# In the line of a summary or text.
TOKENS = 32
MARKS = f"'{START}', '{END}'"
MARKED = f"""
    rowid, highlight(search_index, 0, {MARKS}),
    snippet(search_index, 2, {MARKS}, ' … ', {TOKENS}),
    snippet(search_index, 3, {MARKS}, ' … ', {TOKENS})
"""


class Sqlite(Engine):
    def ids(self, terms: list[str], most: int | None = None) -> list[int]:
        return [row[0] for row in _rows("rowid", _every(terms), most=most)]

    def scored(self, terms: list[str]) -> list[tuple[int, float]]:
        return _rows(f"rowid, bm25(search_index, {WEIGHTS})", _every(terms))

    def headed(self, terms: list[str]) -> list[int]:
        return [row[0] for row in _rows("rowid", f"{{title names}} : ({_every(terms)})")]

    def own(self, terms: list[str], ids: list[int]) -> list[int]:
        return [row[0] for row in _rows("rowid", f"- {{context}} : ({_any(terms)})", ids)]

    def marked(self, terms: list[str], ids: list[int]) -> dict[int, Marked]:
        rows = _rows(MARKED, _any(terms), ids)
        return {key: Marked(*(line.strip() for line in lines)) for key, *lines in rows}

    def similar(self, word: str) -> list[str]:
        trigrams = {_quoted(word[start : start + 3]) for start in range(len(word) - 2)}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT word FROM search_spelling WHERE search_spelling MATCH %s"
                " ORDER BY rank LIMIT 50",
                [" OR ".join(sorted(trigrams))],
            )
            return [row[0] for row in cursor.fetchall()]


def _rows(
    columns: str, match: str, ids: list[int] | None = None, most: int | None = None
) -> list[Any]:
    """Rows of the index, `most` at the most, where given with these `ids`.

    What was typed is in `match` alone, where it is quoted.
    """
    # With “+” what matches is gone through once; without, it is looked up for each of the `ids`.
    among = "" if ids is None else f" AND +rowid IN ({', '.join(map(str, ids))})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM search_index"  # noqa: S608
            f" WHERE search_index MATCH %s{among} LIMIT %s",
            [match, -1 if most is None else most],
        )
        return cursor.fetchall()


def _quoted(term: str) -> str:
    return f'"{term}"'


def _each(terms: list[str]) -> list[str]:
    *before, last = terms
    return [*(_one_of(term) for term in before), _one_of(last, may_go_on=True)]


def _one_of(term: str, may_go_on: bool = False) -> str:
    """Return what finds `term` however it is written, and where it `may_go_on` its beginning."""
    ways = [_quoted(" ".join(words)) for words in (*split_term(term), (term,))]
    ways += [f"{way}*" for way in ways] if may_go_on else []
    return f"({' OR '.join(ways)})"


def _any(terms: list[str]) -> str:
    return " OR ".join(_each(terms))


def _every(terms: list[str]) -> str:
    return " AND ".join(_each(terms))
