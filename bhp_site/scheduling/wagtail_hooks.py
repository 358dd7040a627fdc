from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin import messages

from .dashboard import ScheduledReleasesPanel
from .pending import get_schedules_of


@hooks.register("construct_homepage_panels")
def add_scheduled_releases_panel(request: HttpRequest, panels: list[Any]) -> None:
    panel = ScheduledReleasesPanel(request.user)
    if panel.is_needed:
        panels.append(panel)


@hooks.register("before_edit_user")
@hooks.register("before_delete_user")
def list_pending_schedules(request: HttpRequest, user: Any) -> None:
    """Name what a user has scheduled on the screen where the account is changed."""
    schedules = get_schedules_of([user]) if request.method == "GET" else []
    if schedules:
        pages = "; ".join(f"“{one.title}”, {one.time}" for one in schedules)
        messages.warning(
            request,
            f"{user} has scheduled: {pages}. If this account can no longer publish, a publisher "
            "keeps or cancels each schedule first.",
        )
