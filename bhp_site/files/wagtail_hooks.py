"""Hooks of Wagtail: URLs, menus, panels, bulk actions and log actions of documents and images."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.generic import RedirectView
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.documents.views.chooser import viewset as chooser

from bhp_site.core.admin.dashboard import WaitingGroup

from .admin.api import DocumentsEndpoint, ImagesEndpoint
from .admin.bulk_actions import BULK_ACTIONS
from .admin.deletion import (
    DeleteDocumentView,
    DeleteImageView,
    DeleteUploadedDocumentView,
    DeleteUploadedImageView,
)
from .admin.document_rows import DocumentRowsViewSet
from .admin.download_count_views import downloads_csv, may_view_counts
from .admin.edit_views import (
    EditDocumentView,
    EditImageView,
    EditUploadedDocumentView,
    EditUploadedImageView,
)
from .admin.page_image_views import page_image
from .admin.text_views import extract_text_again
from .admin.uploads import (
    ChooserUploadView,
    CreateFromUploadView,
    UploadDocumentsView,
)
from .forms import FormerAddressForm
from .log_actions import LOG_ACTIONS, make_formatter
from .permissions.group_forms import GroupDocumentPublishFormSet, GroupImagePublishFormSet
from .proposals.dashboard import ProposalsGroup, ProposalsMenuItem
from .proposals.views import ProposalsView, ProposalView, serve_proposed_file
from .versions.models import FormerAddress
from .versions.views import PublicationDateView, WithdrawView
from .virus_scan.dashboard import ScansGroup


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[Any]:
    """Return the admin's URLs of documents and images; some replace Wagtail's own."""
    return [
        path("files/versions/<int:pk>/withdraw/", WithdrawView.as_view(), name="withdraw"),
        path(
            "files/versions/<int:pk>/published/",
            PublicationDateView.as_view(),
            name="version-published",
        ),
        path("files/versions/<int:pk>/pages/<int:number>.png", page_image, name="page-picture"),
        path("files/<int:pk>/read-again/", extract_text_again, name="read-again"),
        path("files/downloads.csv", downloads_csv, name="downloads-csv"),
        path("files/proposals/", ProposalsView.as_view(), name="proposals"),
        path("files/proposals/<int:pk>/", ProposalView.as_view(), name="proposal"),
        path("files/proposals/<int:pk>/file/", serve_proposed_file, name="proposed-file"),
        # These replace Wagtail's own URLs, which come later. Its form for one file asks for no
        # confirmation.
        path(
            "documents/add/",
            RedirectView.as_view(pattern_name="wagtaildocs:add_multiple", query_string=True),
        ),
        path("documents/edit/<int:document_id>/", EditDocumentView.as_view()),
        path("documents/delete/<int:document_id>/", DeleteDocumentView.as_view()),
        path("documents/multiple/<int:doc_id>/", EditUploadedDocumentView.as_view()),
        path("documents/multiple/<int:doc_id>/delete/", DeleteUploadedDocumentView.as_view()),
        path("images/multiple/<int:image_id>/delete/", DeleteUploadedImageView.as_view()),
        path("images/<int:image_id>/", EditImageView.as_view()),
        path("images/<int:image_id>/delete/", DeleteImageView.as_view()),
        path("images/multiple/<int:image_id>/", EditUploadedImageView.as_view()),
        path("documents/multiple/add/", UploadDocumentsView.as_view()),
        path(
            "documents/multiple/create_from_uploaded_document/<int:uploaded_file_id>/",
            CreateFromUploadView.as_view(),
        ),
    ]


# After Wagtail's own, which it replaces.
@hooks.register("construct_admin_api", order=1)
def register_admin_api_endpoints(router: Any) -> None:
    """Register endpoints of the admin's API that list only what its user may view."""
    router.register_endpoint("documents", DocumentsEndpoint)
    router.register_endpoint("images", ImagesEndpoint)


# Wagtail has no setting for it, and makes the views from the classes named here.
chooser.create_view_class = ChooserUploadView


@hooks.register("insert_editor_js")
def add_chooser_script() -> SafeString:
    """Return the script element for confirming an upload in the document chooser."""
    return format_html('<script type="module" src="{}"></script>', static("js/upload-question.js"))


class FormerAddressViewSet(DocumentRowsViewSet):
    """Addresses that lead to a file: those it had, and those of the site before this one."""

    model = FormerAddress
    icon = "link"
    menu_label = "Old document addresses"
    add_to_settings_menu = True
    form_class = FormerAddressForm
    list_display = ["path", "document"]
    search_fields = ["path"]
    search_backend_name = None


@hooks.register("register_admin_viewset")
def register_former_addresses() -> FormerAddressViewSet:
    """Return the viewset of former addresses."""
    return FormerAddressViewSet("old-addresses")


# In place of Wagtail's own, which are registered with the order 0.
for bulk_action in BULK_ACTIONS:
    hooks.register("register_bulk_action", bulk_action, order=100)


@hooks.register("register_group_permission_panel", order=100)
def register_document_publish_permissions() -> type:
    """Return the formset for publishing documents in a group's form."""
    return GroupDocumentPublishFormSet


@hooks.register("register_group_permission_panel", order=100)
def register_image_publish_permissions() -> type:
    """Return the formset for publishing images in a group's form."""
    return GroupImagePublishFormSet


@hooks.register("register_admin_menu_item")
def register_proposals_menu_item() -> ProposalsMenuItem:
    """Return the menu item of proposals."""
    return ProposalsMenuItem(
        "Proposals", reverse("proposals"), icon_name="clipboard-list", order=450
    )


@hooks.register("construct_waiting_groups")
def add_proposals_group(request: HttpRequest, groups: list[WaitingGroup]) -> None:
    """Add the groups of proposals and of the virus scanner to the dashboard."""
    groups += [ProposalsGroup(), ScansGroup()]


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """Describe this app's entries in the histories of documents and images."""
    for action, (label, describe) in LOG_ACTIONS.items():
        actions.register_action(action)(make_formatter(label, describe))


class DownloadsMenuItem(MenuItem):
    """The menu item that downloads the counts, for analysts."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return True if the user may see download counts."""
        return may_view_counts(request.user)


@hooks.register("register_reports_menu_item")
def register_downloads_menu_item() -> DownloadsMenuItem:
    """Return the item of the reports menu."""
    return DownloadsMenuItem(
        "Downloads by day (CSV)",
        reverse("downloads-csv"),
        name="downloads-csv",
        icon_name="download",
        order=96,
    )


@hooks.register("register_permissions")
def register_count_permission() -> "QuerySet[Permission]":
    """Return the permission to see the counts of downloads, which groups can have."""
    return Permission.objects.filter(content_type__app_label="files", codename="view_downloadcount")
