"""Adds releases to the admin's URLs, its menu, its dashboard and the editor of pages."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from bhp_site.core.admin.dashboard import WaitingGroup
from news.embargo import get_release_url
from news.models import NewsPage
from news.release_models import get_release

from .dashboard import ReleasesGroup
from .permissions import may_add_announcement
from .release_views import ReleaseListView, ReleaseView
from .views import NewReleaseView

MENU_ORDER = 190


class ReleasesMenuItem(MenuItem):
    """The menu item, for users who may add announcements."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return True if the user may add announcements."""
        return may_add_announcement(request.user)


@hooks.register("register_admin_urls")
def register_release_urls() -> list[Any]:
    """Return the URL patterns of releases and of both screens that read a press release."""
    return [
        path("releases/", ReleaseListView.as_view(), name="releases"),
        path("releases/new/", NewReleaseView.as_view(), name="new_release"),
        path("releases/<int:pk>/", ReleaseView.as_view(), name="release"),
    ]


@hooks.register("register_admin_menu_item")
def register_releases_menu_item() -> MenuItem:
    """Return the menu item."""
    return ReleasesMenuItem(
        "Releases",
        reverse("releases"),
        name="releases",
        icon_name="calendar-check",
        order=MENU_ORDER,
    )


@hooks.register("construct_waiting_groups")
def add_releases_group(request: HttpRequest, groups: list[WaitingGroup]) -> None:
    """Add the releases that have not been published to the dashboard."""
    groups.append(ReleasesGroup(request.user))


@hooks.register("register_page_header_buttons")
def add_release_button(page: Page, user: Any, view_name: str, **kwargs: Any) -> Iterator[Button]:
    """Yield a link from the editor of a page to its release, or to where one is made."""
    if view_name != "edit":
        return
    release = get_release(page)
    if release is None and page.specific_class is NewsPage and not page.live:
        url = f"{reverse('releases')}?announcement={page.pk}"
        yield Button("Make a release", url, icon_name="calendar-check", priority=5)
    elif release and release.announcement.permissions_for_user(user).can_edit():
        yield Button(
            "Open the release", get_release_url(release), icon_name="calendar-check", priority=5
        )


@hooks.register("before_edit_page")
def tell_about_embargo(request: HttpRequest, page: Page) -> None:
    """Add a message to the editor of a page that is under embargo."""
    release = get_release(page) if request.method == "GET" else None
    if release and release.is_under_embargo:
        buttons = []
        if release.announcement.permissions_for_user(request.user).can_edit():
            buttons = [messages.button(get_release_url(release), "Open the release")]
        messages.warning(request, f"Under embargo until {release.end_of_embargo}.", buttons)


@hooks.register("register_log_actions")
def register_release_log_actions(actions: Any) -> None:
    """Register how changes of a release are shown in the history of its announcement."""

    class ReasonFormatter(LogFormatter):
        def describe(self, data: Any) -> str:
            raise NotImplementedError

        def format_message(self, log_entry: Any) -> str:
            reason = log_entry.data.get("reason")
            text = self.describe(log_entry.data)
            return format_html("{} Reason: {}", text, reason) if reason else text

    @actions.register_action("release.embargo")
    class EmbargoFormatter(ReasonFormatter):
        label = "Change the embargo"

        def describe(self, data: Any) -> str:
            until, before = data.get("until"), data.get("before")
            if until is None:
                return f"Removed the embargo until {before}."
            return f"Moved the embargo to {until}." if before else f"Set an embargo until {until}."

    @actions.register_action("release.lift_embargo")
    class LiftFormatter(ReasonFormatter):
        label = "Lift the embargo"

        def describe(self, data: Any) -> str:
            return f"Lifted the embargo until {data.get('before')}."

    @actions.register_action("release.add")
    class AddFormatter(ReasonFormatter):
        label = "Add to the release"

        def describe(self, data: Any) -> str:
            return f"Added “{data.get('title')}” to the release."

    @actions.register_action("release.remove")
    class RemoveFormatter(ReasonFormatter):
        label = "Take out of the release"

        def describe(self, data: Any) -> str:
            return f"Took “{data.get('title')}” out of the release."
