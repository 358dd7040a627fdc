from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from .models import PartnerPage, Person


class PersonViewSet(SnippetViewSet):
    """People the partnership quotes or names, with their roles."""

    model = Person
    icon = "user"
    menu_label = "People"
    menu_order = 230
    add_to_admin_menu = True
    list_display = ["__str__", Column("current", label="Roles", accessor="roles_in_words")]


register_snippet(PersonViewSet)


class PartnerListing(PageListingViewSet):
    """All partners, with what tells them apart."""

    model = PartnerPage
    icon = "group"
    menu_label = "Partners"
    menu_order = 220
    add_to_admin_menu = True
    columns = [
        *PageListingViewSet.columns[:2],
        Column("short_name", label="Short name", sort_key="short_name"),
        Column("kind", label="Kind", accessor="get_kind_display", sort_key="kind"),
        *PageListingViewSet.columns[3:],
    ]
    list_filter = ["kind", "live"]


@hooks.register("register_admin_viewset")
def partner_listing() -> PartnerListing:
    return PartnerListing("partners")
