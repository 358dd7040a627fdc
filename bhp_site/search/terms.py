"""What visitors type, as words: nothing of it is an operator of any search engine."""

import re
import unicodedata

LONGEST = 200
MOST_TERMS = 20


def terms_of(text: str) -> list[str]:
    """The words looked for: letters and digits only, cut to what a search engine can bear."""
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text[:LONGEST]))[:MOST_TERMS]


# Names that begin with a letter and an apostrophe: O’Neill, D’Arcy, L’Oréal, N’Golo.
ELIDED = ("d", "l", "n", "o")
# What is often written before a hyphen, and as often without one.
PREFIXES = ("anti", "co", "cross", "e", "inter", "long", "multi", "non", "post", "pre", "self", "x")
# Letters that have to follow what is parted off: “only” is no “on-ly”.
MIN_REST = 3
BEFORE_HYPHEN = re.compile(rf"({'|'.join((*ELIDED, *PREFIXES))})(\w{{{MIN_REST},}})", re.IGNORECASE)
LETTERS_AND_DIGITS = re.compile(r"[^\W\d_]+|\d+")


def split_term(term: str) -> list[tuple[str, ...]]:
    """Return the ways in which `term` may stand in a text as several words in a row.

    Both engines part “COVID-19” and “O’Neill” at their marks: “covid19” and “oneill” are looked for
    as “covid 19” and “o neill” too.
    """
    runs = tuple(LETTERS_AND_DIGITS.findall(term))
    ways = [runs] if len(runs) > 1 else []
    if len(runs) == 1 and (found := BEFORE_HYPHEN.fullmatch(term)):
        ways.append((found[1], found[2]))
    return ways
