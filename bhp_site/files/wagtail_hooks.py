from typing import Any

from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.generic import RedirectView
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.documents.views.chooser import viewset as chooser
from wagtail.log_actions import LogFormatter

from .count_views import downloads_csv
from .page_views import page_picture
from .publication_views import PublicationDateView
from .text_views import read_again
from .uploads import FileView, KeepView, SeveralView, UploadView
from .versions import FormerAddress
from .withdraw import WithdrawView


@hooks.register("register_admin_urls")
def file_urls() -> list[Any]:
    return [
        path("files/versions/<int:pk>/withdraw/", WithdrawView.as_view(), name="withdraw"),
        path(
            "files/versions/<int:pk>/published/",
            PublicationDateView.as_view(),
            name="version-published",
        ),
        path("files/versions/<int:pk>/pages/<int:number>.png", page_picture, name="page-picture"),
        path("files/<int:pk>/read-again/", read_again, name="read-again"),
        path("files/downloads.csv", downloads_csv, name="downloads-csv"),
        # In place of Wagtail's own, whose addresses come later. Its form for one file asks nothing.
        path(
            "documents/add/",
            RedirectView.as_view(pattern_name="wagtaildocs:add_multiple", query_string=True),
        ),
        path("documents/edit/<int:document_id>/", FileView.as_view()),
        path("documents/multiple/add/", SeveralView.as_view()),
        path(
            "documents/multiple/create_from_uploaded_document/<int:uploaded_file_id>/",
            KeepView.as_view(),
        ),
    ]


# Wagtail has no setting for it, and makes the views from the classes named here.
chooser.create_view_class = UploadView


@hooks.register("insert_editor_js")
def ask_in_the_chooser() -> SafeString:
    return format_html('<script type="module" src="{}"></script>', static("js/upload-question.js"))


class FormerAddressViewSet(ModelViewSet):
    """Addresses that lead to a file: those it had, and those of the site before this one."""

    model = FormerAddress
    icon = "link"
    menu_label = "Old addresses of files"
    add_to_settings_menu = True
    form_fields = ["path", "document"]
    list_display = ["path", "document"]
    search_fields = ["path"]
    search_backend_name = None


@hooks.register("register_admin_viewset")
def former_addresses() -> FormerAddressViewSet:
    return FormerAddressViewSet("old-addresses")


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    @actions.register_action("files.withdraw")
    class Withdrawal(LogFormatter):
        label = "Withdraw a version"

        def format_message(self, log_entry: Any) -> str:
            return f"Withdrew version {log_entry.data['version']}: {log_entry.data['reason']}"

    @actions.register_action("files.date")
    class PublicationDateChange(LogFormatter):
        label = "Change when a version was published"

        def format_message(self, log_entry: Any) -> str:
            return f"Version {log_entry.data['version']}: {log_entry.data['done']}"

    @actions.register_action("files.accept")
    class Acceptance(LogFormatter):
        label = "Say why an inaccessible file is offered"

        def format_message(self, log_entry: Any) -> str:
            if reason := log_entry.data["reason"]:
                return f"Said why it is offered in spite of accessibility findings: {reason}"
            return "Took back the reason for offering it in spite of accessibility findings"
