from typing import Any

import django_filters
from django.db.models import OuterRef
from django.db.models.functions import Coalesce
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn

from bhp_site.core.admin.listings import (
    CHOOSE,
    STATUS,
    TITLE,
    UPDATED,
    ListingView,
    ListingViewSet,
    count_rows,
)

from .models import ThemePage

TAGGED_KINDS = {"news": "News", "reports": "Reports", "partners": "Partners"}


class ThemeFilter(WagtailFilterSet):
    retired = django_filters.BooleanFilter(
        label="In the past", field_name="retired", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = ThemePage
        fields = ["kind", "live"]


class ThemeListingView(ListingView):
    def annotate_queryset(self, pages: Any) -> Any:
        """Return `pages` with the number of pages of each kind that are tagged."""
        counts = {f"tagged_{relation}": _count_tagged(relation) for relation in TAGGED_KINDS}
        return super().annotate_queryset(pages.annotate(**counts))


def _count_tagged(relation: str) -> Coalesce:
    """Return how many pages of a kind are tagged with a theme."""
    through = getattr(ThemePage, relation).through
    return count_rows(through.objects.filter(themepage=OuterRef("pk")), "themepage")


class ThemeListing(ListingViewSet):
    """All themes and priorities, with how much is tagged with each."""

    model = ThemePage
    index_view_class = ThemeListingView
    icon = "tag"
    menu_label = "Themes"
    menu_order = 240
    ordering = "title"
    columns = [
        CHOOSE,
        TITLE,
        Column("kind", label="Kind", accessor="get_kind_display", sort_key="kind"),
        *(
            Column(f"tagged_{name}", label=label, sort_key=f"tagged_{name}")
            for name, label in TAGGED_KINDS.items()
        ),
        DateColumn("retired", label="Until", sort_key="retired"),
        UPDATED,
        STATUS,
    ]
    filterset_class = ThemeFilter


@hooks.register("register_admin_viewset")
def register_theme_listing() -> ThemeListing:
    """Return the list of themes."""
    return ThemeListing("themes")
