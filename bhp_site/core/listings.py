"""Flat listings of one page type for editors."""

from functools import cached_property

from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet

CHOOSE, TITLE, PARENT, UPDATED, STATUS = PageListingViewSet.columns


class ListingView(IndexView):
    """A listing that can be sorted while it is searched, as far as the index knows the columns.

    Wagtail answers 500 to any other; here the best match comes first.
    """

    def get_valid_orderings(self) -> list[str]:
        orderings: list[str] = super().get_valid_orderings()
        if not self.is_searching:
            return orderings
        known = {field.field_name for field in self.model.get_filterable_search_fields()}
        return [one for one in orderings if one.removeprefix("-") in known]

    @cached_property
    def is_explicitly_ordered(self) -> bool:
        return self.request.GET.get("ordering") in self.get_valid_orderings()


class ListingViewSet(PageListingViewSet):
    """Pages of one type, with what tells them apart."""

    index_view_class = ListingView
    add_to_admin_menu = True
