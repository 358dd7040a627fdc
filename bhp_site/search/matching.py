"""Find and rank the results of a search."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .engine import get_engine
from .query import normalise_title
from .visible_results import VisibleResults, get_visible_results

# More matching entries are not scored, which would be slow: the latest results come first.
MAX_SCORED_ENTRIES = 500


@dataclass(frozen=True)
class SearchResults:
    """The results of a search, as numbers of results in `visible`.

    `matching` are all results with all terms; `ranked` are those of them that all `filters` (name
    of a facet → value) leave, the best first.
    """

    visible: VisibleResults
    ranked: list[int]
    matching: set[int]
    filters: Mapping[str, str]
    # Key of each matching entry → score (less is better); 0 if there are too many to be scored.
    entry_scores: Mapping[int, float]

    def get_facet_values(self, facet: str) -> list[tuple[str, str, int]]:
        """Return value, label and number of results of each value of `facet`, most first."""
        results = _apply_filters(self.visible, self.matching, self.filters, ignore=facet)
        values = (
            (value, self.visible.filter_labels[name, value], len(results & members))
            for (name, value), members in self.visible.results_by_filter.items()
            if name == facet
        )
        return sorted(
            ((value, label, count) for value, label, count in values if count),
            key=lambda row: (-row[2], row[1]),
        )

    def get_entries(self, results: Iterable[int]) -> dict[int, list[int]]:
        """Return the keys of the matching entries of each of `results`, the best first."""
        scores = self.entry_scores
        return {
            number: sorted(
                (entry for entry in self.visible.entries[number] if entry in scores),
                key=lambda entry: (scores[entry], entry),
            )
            for number in results
        }


def find(terms: list[str], filters: Mapping[str, str]) -> SearchResults:
    """Return the visible results with all of `terms` (at least one), narrowed by `filters`.

    Results whose whole title is the query come first, then those with all terms in title and
    names, then the others; within these the better match or, if there are many, the later one.
    A closed call is one step further down than it would be if it were open: one whose title matches
    comes before the others. Withdrawn pages come last.
    """
    visible, engine = get_visible_results(), get_engine()
    entry_scores = dict.fromkeys(engine.match_entries(terms), 0.0)
    is_scored = len(entry_scores) <= MAX_SCORED_ENTRIES
    if is_scored:
        entry_scores = dict(engine.score_entries(terms))
    matching = visible.get_results(entry_scores)
    selected = _apply_filters(visible, matching, filters)
    title_matches = visible.get_results(engine.match_titles(terms))
    scores: dict[int, float] = {}
    for entry, score in entry_scores.items() if is_scored else ():
        number = visible.result_by_entry.get(entry)
        if number is not None:
            scores[number] = min(score, scores.get(number, score))
    exact = visible.results_by_title.get(normalise_title(" ".join(terms)), set())
    ranked = []
    withdrawn, closed = visible.withdrawn & selected, visible.closed & selected
    titled, current = title_matches | exact, selected - withdrawn - closed
    for tier in (
        current & exact,
        current & titled - exact,
        closed & titled - withdrawn,
        current - titled,
        closed - titled - withdrawn,
        withdrawn,
    ):
        latest_first = sorted(tier)
        ranked += sorted(latest_first, key=scores.__getitem__) if is_scored else latest_first
    return SearchResults(visible, ranked, matching, filters, entry_scores)


def _apply_filters(
    visible: VisibleResults, results: set[int], filters: Mapping[str, str], ignore: str = ""
) -> set[int]:
    for name, value in filters.items():
        if name != ignore:
            results = results & visible.results_by_filter.get((name, value), set())
    return results
