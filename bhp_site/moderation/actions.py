"""One button for each decision of a reviewer."""

from typing import Any

from django.utils import timezone

from bhp_site.core.text.dates import format_uk_time

from .second_person import get_approval_suffix

Action = tuple[str, str, bool]


def get_approval_label(instance: Any) -> str:
    """Return the label of the button that approves `instance`."""
    state = instance.current_workflow_state
    if state is None or not state.is_at_final_task:
        return "Approve"
    go_live_at = getattr(instance.get_latest_revision_as_object(), "go_live_at", None)
    if go_live_at and go_live_at > timezone.now():
        return f"Approve and schedule for {format_uk_time(go_live_at)}"
    return "Approve and publish"


def merge_approvals(actions: list[Action], label: str) -> list[Action]:
    """Return `actions` with one approval named `label`, whose dialog has an optional comment."""
    merged = [action for action in actions if action[0] != "approve"]
    if len(merged) < len(actions):
        merged.append(("approve", label, True))
    return merged


def simplify_action_menu(items: list[Any], instance: Any, user: Any) -> None:
    """Replace the three approval buttons in the menu `items` of `user` by one, in place."""
    approvals = [item for item in items if item.name == "approve"]
    if not approvals:
        return
    for item in [*approvals, *(item for item in items if item.name == "action-publish")]:
        items.remove(item)
    approve = next((item for item in approvals if item.launch_modal), approvals[0])
    approve.label = get_approval_label(instance) + get_approval_suffix(instance, user)
    items.append(approve)
