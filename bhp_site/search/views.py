"""Search over all public pages and files."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from wagtail.contrib.search_promotions.models import SearchPromotion

from bhp_site.core.paging import page_of
from bhp_site.core.visibility import visible_pages

from . import counting
from .finding import FACETS, Found, find, meant
from .results import shown
from .terms import LONGEST, terms_of

PER_PAGE = 10
# Up to so many results are seen at a glance, and need no narrowing down.
AT_A_GLANCE = 5
# Values that a facet offers: the most frequent ones.
OFFERED = 8
LABELS = {"kind": "Kind", "year": "Year", "partner": "Partner", "theme": "Theme"}


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = " ".join(request.GET.get("q", "")[:LONGEST].split())
    terms = terms_of(query)
    context: dict[str, Any] = {
        "query": query,
        "heading": f"Search: {query}" if terms else "Search",
        "noindex": True,
    }
    if terms:
        context |= _looked_for(request, query, terms)
    return render(request, "search.html", context)


def _looked_for(request: HttpRequest, query: str, terms: list[str]) -> dict[str, Any]:
    chosen = {name: value for name in FACETS if (value := request.GET.get(name, ""))}
    found = find(terms, chosen)
    part = page_of(request, found.results, PER_PAGE)
    part.object_list = shown(found, terms, list(part.object_list))
    first = part.number == 1 and not chosen
    if first:
        counting.count(request, query, is_found=bool(found.results))
    return {
        "found": part,
        "facets": _facets(found, query),
        "chosen": chosen,
        "promoted": _promoted(query) if first else [],
        "meant": "" if found.matching else " ".join(meant(terms)),
    }


@dataclass(frozen=True)
class Value:
    """A way to narrow results down, and how many that leaves; of what is chosen, the way back."""

    name: str
    count: int
    address: str
    chosen: bool


@dataclass(frozen=True)
class Facet:
    label: str
    values: list[Value]


def _facets(found: Found, query: str) -> list[Facet]:
    if len(found.matching) <= AT_A_GLANCE and not found.chosen:
        return []
    return [facet for name in FACETS if (facet := _facet(found, name, query)).values]


def _facet(found: Found, name: str, query: str) -> Facet:
    chosen = found.chosen.get(name)
    values = found.values(name)
    if name == "year":
        values.sort(reverse=True)
    if chosen:
        values = [one for one in values if one[0] == chosen]
    elif len(values) == 1 and values[0][2] == len(found.results):
        # What all results have narrows nothing down.
        values = []
    return Facet(
        LABELS[name],
        [
            Value(
                words,
                count,
                "?" + urlencode({"q": query, **found.chosen} | {name: "" if chosen else value}),
                bool(chosen),
            )
            for value, words, count in values[:OFFERED]
        ],
    )


def _promoted(query: str) -> list[SearchPromotion]:
    """What editors have chosen for these words, pages only while visitors may read them."""
    picks = SearchPromotion.objects.filter(query__query_string=counting.normalised(query))
    visible = {*visible_pages().filter(pk__in=picks.values("page")).values_list("pk", flat=True)}
    return [pick for pick in picks.select_related("page") if pick.page_id in visible | {None}]
