"""Hooks of Wagtail that show schedules, and warn of blocked releases."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page

from bhp_site.core.admin.dashboard import WaitingGroup
from bhp_site.core.text.dates import format_uk_time

from .dashboard import ScheduledReleasesGroup
from .pending import get_schedules_by
from .release_warnings import warn_of_blocked_releases


@hooks.register("construct_waiting_groups")
def add_scheduled_releases_group(request: HttpRequest, groups: list[WaitingGroup]) -> None:
    """Add the group of scheduled releases to the dashboard."""
    groups.append(ScheduledReleasesGroup(request.user))


@hooks.register("after_publish_page")
def add_go_live_message(request: HttpRequest, page: Page) -> None:
    """Add a message with the go-live time of a page that has just been scheduled."""
    revision = page.revisions.filter(approved_go_live_at__isnull=False).first()
    if revision:
        messages.info(
            request,
            f"“{page.draft_title}” goes live on {format_uk_time(revision.approved_go_live_at)}.",
        )


@hooks.register("after_edit_page")
@hooks.register("after_unpublish_page")
def add_blocked_release_warnings(request: HttpRequest, page: Page) -> None:
    """Add a warning if the saved page blocks a scheduled release."""
    warn_of_blocked_releases(request, page)


@hooks.register("before_edit_user")
@hooks.register("before_delete_user")
def add_pending_schedules_message(request: HttpRequest, user: Any) -> None:
    """Add a message that names the user's schedules to the screen where the account is changed."""
    schedules = get_schedules_by([user]) if request.method == "GET" else []
    if schedules:
        pages = "; ".join(f"“{schedule.title}”, {schedule.time}" for schedule in schedules)
        messages.warning(
            request,
            f"{user} has scheduled: {pages}. Before this account loses the permission to publish, "
            "a publisher must keep or cancel each schedule.",
        )
