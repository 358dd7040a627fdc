"""Viewsets of the admin: all enquiries, and all accessible copies."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.urls import path
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.documents.widgets import AdminDocumentChooser

from bhp_site.core.admin.choosable import ChoosableModelForm
from bhp_site.core.models import User
from bhp_site.files.admin.document_rows import DocumentRowsViewSet

from .admin_views import (
    AnswerView,
    EnquiryDeleteView,
    EnquiryEditView,
    EnquiryForm,
    get_assignable_users,
    get_edit_url,
    retry_emails,
)
from .models import AccessibleCopy, Enquiry, Format


def get_filter_users() -> QuerySet[User]:
    """Return the users who may work on enquiries, and those who are assigned to one."""
    assigned = Enquiry.objects.exclude(assigned_to=None).values("assigned_to")
    users = User.objects.filter(Q(pk__in=get_assignable_users().values("pk")) | Q(pk__in=assigned))
    return users.order_by("first_name", "last_name", "pk")


class EnquiryFilter(WagtailFilterSet):
    """The filters of the list of enquiries."""

    status = django_filters.ChoiceFilter(label="Status", choices=Enquiry.Status.choices)
    kind = django_filters.ChoiceFilter(label="Kind", choices=Enquiry.Kind.choices)
    format = django_filters.ChoiceFilter(label="Format", choices=Format.choices)
    assigned_to = django_filters.ModelChoiceFilter(
        label="Assigned to", queryset=lambda request: get_filter_users()
    )
    overdue = django_filters.BooleanFilter(label="Overdue", method="filter_overdue")

    class Meta:
        model = Enquiry
        fields: list[str] = []

    def filter_overdue(self, enquiries: QuerySet[Enquiry], name: str, is_overdue: bool) -> Any:
        """Return only the overdue enquiries if `is_overdue`, else only the others."""
        overdue = Enquiry.objects.overdue().order_by().values("pk")
        if is_overdue:
            return enquiries.filter(pk__in=overdue)
        return enquiries.exclude(pk__in=overdue)


class EnquiryIndexView(IndexView):
    """The list of enquiries."""

    page_title = "Enquiries"

    def get_base_queryset(self) -> Any:
        """Return the enquiries with their related rows."""
        return super().get_base_queryset().select_related("assigned_to", "document")


class EnquiryViewSet(ModelViewSet):
    """The enquiries of visitors; editors cannot add or copy one, and nothing refers to one."""

    model = Enquiry
    icon = "mail"
    menu_label = "Enquiries"
    menu_order = 240
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = EnquiryIndexView
    edit_view_class = EnquiryEditView
    delete_view_class = EnquiryDeleteView
    filterset_class = EnquiryFilter
    list_per_page = 50
    list_display = [
        TitleColumn("subject", label="Enquiry", get_url=get_edit_url),
        Column("get_kind_display", label="Kind", sort_key="kind"),
        StatusTagColumn(
            "status", accessor="get_status_display", primary=lambda r: r.is_open, sort_key="status"
        ),
        Column("due", label="Answer due", accessor="due_in_words", sort_key="due"),
        Column("assigned_to", label="Assigned to", sort_key="assigned_to"),
        DateColumn("created_at", label="Received", sort_key="created_at"),
    ]
    search_fields = ["reference", "document_title", "page", "name", "email"]
    search_backend_name = None
    list_export = [
        *(
            "reference",
            "get_kind_display",
            "get_format_display",
            "document_title",
            "version_number",
        ),
        *("page", "created_at", "due", "get_status_display", "closed_at"),
    ]
    export_filename = "enquiries"

    def get_form_class(self, for_update: bool = False) -> type[EnquiryForm]:
        """Return the form, the same for all views."""
        return EnquiryForm

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Return the arguments of all views, without links to the removed views."""
        removed = {"add_url_name": None, "usage_url_name": None}
        view_kwargs: dict[str, Any] = super().get_common_view_kwargs(**kwargs, **removed)
        return view_kwargs

    def get_urlpatterns(self) -> list[Any]:
        """Return the URL patterns without adding and usage, with the views for answers."""
        removed = ("add", "usage")
        return [
            *(pattern for pattern in super().get_urlpatterns() if pattern.name not in removed),
            path("answer/<int:pk>/", self.construct_view(AnswerView), name="answer"),
            path("send-again/<int:pk>/", retry_emails, name="retry_emails"),
        ]


class AccessibleCopyForm(ChoosableModelForm):
    """An accessible copy of a document that the user may choose."""

    class Meta:
        model = AccessibleCopy
        fields = ["original", "copy", "format", "label"]
        widgets = {"original": AdminDocumentChooser, "copy": AdminDocumentChooser}


class AccessibleCopyViewSet(DocumentRowsViewSet):
    """The accessible copies, whether or not a visitor asked for them."""

    model = AccessibleCopy
    icon = "copy"
    menu_label = "Accessible copies"
    add_to_settings_menu = True
    form_class = AccessibleCopyForm
    list_display = [
        Column("display_label", label="Label"),
        Column("original", accessor="original.title"),
        Column("copy", label="Document", accessor="copy.title"),
        Column("version_number", label="Version of the original"),
    ]
    list_filter = ["format"]
    search_fields = ["original__title", "copy__title", "label"]
    search_backend_name = None
