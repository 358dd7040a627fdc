"""Changes of Wagtail's lists of pages."""

from typing import Any

from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.views.pages.search import SearchView
from wagtail.models import Page

from .page_policy import MAX_CHILDREN_TO_REORDER

get_all_valid_orderings = ExplorableIndexView.get_valid_orderings


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


def name_pages_in_search() -> None:
    """Have the search of pages say “1-4 of 4 pages” above its results, not “1-4 of 4 None”."""
    SearchView.verbose_name = Page._meta.verbose_name
    SearchView.verbose_name_plural = Page._meta.verbose_name_plural
