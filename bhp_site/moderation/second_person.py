"""Buttons that say before they are pressed whether a second person is needed."""

from typing import Any

from wagtail.admin.ui.components import Component

from bhp_site.core.publishing import second_person

REASON_LABEL = "Publish with a reason…"
APPROVAL_SUFFIX = " with a reason"


class PublishWithReasonItem(Component):
    """A button that opens a dialog, which asks why no second person is waited for.

    `shown` is False for a draft that the user has not changed: a script shows the button instead
    of “Publish” as soon as they change something.
    """

    name = "action-publish-with-reason"
    template_name = "moderation/publish_with_reason.html"
    order = 70

    def __init__(self, is_shown: bool) -> None:
        self.shown = is_shown

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the context of the dialog."""
        return {
            "shown": self.shown,
            "label": REASON_LABEL,
            "field": second_person.REASON_FIELD,
            "max_length": second_person.MAX_REASON_LENGTH,
        }


class ApprovalNote(Component):
    """A sentence in the menu of a reviewer: what a change of theirs means."""

    name = "second-person-note"
    template_name = "moderation/approval_note.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the words that a script adds to the approval after a change."""
        return {"suffix": APPROVAL_SUFFIX}


def get_approval_suffix(instance: Any, user: Any) -> str:
    """Return what to add to the label of an approval: “ with a reason” after the user's change."""
    return APPROVAL_SUFFIX if second_person.needs_second_person(instance, user) else ""


def ask_for_reason(items: list[Any], instance: Any, user: Any) -> None:
    """Replace or accompany the publishing buttons in an editor's menu `items`, in place.

    `instance` is None for one that does not exist yet, which can only have changes of the user.
    """
    if not second_person.is_required():
        return
    publish = next((item for item in items if item.name == "action-publish"), None)
    if publish:
        is_own = instance is None or second_person.needs_second_person(instance, user)
        items.append(PublishWithReasonItem(is_shown=is_own))
        if is_own:
            items.remove(publish)
    elif any(item.name == "approve" for item in items):
        items.append(ApprovalNote())
