"""The facets by which search results can be narrowed down. To add one, add an entry to `FACETS`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .entry_fields import KINDS

# Key of a visible partner or theme → its slug and title.
PageNames = Mapping[int, tuple[str, str]]


@dataclass(frozen=True)
class Facet:
    """A way to narrow results down.

    `get_values` returns each value that an entry has, as it stands in the query string, with its
    label. Its second argument holds the visible partners and themes.
    """

    label: str
    get_values: Callable[[Any, PageNames], Iterable[tuple[str, str]]]


def _get_year(entry: Any, pages: PageNames) -> list[tuple[str, str]]:
    return [(str(entry.date.year), str(entry.date.year))] if entry.date else []


# Parameter of the query string → facet, in the order in which they are offered.
FACETS = {
    "kind": Facet("Kind", lambda entry, pages: [(entry.kind, KINDS[entry.kind])]),
    "year": Facet("Year", _get_year),
    "partner": Facet("Partner", lambda entry, pages: _get_names(entry.partners, pages)),
    "theme": Facet("Theme", lambda entry, pages: _get_names(entry.themes, pages)),
}


def _get_names(keys: Iterable[int], pages: PageNames) -> list[tuple[str, str]]:
    return [pages[key] for key in keys if key in pages]
