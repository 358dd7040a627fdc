"""Parse queries: keep only words, and no operator of a search engine."""

import re
import unicodedata
from collections.abc import Callable

MAX_QUERY_CHARACTERS = 200
MAX_TERMS = 20

# Names that begin with a letter and an apostrophe: O’Neill, D’Arcy, L’Oréal, N’Golo.
ELIDED_PARTICLES = ("d", "l", "n", "o")
# Prefixes that are written with or without a hyphen.
HYPHENATED_PREFIXES = (
    "anti",
    "co",
    "cross",
    "e",
    "inter",
    "long",
    "multi",
    "non",
    "post",
    "pre",
    "self",
    "x",
)
# Letters after a prefix: “only” is not “on-ly”.
MIN_REST = 3
PREFIXED_WORD = re.compile(
    rf"({'|'.join((*ELIDED_PARTICLES, *HYPHENATED_PREFIXES))})(\w{{{MIN_REST},}})", re.IGNORECASE
)
LETTERS_OR_DIGITS = re.compile(r"[^\W\d_]+|\d+")


def parse_terms(text: str) -> list[str]:
    """Return the terms in `text`: runs of letters and digits, at most `MAX_TERMS`."""
    normalised = unicodedata.normalize("NFKC", text[:MAX_QUERY_CHARACTERS])
    return re.findall(r"[^\W_]+", normalised)[:MAX_TERMS]


def split_term(term: str) -> list[tuple[str, ...]]:
    """Return the ways to write `term` as several words in a row.

    Both engines index “COVID-19” and “O’Neill” as two words, so “covid19” and “oneill” must be
    searched for as “covid 19” and “o neill” too.
    """
    runs = tuple(LETTERS_OR_DIGITS.findall(term))
    ways = [runs] if len(runs) > 1 else []
    if len(runs) == 1 and (match := PREFIXED_WORD.fullmatch(term)):
        ways.append((match[1], match[2]))
    return ways


def list_spellings(
    terms: list[str], quote: Callable[[tuple[str, ...]], str], prefix_mark: str
) -> list[list[str]]:
    """Return the spellings of each of `terms` in the query language of a full-text index.

    The last term matches as the prefix of a word, too. `quote` returns the expression for words in
    a row.
    """
    spellings = [[quote(words) for words in (*split_term(term), (term,))] for term in terms]
    for ways in spellings[-1:]:
        ways += [f"{spelling}{prefix_mark}" for spelling in ways]
    return spellings


def build_expression(
    terms: list[str],
    quote: Callable[[tuple[str, ...]], str],
    *,
    prefix_mark: str,
    either: str,
    operator: str,
) -> str:
    """Return `terms` in the query language of a full-text index, joined by `operator`.

    Each term matches in any of its spellings (`list_spellings`); `either` is the operator between
    alternatives.
    """
    spellings = list_spellings(terms, quote, prefix_mark)
    return operator.join(f"({either.join(ways)})" for ways in spellings)


def normalise(text: str) -> str:
    """Return `text` in lower case and without accents, as both engines compare it."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def normalise_title(text: str) -> str:
    """Return the terms of `text` normalised, for comparing a query with a whole title."""
    return normalise(" ".join(parse_terms(text)))
