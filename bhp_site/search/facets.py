"""The facets by which search results can be narrowed down. To add one, add an entry to `FACETS`."""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from .entry_fields import KINDS


@dataclass(frozen=True)
class FacetContext:
    """The data that facets need besides an entry.

    `names` has slug and title of each visible partner and theme by its key, `open_calls` the keys
    of the announcements of calls that are open now.
    """

    names: Mapping[int, tuple[str, str]]
    open_calls: Set[int]


@dataclass(frozen=True)
class Facet:
    """A way to narrow results down.

    `get_values` returns each value that an entry has, as it stands in the query string, with its
    label.
    """

    label: str
    get_values: Callable[[Any, FacetContext], Iterable[tuple[str, str]]]


def _get_year(entry: Any, context: FacetContext) -> list[tuple[str, str]]:
    return [(str(entry.date.year), str(entry.date.year))] if entry.date else []


def _get_call(entry: Any, context: FacetContext) -> list[tuple[str, str]]:
    return [("open", "Open calls")] if entry.page in context.open_calls else []


# Parameter of the query string → facet, in the order in which they are offered.
FACETS = {
    "kind": Facet("Kind", lambda entry, context: [(entry.kind, KINDS[entry.kind])]),
    "call": Facet("Calls", _get_call),
    "year": Facet("Year", _get_year),
    "partner": Facet("Partner", lambda entry, context: _get_names(entry.partners, context)),
    "theme": Facet("Theme", lambda entry, context: _get_names(entry.themes, context)),
}


def _get_names(keys: Iterable[int], context: FacetContext) -> list[tuple[str, str]]:
    return [context.names[key] for key in keys if key in context.names]
