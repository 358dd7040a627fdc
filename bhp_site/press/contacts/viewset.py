"""The press list in the admin."""

from functools import cached_property
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import path, reverse
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button

from ..models import PressContact
from .views import ImportView, export_list, export_person


class PressContactFilter(WagtailFilterSet):
    """The filters of the press list."""

    outdated = django_filters.BooleanFilter(
        label="Without contact for too long", method="filter_outdated"
    )

    class Meta:
        model = PressContact
        fields: list[str] = []

    def filter_outdated(self, people: QuerySet[PressContact], name: str, value: bool) -> Any:
        """Return only the people to review if `value`, else only the others."""
        outdated = PressContact.objects.outdated().order_by().values("pk")
        return people.filter(pk__in=outdated) if value else people.exclude(pk__in=outdated)


class PressContactIndexView(IndexView):
    """The press list, with import and export in its menu."""

    page_title = "Press list"
    add_item_label = "Add a person"
    verbose_name_plural = "people on the press list"

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        """Return the menu's buttons for what the user may do."""
        user, buttons = self.request.user, super().header_more_buttons
        if user.has_perm("press.add_presscontact"):
            url = reverse("press_list:import")
            buttons.append(Button("Import from CSV", url=url, icon_name="upload", priority=10))
        if user.has_perm("press.change_presscontact"):
            url = reverse("press_list:export")
            buttons.append(Button("Export as CSV", url=url, icon_name="download", priority=20))
        return buttons


class PressContactEditView(EditView):
    """One person on the press list, with the export of what is stored about them."""

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        """Return the menu's buttons with the export of this person's data."""
        url = reverse("press_list:export_person", args=[self.object.pk])
        button = Button("Export this person’s data", url=url, icon_name="download", priority=15)
        return [*super().header_more_buttons, button]


class PressContactViewSet(ModelViewSet):
    """The people on the press list."""

    model = PressContact
    icon = "group"
    menu_label = "Press list"
    menu_name = "press-list"
    menu_order = 245
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = PressContactIndexView
    edit_view_class = PressContactEditView
    filterset_class = PressContactFilter
    form_fields = ["name", "outlet", "email", "source", "added_on", "last_contact_on", "notes"]
    list_per_page = 50
    list_display = [
        "name",
        Column("outlet", label="Outlet", sort_key="outlet"),
        Column("email", label="E-mail address", sort_key="email"),
        DateColumn("added_on", label="Added on", sort_key="added_on"),
        DateColumn("last_contact_on", label="Last contact", sort_key="last_contact_on"),
    ]
    search_fields = ["name", "outlet", "email", "notes"]
    search_backend_name = None

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Return the arguments of all views, without links to the view of usage."""
        view_kwargs: dict[str, Any] = super().get_common_view_kwargs(**kwargs, usage_url_name=None)
        return view_kwargs

    def get_urlpatterns(self) -> list[Any]:
        """Return the URL patterns without usage, with import and export."""
        return [
            *(pattern for pattern in super().get_urlpatterns() if pattern.name != "usage"),
            path("import/", self.construct_view(ImportView), name="import"),
            path("export/", export_list, name="export"),
            path("export/<int:pk>/", export_person, name="export_person"),
        ]
