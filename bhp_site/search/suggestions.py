"""Suggest another spelling for a search without results."""

import difflib

from .engine import get_engine
from .indexing import SPELLING_WORD
from .query import normalise
from .visible_results import get_visible_results

# Similarity of a suggested word, from 0 to 1 (`difflib.SequenceMatcher.ratio`).
MIN_SIMILARITY = 0.7
# Usually one of the first matching entries is visible, so that not all must be fetched.
MAX_ENTRIES_TRIED_FIRST = 500


def suggest_spelling(terms: list[str]) -> list[str]:
    """Return `terms` with each unknown one replaced by the most similar visible word.

    Return an empty list if there is no suggestion with results.
    """
    suggested = [term if has_results([term]) else _get_most_similar(term) for term in terms]
    if not all(suggested) or suggested == terms:
        return []
    return suggested if len(suggested) == 1 or has_results(suggested) else []


def has_results(terms: list[str]) -> bool:
    """Return True if any visible entry has all of `terms`."""
    visible = get_visible_results().result_by_entry
    first = get_engine().match_entries(terms, MAX_ENTRIES_TRIED_FIRST)
    if any(entry in visible for entry in first):
        return True
    if len(first) < MAX_ENTRIES_TRIED_FIRST:
        return False
    return any(entry in visible for entry in get_engine().match_entries(terms))


def _get_most_similar(term: str) -> str:
    """Return the visible word most similar to `term`, an empty string if there is none."""
    word = normalise(term)
    if not SPELLING_WORD.fullmatch(word):
        return ""
    words = get_engine().get_similar_words(word)
    similar = difflib.get_close_matches(word, words, n=5, cutoff=MIN_SIMILARITY)
    return next((word for word in similar if has_results([word])), "")
