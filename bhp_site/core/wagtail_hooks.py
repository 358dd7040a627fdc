from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.models import Page

from .admin.administrators import AdministratorsMenuItem
from .admin.bulk_unpublish import SiteUnpublishBulkAction
from .admin.checklist_panel import ChecklistPanel, is_written_by_editors
from .admin.dashboard import DraftsGroup, WaitingGroup, WaitingPanel
from .admin.menus import copy_items_that_change
from .admin.name_usage import remember_name, report_name_change
from .admin.page_views import SitePageViewSet
from .admin.personal_data_views import PersonalDataView
from .admin.readable import limit_page_chooser
from .admin.second_person import GoAheadFormatter
from .admin.update_views import UpdateFormatter, UpdateView
from .confidential import hooks as confidential_hooks  # noqa: F401
from .publishing.rules import find_change_refusal
from .publishing.second_person import GO_AHEAD
from .publishing.unpublishing import UnpublishingFormatter


@hooks.register("register_admin_viewset")
def register_page_viewset() -> SitePageViewSet:
    """Return the page views with the side panels of the apps."""
    return SitePageViewSet()


# In place of Wagtail's own, which is registered with the order 0.
hooks.register("register_bulk_action", SiteUnpublishBulkAction, order=100)


@hooks.register("construct_page_side_panels")
def add_checklist_panel(request: HttpRequest, page: Page, panels: list[Any]) -> None:
    """Add the checklist to the editor of a page that editors write."""
    if is_written_by_editors(page):
        panels.append(ChecklistPanel(page, request))


@hooks.register("insert_global_admin_css")
def insert_admin_colours() -> SafeString:
    """Return the link element of the admin's style sheet."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    """Return the URL patterns of the form for an update of a page, and of personal data."""
    return [
        path("page-updates/<int:pk>/", UpdateView.as_view(), name="page_update"),
        path("reports/personal-data/", PersonalDataView.as_view(), name="personal-data"),
    ]


@hooks.register("register_reports_menu_item")
def register_personal_data() -> MenuItem:
    """Return the item that leads to personal data."""
    return AdministratorsMenuItem(
        "Personal data", reverse("personal-data"), icon_name="user", order=1150
    )


@hooks.register("construct_page_chooser_queryset")
def hide_unreadable_pages(pages: Any, request: HttpRequest) -> Any:
    """Return the pages of the chooser without those whose titles the user may not read."""
    return limit_page_chooser(pages, request)


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """Register how updates, unpublishing and reasons for going ahead are shown in the history."""
    actions.register_action("core.change_update")(UpdateFormatter)
    actions.register_action("core.unpublishing")(UnpublishingFormatter)
    actions.register_action(GO_AHEAD)(GoAheadFormatter)


# Names of entries of the side menu that are in its submenu “Lists”.
GROUPED_MENU_ITEMS = {"partners", "people", "funders", "themes", "quotes", "press-list"}
MENU_ORDER_LISTS = 255


@hooks.register("register_icons")
def register_icons(icons: list[str]) -> list[str]:
    """Return the admin's icons with our own."""
    return [*icons, "admin/icons/bhp-chart.svg"]


@hooks.register("construct_main_menu")
def rename_reports_menu(request: HttpRequest, items: list[Any]) -> None:
    """Name Wagtail's menu of reports apart from the list of the partnership's reports."""
    for item in items:
        if item.name == "reports":
            item.label = "Site reports"


@hooks.register("construct_main_menu")
def group_lists(request: HttpRequest, items: list[Any]) -> None:
    """Move lists that are opened now and then to a submenu: the side menu stays short."""
    lists = [item for item in items if item.name in GROUPED_MENU_ITEMS]
    if not lists:
        return
    items[:] = [item for item in items if item not in lists]
    menu = SubmenuMenuItem(
        "Lists", Menu(items=lists), name="lists", icon_name="list-ul", order=MENU_ORDER_LISTS
    )
    items.append(menu)


def give_own_items(request: HttpRequest, items: list[Any]) -> None:
    """Let the request change no items of a menu that other requests show."""
    copy_items_that_change(items)


for hook in ("construct_main_menu", "construct_help_menu"):
    # After the hooks that add items.
    hooks.register(hook, give_own_items, order=1000)


@hooks.register("construct_homepage_panels")
def add_waiting_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Add the panel “Waiting for you” to every dashboard."""
    panels.append(WaitingPanel(request))


@hooks.register("construct_waiting_groups")
def add_drafts_group(request: HttpRequest, groups: list[WaitingGroup]) -> None:
    """Add the user's drafts to what waits for them."""
    groups.append(DraftsGroup())


@hooks.register("before_delete_page")
def refuse_to_delete(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Return a redirect with an error if `page` cannot be deleted, before the confirmation."""
    refusal = find_change_refusal(page, request.user)
    if refusal is None:
        return None
    buttons = [messages.button(*way) for way in refusal.ways]
    messages.error(request, f"Not deleted. {refusal}", buttons)
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_edit_snippet")
def store_snippet_name(request: HttpRequest, instance: Any) -> None:
    """Remember the public name of a snippet before it is edited."""
    remember_name(request, instance)


@hooks.register("after_edit_snippet")
def report_name_usage_of_snippet(request: HttpRequest, instance: Any) -> None:
    """Show the affected pages if the public name of a snippet has changed."""
    # Autosave shows no messages: they would pile up.
    if request.method != "POST" or not request.accepts("text/html"):
        return
    published = type(instance)._default_manager.filter(pk=instance.pk).first()
    is_public = published is not None and str(published) == str(instance)
    report_name_change(request, instance, is_public)


@hooks.register("before_publish_page")
def store_page_name(request: HttpRequest, page: Page) -> None:
    """Remember the public title of a page before it is published."""
    remember_name(request, page.specific)


@hooks.register("after_publish_page")
def report_name_usage_of_page(request: HttpRequest, page: Page) -> None:
    """Show the affected pages if publishing has changed the title of a page."""
    report_name_change(request, page.specific)


@hooks.register("after_edit_page")
def tell_of_name_in_draft(request: HttpRequest, page: Page) -> None:
    """Show the pages that publishing a saved draft with another title would affect."""
    # Autosave shows no messages: they would pile up.
    if request.method == "POST" and page.live and request.accepts("text/html"):
        remember_name(request, page.specific)
        report_name_change(request, page.specific, is_public=False)
