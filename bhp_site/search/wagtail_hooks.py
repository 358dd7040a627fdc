from typing import Any

from django.http import HttpRequest
from laces.components import Component
from wagtail import hooks

from .query_counts import get_top_misses, get_top_queries


class SearchPanel(Component):
    """The dashboard's panel: the most frequent searches, and those without results."""

    template_name = "admin/search_panel.html"
    order = 400

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the most frequent queries, with and without results."""
        user = parent_context["request"].user
        return {
            "queries": get_top_queries(),
            "misses": get_top_misses(),
            "may_promote": user.has_perm("wagtailsearchpromotions.add_searchpromotion"),
        }


@hooks.register("construct_homepage_panels")
def add_search_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Add the panel to every dashboard."""
    panels.append(SearchPanel())
