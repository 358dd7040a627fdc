"""Plain text that people read: search excerpts, descriptions for search engines, cards."""

import re
from collections.abc import Iterable, Sequence

# How a sentence, or what reads as one, ends; a closing mark may follow.
ENDS = re.compile(r"[.!?…:;][”’\"')\]]*$")


def join_sentences(parts: Iterable[str]) -> str:
    """Return `parts` as text on one line, with a full stop after each part that has none.

    A heading or a table's cell has no full stop; without one it would run into the next part.
    """
    texts = [text for part in parts if (text := " ".join(part.split()))]
    ended = [text if ENDS.search(text) else f"{text}." for text in texts[:-1]]
    return " ".join([*ended, *texts[-1:]])


def join_names(names: Iterable[str]) -> str:
    """Return `names` as in a sentence: “Aston, Birmingham and Warwick”; "" without any."""
    *others, last = list(names) or [""]
    return f"{', '.join(others)} and {last}" if others else last


def shorten_list(parts: Sequence[str], length: int, others: str = "more") -> list[str]:
    """Return the first `length` of `parts` and how many there are besides: “3 more”.

    All of `parts` if only one is left out, because “1 more” would be as long as its name.
    """
    if len(parts) <= length + 1:
        return list(parts)
    return [*parts[:length], f"{len(parts) - length} {others}"]


def join_list(parts: Iterable[str]) -> str:
    """Return the non-empty `parts` on one line with commas between them."""
    return ", ".join(text for part in parts if (text := " ".join(part.split())))


def count_noun(count: int, singular: str, plural: str = "") -> str:
    """Return a number with its noun: “1 row”, “1,204 rows”."""
    return f"{count:,} {singular if count == 1 else plural or f'{singular}s'}"
