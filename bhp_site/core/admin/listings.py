"""Flat listings of one page type for editors."""

from functools import cached_property
from typing import Any

from django.db.models import Count, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms import Select
from django.http import HttpRequest
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.models import DraftStateMixin, Page

from bhp_site.core.admin.page_policy import page_policy

from .choosable import filter_choosable
from .widgets import LongSelect

CHOOSE, TITLE, PARENT, UPDATED, STATUS = PageListingViewSet.columns


def only_titles(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return `rows` for a drop-down: of pages only the titles are read, not their bodies."""
    return rows.only("title") if issubclass(rows.model, Page) else rows


def count_rows(rows: QuerySet[Any], key: str) -> Coalesce:
    """Return the number of `rows` of each object that their foreign key `key` names.

    `rows` are filtered by `OuterRef("pk")`. A join would group the objects, and in a query with
    GROUP BY SQLite reads all scores of a search for each object.
    """
    counts = rows.order_by().values(key).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counts), 0)


class ListingView(IndexView):
    """A listing that can be sorted while it is searched, as far as the index knows the columns.

    For other columns Wagtail responds with 500; here the best match comes first.
    """

    @cached_property
    def filters(self) -> Any:
        """Return the filters, which offer only pages and people that the user may know."""
        filters = super().filters
        for field in filters.form.fields.values() if filters else ():
            queryset = getattr(field, "queryset", None)
            if queryset is not None and issubclass(queryset.model, DraftStateMixin):
                choosable = filter_choosable(queryset, self.request.user)
                field.queryset = only_titles(choosable)
                if type(field.widget) is Select:
                    field.widget = LongSelect(field.widget.attrs, field.choices)
        return filters

    def get_valid_orderings(self) -> list[str]:
        """Return the columns to sort by; in a search only those in the search index."""
        orderings: list[str] = super().get_valid_orderings()
        if not self.is_searching:
            return orderings
        field_names = {field.field_name for field in self.model.get_filterable_search_fields()}
        return [ordering for ordering in orderings if ordering.removeprefix("-") in field_names]

    @cached_property
    def is_explicitly_ordered(self) -> bool:
        """Return True if the request asks for a valid ordering."""
        return self.request.GET.get("ordering") in self.get_valid_orderings()


class ListingMenuItem(MenuItem):
    """The menu item of a listing, for users who may open it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return True if the user may open the listing."""
        needed = ListingView.any_permission_required
        return bool(page_policy.user_has_any_permission(request.user, needed))


class ListingViewSet(PageListingViewSet):
    """Pages of one type, with what tells them apart."""

    index_view_class = ListingView
    menu_item_class = ListingMenuItem
    add_to_admin_menu = True
