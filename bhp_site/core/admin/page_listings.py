"""Changes of Wagtail's lists of pages."""

from typing import Any

from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.views.pages.search import SearchView
from wagtail.models import Page

from .page_policy import MAX_CHILDREN_TO_REORDER

get_all_valid_orderings = ExplorableIndexView.get_valid_orderings
search_pages = SearchView.get_queryset


def get_valid_orderings(view: Any) -> list[str]:
    """Return the orderings of a list of pages; of many pages without the order of menus.

    In that order Wagtail lists all pages on one screen.
    """
    orderings: list[str] = get_all_valid_orderings(view)
    if view.parent_page.numchild <= MAX_CHILDREN_TO_REORDER:
        return orderings
    return [ordering for ordering in orderings if ordering != view.sort_order_field]


def limit_manual_ordering() -> None:
    """Have Wagtail's lists of pages split many pages into parts in every order."""
    ExplorableIndexView.get_valid_orderings = get_valid_orderings


def search_and_count_pages(view: Any) -> Any:
    """Return the results of a search of pages, with the numbers that its facets have already.

    Wagtail counts all results three times: for the facets, for the parts of the list and in the
    template.
    """
    pages = search_pages(view)
    if not pages.supports_facet:
        return pages
    numbers = dict(view.content_types)
    view.all_pages._count_cache = sum(numbers.values())
    chosen = view.selected_content_type
    pages._count_cache = numbers.get(chosen, 0) if chosen else view.all_pages._count_cache
    return pages


def adapt_search() -> None:
    """Have the search of pages count its results once, and say “1-4 of 4 pages” above them.

    Wagtail says “1-4 of 4 None”.
    """
    SearchView.get_queryset = search_and_count_pages
    SearchView.verbose_name = Page._meta.verbose_name
    SearchView.verbose_name_plural = Page._meta.verbose_name_plural
