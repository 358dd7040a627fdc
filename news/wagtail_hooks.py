from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.models import Page

from .dashboard import ReleasePanel
from .models import NewsPage
from .quote_pages import shown_elsewhere


class NewsListing(PageListingViewSet):
    """All news, with date, kind and the report it announces."""

    model = NewsPage
    icon = "doc-empty-inverse"
    menu_label = "News"
    menu_order = 200
    add_to_admin_menu = True
    columns = [
        *PageListingViewSet.columns[:2],
        Column("published", label="Date", sort_key="date"),
        Column("kind", label="Kind", accessor="get_kind_display", sort_key="kind"),
        Column("report", label="Report", sort_key="report__title"),
        *PageListingViewSet.columns[3:],
    ]
    list_filter = ["kind", "live", "date", "report"]


@hooks.register("register_admin_viewset")
def news_listing() -> NewsListing:
    return NewsListing("news")


@hooks.register("construct_homepage_panels")
def add_release_panel(request: HttpRequest, panels: list[Any]) -> None:
    panels.insert(0, ReleasePanel(request.user))


@hooks.register("after_publish_page")
def say_whose_role_is_unknown(request: HttpRequest, page: Page) -> None:
    """Name the people quoted for whom the register has no role on the day."""
    if not isinstance(page.specific, NewsPage):
        return
    for block in page.specific.quote_blocks:
        if not block.value["role"]:
            messages.warning(
                request,
                f"The register has no role for {block.value['name']} on "
                f"{page.specific.published}, so the quote shows none. Add the role under "
                "“People”, or in the settings of the quote, and publish again.",
            )


@hooks.register("before_delete_page")
def say_where_a_quote_is_shown(request: HttpRequest, page: Page) -> None:
    """Name the public pages that would lose a quote, where its deletion is to be confirmed."""
    if request.method == "GET":
        for title in shown_elsewhere(page):
            messages.warning(request, f"A quote in it is shown on “{title}”.")


@hooks.register("after_unpublish_page")
def say_where_a_quote_is_missing(request: HttpRequest, page: Page) -> None:
    for title in shown_elsewhere(page):
        messages.warning(request, f"A quote in it is now missing on “{title}”.")
