from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, UpdatedAtColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, UnpublishView

from bhp_site.core.admin.decisions import SnippetDecisionView
from bhp_site.core.admin.links import get_edit_url
from bhp_site.core.admin.listings import CHOOSE, STATUS, TITLE, UPDATED, ListingView, ListingViewSet
from bhp_site.core.admin.widgets import LongSelect

from .models import MembershipEvent, PartnerPage, Person, PersonPage
from .person_chooser import PersonChooserViewSet

# Where the order of joining is not known.
LAST_IN_ORDER = 32_767
# As many are named when several people cannot be deleted; the others are counted.
MAX_NAMED_PEOPLE = 5


class PersonFilter(WagtailFilterSet):
    """Filters of the list of people."""

    at = django_filters.ModelChoiceFilter(
        label="Has a role at",
        queryset=PartnerPage.objects.order_by("title").only("title"),
        method="has_role_at",
        widget=LongSelect,
    )
    public = django_filters.BooleanFilter(label="Has a public page", method="is_public")

    class Meta:
        model = Person
        fields = ["live"]

    # By keys, so that search results can be filtered too.

    def has_role_at(self, people: QuerySet[Person], name: str, partner: Any) -> QuerySet[Person]:
        """Return those of `people` with a role at `partner`; `name` is the filter's field."""
        return people.filter(pk__in=list(partner.roles.values_list("person", flat=True)))

    def is_public(self, people: QuerySet[Person], name: str, value: bool) -> QuerySet[Person]:
        """Return the people with a live page if `value`, else those without one."""
        public = list(PersonPage.objects.live().values_list("person", flat=True))
        return people.filter(pk__in=public) if value else people.exclude(pk__in=public)


class UnpublishPersonView(UnpublishView):
    """The confirmation before a person is unpublished."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show a warning that the person's page is unpublished too; return the confirmation."""
        if self.object.is_public:
            messages.warning(
                request, f"The page “{self.object.page.title}” has been unpublished as well."
            )
        return super().get(request, *args, **kwargs)


class PersonViewSet(SnippetViewSet):
    """People the partnership quotes or names, with their roles."""

    model = Person
    icon = "user"
    menu_label = "People"
    menu_order = 230
    add_to_admin_menu = True
    list_per_page = 50
    list_display = [
        "__str__",
        Column("current", label="Roles", accessor="roles_text"),
        BooleanColumn("public", label="Public page", accessor="is_public"),
        UpdatedAtColumn(),
        Column("status", label="Status", accessor="status_in_listing", sort_key="live"),
    ]
    filterset_class = PersonFilter
    unpublish_view_class = UnpublishPersonView
    workflow_action_view_class = SnippetDecisionView
    chooser_viewset_class = PersonChooserViewSet

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        """Return the people with their roles and pages."""
        return Person.objects.select_related("page").prefetch_related("roles__partner")


register_snippet(PersonViewSet)


class PartnerListingView(ListingView):
    """The list of partners in the admin."""

    default_ordering = "place"

    def annotate_queryset(self, pages: Any) -> Any:
        """Return `pages` with the order of joining and their events."""
        joined = MembershipEvent.objects.filter(
            partner=OuterRef("pk"), kind=MembershipEvent.Kind.JOINED, order__isnull=False
        )
        # Without a join, for the reason given in `count_rows`.
        place = Coalesce(Subquery(joined.order_by("order").values("order")[:1]), LAST_IN_ORDER)
        return super().annotate_queryset(pages.annotate(place=place)).prefetch_related("events")


class PartnerListing(ListingViewSet):
    """All partners, in the order of joining."""

    model = PartnerPage
    index_view_class = PartnerListingView
    icon = "group"
    menu_label = "Partners"
    menu_order = 220
    ordering = "place"
    columns = [
        CHOOSE,
        TITLE,
        Column("short_name", label="Short name", sort_key="short_name"),
        Column("kind", label="Kind", accessor="get_kind_display", sort_key="kind"),
        Column("membership", label="Membership", accessor="events_text", sort_key="place"),
        UPDATED,
        STATUS,
    ]
    list_filter = ["kind", "live"]


@hooks.register("before_delete_snippet")
def refuse_to_delete_people_with_pages(
    request: HttpRequest, instances: Iterable[Any]
) -> HttpResponse | None:
    """Return a redirect with an error that names the people who have a page, else None.

    Their pages need them, so none of `instances` is deleted.
    """
    people = [instance.pk for instance in instances if isinstance(instance, Person)]
    pages = list(PersonPage.objects.filter(person__in=people).select_related("person"))
    if not pages:
        return None
    for page in pages[:MAX_NAMED_PEOPLE]:
        url = get_edit_url(page, request.user)
        messages.error(
            request,
            f"Nothing was deleted. “{page.person}” has a public page. Delete the page "
            f"“{page.title}” first.",
            [messages.button(url, "Edit the page")] if url else [],
        )
    if more := len(pages[MAX_NAMED_PEOPLE:]):
        messages.error(request, f"{more} more of these people have public pages.")
    return redirect(Person.snippet_viewset.get_url_name("list"))


@hooks.register("register_admin_viewset")
def register_partner_listing() -> PartnerListing:
    """Return the list of partners."""
    return PartnerListing("partners")
