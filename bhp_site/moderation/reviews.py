"""The decisions and comments of reviewers."""

import datetime
from typing import Any

from django.utils import timezone
from wagtail.admin.views.home import (
    UserObjectsInWorkflowModerationPanel,
    WorkflowObjectsToModeratePanel,
)
from wagtail.models import Page, TaskState, WorkflowState

from bhp_site.core.admin.dashboard import WaitingGroup
from bhp_site.core.admin.links import get_edit_url
from bhp_site.core.confidential.rules import is_hidden

from .actions import get_approval_label, merge_approvals
from .second_person import get_approval_suffix

# How long comments on approved pages stay on the author's dashboard.
APPROVED_COMMENT_PERIOD = datetime.timedelta(days=14)


def get_current_decision(instance: Any) -> TaskState | None:
    """Return the last review decision about `instance` if it still matters, else None.

    It does while the reviewer waits for changes, and after an approval until the next edit.
    """
    state = WorkflowState.objects.for_instance(instance).order_by("-created_at", "-pk").first()
    decision = state.current_task_state if state else None
    if state is None or decision is None:
        return None
    if state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return decision
    is_unchanged = decision.revision_id == instance.latest_revision_id
    if state.status == WorkflowState.STATUS_APPROVED and decision.comment and is_unchanged:
        return decision
    return None


def describe_decision(decision: TaskState) -> str:
    """Return a sentence with the reviewer, the decision and the comment."""
    reviewer = str(decision.finished_by or "A reviewer")
    rejected = decision.status == TaskState.STATUS_REJECTED
    decision_text = f"{reviewer} asked for changes" if rejected else f"{reviewer} approved this"
    if decision.comment:
        return f"{decision_text}: “{decision.comment.strip()}”"
    return f"{decision_text} and left no comment."


class ReviewerCommentsGroup(WaitingGroup):
    """The group of reviewers' comments on what the user submitted."""

    heading = "What reviewers said"
    slug = "reviewer-comments"
    order = 40
    template_name = "moderation/reviewer_comments_group.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the decisions for the group's template."""
        user = parent_context["request"].user
        return {
            "decisions": [
                {
                    "title": str(getattr(instance, "draft_title", "") or instance),
                    "url": get_edit_url(instance, user),
                    "text": describe_decision(decision),
                }
                for instance, decision in _get_decisions(user)
                if not _is_hidden(instance, user)
            ]
        }


def _is_hidden(instance: Any, user: Any) -> bool:
    """Return whether `instance` is a confidential draft of others."""
    return isinstance(instance, Page) and is_hidden(instance, user)


def _get_decisions(user: Any) -> list[tuple[Any, TaskState]]:
    """Return the objects that came back to `user` or were approved lately, with the decisions."""
    states = WorkflowState.objects.filter(requested_by=user).select_related(
        "current_task_state__finished_by"
    )
    since = timezone.now() - APPROVED_COMMENT_PERIOD
    rejected = states.filter(status=WorkflowState.STATUS_NEEDS_CHANGES)
    approved = states.filter(
        status=WorkflowState.STATUS_APPROVED, current_task_state__finished_at__gte=since
    ).exclude(current_task_state__comment="")
    return [
        (state.content_object, state.current_task_state)
        for state in (*rejected.order_by("-pk"), *approved.order_by("-pk"))
        if state.current_task_state and state.content_object
    ]


class PagesToReviewGroup(WaitingGroup, WorkflowObjectsToModeratePanel):
    """The group of what the user may approve, with one button for each decision."""

    heading = "To review"
    slug = "to-review"
    order = 20
    template_name = "moderation/pages_to_review_group.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return Wagtail's context with one approval button for each page."""
        context: dict[str, Any] = super().get_context_data(parent_context)
        user = parent_context["request"].user
        context["states"] = [
            state for state in context["states"] if not _is_hidden(state["obj"], user)
        ]
        for state in context["states"]:
            suffix = get_approval_suffix(state["obj"], user) if state["actions"] else ""
            label = get_approval_label(state["obj"]) + suffix
            state["actions"] = merge_approvals(state["actions"], label)
        return context


class SubmittedGroup(WaitingGroup, UserObjectsInWorkflowModerationPanel):
    """The group of what the user has submitted and reviewers have not decided yet."""

    heading = "Sent for review"
    slug = "sent-for-review"
    order = 80
    template_name = "moderation/submitted_group.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return Wagtail's context without pages that came back, which have comments."""
        context: dict[str, Any] = super().get_context_data(parent_context)
        context["workflow_states"] = [
            state
            for state in context["workflow_states"]
            if state.status == WorkflowState.STATUS_IN_PROGRESS
            and not _is_hidden(state.content_object, parent_context["request"].user)
        ]
        return context
