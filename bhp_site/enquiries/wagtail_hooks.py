from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from bhp_site.core.admin.dashboard import WaitingGroup

from .dashboard import EnquiriesGroup
from .viewsets import AccessibleCopyViewSet, EnquiryViewSet


@hooks.register("register_admin_viewset")
def register_enquiry_viewsets() -> list[Any]:
    """Return the viewsets of enquiries and accessible copies."""
    return [EnquiryViewSet("requests"), AccessibleCopyViewSet("accessible-copies")]


@hooks.register("construct_waiting_groups")
def add_enquiries_group(request: HttpRequest, groups: list[WaitingGroup]) -> None:
    """Add the group to the dashboard of users who may answer enquiries."""
    if request.user.has_perm("enquiries.change_enquiry"):
        groups.append(EnquiriesGroup())


@hooks.register("register_log_actions")
def register_enquiry_log_actions(actions: Any) -> None:
    """Register how the work on enquiries is shown in their history."""
    actions.register_action("enquiries.receive", "Receive an enquiry", "Received from a visitor")
    actions.register_action(
        "enquiries.purge",
        ("Delete the personal data of an enquiry"),
        "Deleted names, addresses and messages",
    )

    @actions.register_action("enquiries.change")
    class ChangeFormatter(LogFormatter):
        label = "Work on an enquiry"

        def format_message(self, log_entry: Any) -> str:
            changes: str = log_entry.data["changes"]
            return changes[:1].upper() + changes[1:]

    @actions.register_action("enquiries.answer")
    class AnswerFormatter(LogFormatter):
        label = "Answer an enquiry"

        def format_message(self, log_entry: Any) -> str:
            copies = ", ".join(log_entry.data["copies"])
            return f"Answered by e-mail, with a copy: {copies}" if copies else "Answered by e-mail"
