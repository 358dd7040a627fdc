from typing import Any

from django.db.models import OuterRef
from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from bhp_site.core.admin.listings import (
    CHOOSE,
    STATUS,
    TITLE,
    UPDATED,
    ListingView,
    ListingViewSet,
    count_rows,
)

from .draft_views import DraftEditionView, DraftingProgressView, DraftingResultView
from .models import ReportDownload, ReportPage
from .series import ReportSeries


class ReportListingView(ListingView):
    """The list of reports in the admin."""

    def annotate_queryset(self, pages: Any) -> Any:
        """Return `pages` with the number of their documents."""
        downloads = ReportDownload.objects.filter(page=OuterRef("pk"))
        return super().annotate_queryset(pages.annotate(files=count_rows(downloads, "page")))


class ReportListing(ListingViewSet):
    """All reports, with date, kind and number of files."""

    model = ReportPage
    index_view_class = ReportListingView
    icon = "doc-full"
    menu_label = "Reports"
    # Wagtail's menu of admin reports has the name “reports”.
    menu_name = "report-pages"
    menu_order = 210
    columns = [
        CHOOSE,
        TITLE,
        Column("published", label="Published", sort_key="date"),
        Column("kind", label="Kind", accessor="get_kind_display", sort_key="kind"),
        Column("files", label="Documents", sort_key="files"),
        UPDATED,
        STATUS,
    ]
    list_filter = ["kind", "live", "date"]


class SeriesChooserViewSet(SnippetChooserViewSet):
    """The chooser of series, in which a new one can be added."""

    form_fields = ["name", "slug"]
    creation_tab_label = "New series"
    create_action_label = "Add this series"
    create_action_clicked_label = "Adding…"


class SeriesViewSet(SnippetViewSet):
    """Series of reports, with how many reports each has."""

    model = ReportSeries
    icon = "list-ol"
    menu_label = "Series of reports"
    add_to_settings_menu = True
    chooser_viewset_class = SeriesChooserViewSet
    list_display = ["name", Column("reports", label="Reports", accessor="report_count")]


register_snippet(SeriesViewSet)


@hooks.register("register_admin_urls")
def register_edition_urls() -> list[Any]:
    """Return the URLs of the views that draft an edition."""
    start, progress, result = (
        view.as_view() for view in (DraftEditionView, DraftingProgressView, DraftingResultView)
    )
    prefix = "reports/<int:pk>/draft-edition/"
    return [
        path(prefix, start, name="draft-edition"),
        path(f"{prefix}<int:job>/progress/", progress, name="draft-edition-progress"),
        path(f"{prefix}<int:job>/result/", result, name="draft-edition-result"),
    ]


@hooks.register("insert_editor_js")
def insert_pdf_page_script() -> SafeString:
    """Return the script that shows a page of the PDF next to a chapter."""
    return format_html('<script type="module" src="{}"></script>', static("js/pdf-page.js"))


@hooks.register("register_admin_viewset")
def register_report_listing() -> ReportListing:
    """Return the list of reports."""
    return ReportListing("reports")
