from typing import Any

from django.http import HttpRequest
from laces.components import Component
from wagtail import hooks

from .counting import most_looked_for, most_missed


class SearchPanel(Component):
    """What visitors look for, and what of it they do not find."""

    template_name = "admin/search_panel.html"
    order = 250

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        return {
            "searches": most_looked_for(),
            "misses": most_missed(),
            "may_promote": user.has_perm("wagtailsearchpromotions.add_searchpromotion"),
        }


@hooks.register("construct_homepage_panels")
def tell_of_searches(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(SearchPanel())
