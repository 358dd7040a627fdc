from typing import Any

import django_filters
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.ui.tables.pages import ParentPageColumn
from wagtail.models import Page

from bhp_site.core.admin.listings import CHOOSE, STATUS, TITLE, UPDATED, ListingView, ListingViewSet
from bhp_site.core.admin.page_policy import page_policy
from partners.member_areas import is_press_officer

from .dashboard import ReleasePanel
from .models import NewsPage, QuotePage
from .quotation_preview import preview_quotation
from .quote_checks import find_unconfirmed
from .quote_pages import find_pages_showing_quotes


class NewsListingView(ListingView):
    """The list of news in the admin."""

    def annotate_queryset(self, pages: Any) -> Any:
        """Return `pages` with their reports."""
        return super().annotate_queryset(pages).prefetch_related("report")


class NewsListing(ListingViewSet):
    """All news, with date, kind and the report it announces."""

    model = NewsPage
    index_view_class = NewsListingView
    icon = "doc-empty-inverse"
    menu_label = "News"
    menu_order = 200
    columns = [
        CHOOSE,
        TITLE,
        Column("published", label="Date", sort_key="date"),
        Column("kind", label="Kind", accessor="get_kind_display", sort_key="kind"),
        Column("report", label="Report", sort_key="report__title"),
        UPDATED,
        STATUS,
    ]
    list_filter = ["kind", "live", "date", "report"]


class QuoteListingFilter(WagtailFilterSet):
    """Filters of the list of quotes."""

    date = django_filters.DateFromToRangeFilter(label="Date", widget=DateRangePickerWidget)

    class Meta:
        model = QuotePage
        fields = ["speaker", "partner", "live"]


class QuoteListingView(ListingView):
    """The list of quotes in the admin."""

    def get_add_url(self) -> None:
        """Return None: quotes are created from announcements."""


class QuoteListing(ListingViewSet):
    """All quotes, the latest first, with the announcement of each."""

    model = QuotePage
    index_view_class = QuoteListingView
    icon = "openquote"
    menu_label = "Quotes"
    menu_order = 250
    ordering = "-date"
    columns = [
        CHOOSE,
        TITLE,
        Column("role", label="Role"),
        Column("organisation", label="Organisation", sort_key="organisation"),
        Column("published", label="Date", sort_key="date"),
        ParentPageColumn("parent", label="Announcement"),
        STATUS,
    ]
    filterset_class = QuoteListingFilter


@hooks.register("register_admin_viewset")
def register_news_listings() -> list[ListingViewSet]:
    """Return the lists of news and quotes."""
    return [NewsListing("news"), QuoteListing("quotes")]


@hooks.register("construct_homepage_panels")
def add_release_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Add the release panel to the dashboard of users who may follow its links."""
    may_write = page_policy.user_has_any_permission(request.user, ["add", "change"])
    # Press officers of partners do not work on releases.
    if may_write and not is_press_officer(request.user):
        panels.append(ReleasePanel(request.user))


@hooks.register("after_publish_page")
def warn_about_unknown_roles(request: HttpRequest, page: Page) -> None:
    """Warn of each quoted person who has no recorded role on the announcement's date."""
    if not isinstance(page.specific, NewsPage):
        return
    for block in page.specific.quote_blocks:
        if not block.value["role"]:
            messages.warning(
                request,
                f"{block.value['name']} has no role on {page.specific.published}, so the quote "
                "shows no role. Add the role under “People” or in the settings of the quote, and "
                "publish again.",
            )


@hooks.register("before_delete_page")
def warn_about_shown_quotes(request: HttpRequest, page: Page) -> None:
    """Warn, where the deletion of `page` is confirmed, of public pages that would lose a quote."""
    if request.method == "GET":
        for title in find_pages_showing_quotes(page):
            messages.warning(request, f"“{title}” shows a quote from this page.")
        for announcement in NewsPage.objects.live().filter(report=page.pk):
            messages.warning(
                request,
                f"“{announcement.title}” stays public, but loses its link to this report and its "
                "downloads.",
            )


@hooks.register("after_unpublish_page")
def warn_about_missing_quotes(request: HttpRequest, page: Page) -> None:
    """Warn that pages have lost a quote of an unpublished page."""
    for title in find_pages_showing_quotes(page):
        messages.warning(request, f"A quote from this page is now missing from “{title}”.")


@hooks.register("after_publish_page")
def warn_about_removed_quotes(request: HttpRequest, page: Page) -> None:
    """Warn that pages have lost a quote that was removed from its announcement."""
    for title in find_pages_showing_quotes(page, live=False):
        messages.warning(request, f"A quote that you removed is now missing from “{title}”.")


@hooks.register("before_bulk_action")
def refuse_to_delete_shown_quotes(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """Return a redirect with errors if pages to be deleted have quotes shown elsewhere, else None.

    The screen that deletes a single page names the pages that would lose a quote.
    """
    if action_type != "delete":
        return None
    pages = [page for page in objects if isinstance(page, Page)]
    uses = [(page, title) for page in pages for title in find_pages_showing_quotes(page)]
    for page, title in uses:
        messages.error(
            request,
            f"Nothing was deleted. “{title}” shows a quote from “{page.title}”. Remove the quote "
            "there, or delete that page first.",
        )
    return redirect(action.next_url) if uses else None


@hooks.register("register_admin_urls")
def register_quotation_urls() -> list[Any]:
    """Return the URL pattern of the preview."""
    return [path("quotations/preview/", preview_quotation, name="quotation_preview")]


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def warn_about_unconfirmed_quotes(request: HttpRequest, page: Page) -> None:
    """Warn, after a draft is saved, of quotations that cannot be published yet."""
    # Autosave shows no messages: they would pile up. A refusal to publish names them itself.
    if request.method != "POST" or not request.accepts("text/html"):
        return
    if request.POST.get("action-publish"):
        return
    if isinstance(page.specific_deferred, NewsPage):
        draft = page.get_latest_revision_as_object()
        for reason in find_unconfirmed(draft):
            messages.warning(request, f"{reason} Then you can publish the page.")
