from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.pages import PageListingViewSet

from .models import ReportPage


class ReportListing(PageListingViewSet):
    """All reports, with date, kind and number of files."""

    model = ReportPage
    icon = "doc-full"
    menu_label = "Reports"
    menu_order = 210
    add_to_admin_menu = True
    columns = [
        *PageListingViewSet.columns[:2],
        Column("published", label="Published", sort_key="published_date"),
        Column("kind", label="Kind", accessor="get_kind_display", sort_key="kind"),
        Column("files", label="Files", accessor="downloads.count"),
        *PageListingViewSet.columns[3:],
    ]
    list_filter = ["kind", "live", "published_date"]


@hooks.register("register_admin_viewset")
def report_listing() -> ReportListing:
    return ReportListing("reports")
