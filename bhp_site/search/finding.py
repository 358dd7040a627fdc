"""What is found for some words: the one function that the views call."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .directory import Directory, directory, plain
from .engine import engine
from .indexing import GUESSED, folded

# How well each matches is asked of so many entries; of more, the latest come first.
FEW = 500
# What results can be narrowed down by.
FACETS = ("kind", "year", "partner", "theme")
# Likeness of two words, from 0 to 1, from which one may have been meant by the other.
ALIKE = 0.7


@dataclass(frozen=True)
class Found:
    """Numbers of results in `directory` that have all of some words, and what was chosen of them.

    `results` are those with what was chosen, the best first; `matching` are all.
    """

    directory: Directory
    results: list[int]
    matching: set[int]
    chosen: Mapping[str, str]
    # Entries that match, in no order, and how well where they are few: less is better.
    entries: Mapping[int, float]

    def values(self, facet: str) -> list[tuple[str, str, int]]:
        """What `facet` can be, how it is called, and how many results that leaves: most first."""
        among = _narrowed(self.directory, self.matching, self.chosen, but=facet)
        counted = (
            (value, self.directory.called[name, value], len(among & members))
            for (name, value), members in self.directory.chosen.items()
            if name == facet
        )
        return sorted((one for one in counted if one[2]), key=lambda one: (-one[2], one[1]))

    def entries_of(self, results: Iterable[int]) -> dict[int, list[int]]:
        """Keys of the entries that match of each of the `results`, the best first."""
        return {
            number: sorted(
                (entry for entry in self.directory.entries[number] if entry in self.entries),
                key=lambda entry: (self.entries[entry], entry),
            )
            for number in results
        }


def find(terms: list[str], chosen: Mapping[str, str]) -> Found:
    """Results with all of `terms`, at least one, and with what is `chosen` of each facet.

    What is called exactly so comes first, then what has all terms in title and names; then the
    better match where there are few, else the later one.
    """
    known, asked = directory(), engine()
    entries = dict.fromkeys(asked.ids(terms), 0.0)
    few = len(entries) <= FEW
    if few:
        entries = dict(asked.scored(terms))
    matching = known.results_of(entries)
    among = _narrowed(known, matching, chosen)
    headed = known.results_of(asked.headed(terms))
    scores: dict[int, float] = {}
    for entry, score in entries.items() if few else ():
        number = known.result_of.get(entry)
        if number is not None:
            scores[number] = min(score, scores.get(number, score))
    called = known.titled.get(plain(" ".join(terms)), set())
    order = []
    for tier in (called & among, headed & among - called, among - headed - called):
        latest_first = sorted(tier)
        order += sorted(latest_first, key=scores.__getitem__) if few else latest_first
    return Found(known, order, matching, chosen, entries)


def _narrowed(
    known: Directory, matching: set[int], chosen: Mapping[str, str], but: str = ""
) -> set[int]:
    for choice in chosen.items():
        if choice[0] != but:
            matching = matching & known.chosen.get(choice, set())
    return matching


def meant(terms: list[str]) -> list[str]:
    """`terms` with those that nothing has replaced by what is most like them; [] for no idea."""
    guessed = [term if is_known([term]) else _nearest(term) for term in terms]
    if not all(guessed) or guessed == terms:
        return []
    return guessed if len(guessed) == 1 or is_known(guessed) else []


def is_known(terms: list[str]) -> bool:
    """Whether anything that visitors may see has all of `terms`."""
    result_of = directory().result_of
    # Mostly the first ones will do.
    some = engine().ids(terms, FEW)
    if any(entry in result_of for entry in some):
        return True
    return len(some) == FEW and any(entry in result_of for entry in engine().ids(terms))


def _nearest(term: str) -> str:
    """The word that visitors can find and that is most like `term`; "" for none."""
    word = folded(term)
    if not GUESSED.fullmatch(word):
        return ""
    alike = difflib.get_close_matches(word, engine().similar(word), n=5, cutoff=ALIKE)
    return next((one for one in alike if is_known([one])), "")
