from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from .dashboard import RequestsPanel
from .listing import AccessibleCopyViewSet, RequestViewSet


@hooks.register("register_admin_viewset")
def requests() -> list[Any]:
    return [RequestViewSet("requests"), AccessibleCopyViewSet("accessible-copies")]


@hooks.register("construct_homepage_panels")
def tell_of_requests(request: HttpRequest, panels: list[Any]) -> None:
    if request.user.has_perm("enquiries.change_request"):
        panels.append(RequestsPanel())


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    actions.register_action("enquiries.receive", "Receive a request", "Received from a visitor")
    actions.register_action(
        "enquiries.purge", "Purge a request", "Removed names, addresses and words"
    )

    @actions.register_action("enquiries.change")
    class Change(LogFormatter):
        label = "Work on a request"

        def format_message(self, log_entry: Any) -> str:
            done: str = log_entry.data["done"]
            return done[:1].upper() + done[1:]

    @actions.register_action("enquiries.answer")
    class Answer(LogFormatter):
        label = "Answer a request"

        def format_message(self, log_entry: Any) -> str:
            copies = ", ".join(log_entry.data["copies"])
            return f"Answered by mail, with a copy: {copies}" if copies else "Answered by mail"
