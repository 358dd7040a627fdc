"""The search page over all public pages and documents."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from wagtail.contrib.search_promotions.models import SearchPromotion

from bhp_site.core.paging import paginate
from bhp_site.core.visibility import get_visible_pages

from .facets import FACETS
from .matching import SearchResults, find
from .query import MAX_QUERY_CHARACTERS, parse_terms
from .query_counts import count_query, normalise_query
from .results import build_results
from .suggestions import suggest_spelling

RESULTS_PER_PAGE = 10
# Facets are shown for more results than a visitor sees without scrolling.
MIN_RESULTS_FOR_FACETS = 6
# The most frequent values of a facet.
MAX_FACET_VALUES = 8


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Render the search form and, if the query has any term, one page of its results."""
    query = " ".join(request.GET.get("q", "")[:MAX_QUERY_CHARACTERS].split())
    terms = parse_terms(query)
    context: dict[str, Any] = {
        "query": query,
        "heading": f"Search: {query}" if terms else "Search",
        "noindex": True,
    }
    if terms:
        context |= _get_results_context(request, query, terms)
    return render(request, "search.html", context)


def _get_results_context(request: HttpRequest, query: str, terms: list[str]) -> dict[str, Any]:
    filters = {name: value for name in FACETS if (value := request.GET.get(name, ""))}
    results = find(terms, filters)
    page = paginate(request, results.ranked, RESULTS_PER_PAGE)
    page.object_list = build_results(results, terms, list(page.object_list))
    # Further pages and filters belong to a search that was counted already.
    is_new_search = page.number == 1 and not filters
    if is_new_search:
        count_query(request, query, has_results=bool(results.ranked))
    return {
        "results": page,
        "facets": _build_facets(results, query),
        "filters": filters,
        "promoted": _get_promotions(query) if is_new_search else [],
        "suggestion": "" if results.matching else " ".join(suggest_spelling(terms)),
    }


@dataclass(frozen=True)
class FacetLink:
    """A link that adds a filter, or removes it if `is_selected`; `count` results remain."""

    label: str
    count: int
    url: str
    is_selected: bool


@dataclass(frozen=True)
class FacetLinks:
    """The links of one facet."""

    label: str
    links: list[FacetLink]


def _build_facets(results: SearchResults, query: str) -> list[FacetLinks]:
    if len(results.matching) < MIN_RESULTS_FOR_FACETS and not results.filters:
        return []
    return [facet for name in FACETS if (facet := _build_facet(results, name, query)).links]


def _build_facet(results: SearchResults, name: str, query: str) -> FacetLinks:
    selected = results.filters.get(name)
    values = results.get_facet_values(name)
    if name == "year":
        values.sort(reverse=True)
    if selected:
        values = [row for row in values if row[0] == selected]
    elif len(values) == 1 and values[0][2] == len(results.ranked):
        # A value that all results have narrows nothing down.
        values = []
    links = [
        FacetLink(
            label,
            count,
            "?" + urlencode({"q": query, **results.filters} | {name: "" if selected else value}),
            bool(selected),
        )
        for value, label, count in values[:MAX_FACET_VALUES]
    ]
    return FacetLinks(FACETS[name].label, links)


def _get_promotions(query: str) -> list[SearchPromotion]:
    """Return what editors promote for `query`, without pages that visitors may not see."""
    promotions = SearchPromotion.objects.filter(query__query_string=normalise_query(query))
    pages = get_visible_pages().filter(pk__in=promotions.values("page"))
    visible = {None, *pages.values_list("pk", flat=True)}
    return [row for row in promotions.select_related("page") if row.page_id in visible]
