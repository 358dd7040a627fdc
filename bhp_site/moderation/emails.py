"""E-mails about reviews: one to each person for each event, sent after the commit."""

from functools import partial
from typing import Any

from django.dispatch import Signal
from django.template.loader import render_to_string
from wagtail.admin import mail
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.signals import (
    task_submitted,
    workflow_approved,
    workflow_rejected,
    workflow_submitted,
)

from bhp_site.core.confidential.rules import is_hidden
from bhp_site.sign_in.account_emails import queue_email
from bhp_site.tasks.after_commit import call_after_commit


class ReviewNotifier:
    """Queues e-mails, to people who may open the page if it is a confidential draft.

    No editor waits for the mail server, and no e-mail is lost.
    """

    def get_valid_recipients(self, instance: Any, **kwargs: Any) -> set[Any]:
        """Return the recipients from whom the page is not hidden."""
        users: set[Any] = super().get_valid_recipients(instance, **kwargs)  # type: ignore[misc]
        state = getattr(instance, "workflow_state", instance)
        page = state.content_object
        if not isinstance(page, Page):
            return users
        return {user for user in users if not is_hidden(page, user)}

    def send_emails(
        self, template_set: dict[str, str], context: dict[str, Any], recipients: Any, **kwargs: Any
    ) -> bool:
        """Queue an e-mail to each of the recipients; return True."""
        for recipient in recipients:
            texts = context | {"user": recipient}
            subject = render_to_string(template_set["subject"], texts).strip()
            queue_email(
                recipient.email, subject, render_to_string(template_set["text"], texts).strip()
            )
        return True


class SubmissionNotifier(ReviewNotifier, mail.GroupApprovalTaskStateSubmissionEmailNotifier):
    """Tell those who can approve a page that it was submitted."""

    def get_context(self, task_state: TaskState, **kwargs: Any) -> dict[str, Any]:
        """Return the template's context with the user who asked for the review."""
        context: dict[str, Any] = super().get_context(task_state, **kwargs)
        return context | {"requested_by": task_state.workflow_state.requested_by}


class ApprovalNotifier(ReviewNotifier, mail.WorkflowStateApprovalEmailNotifier):
    """Tell the author of a submission that it was approved, with the reviewer's comment."""

    def get_context(self, workflow_state: WorkflowState, **kwargs: Any) -> dict[str, Any]:
        """Return the template's context with the last task's state and its comment."""
        context: dict[str, Any] = super().get_context(workflow_state, **kwargs)
        state = workflow_state.current_task_state
        return context | {"task_state": state, "comment": state.comment if state else ""}


class RejectionNotifier(ReviewNotifier, mail.WorkflowStateRejectionEmailNotifier):
    """Tell the author of a submission what the reviewer asked for."""


# Signal, sender, the identifier of Wagtail's own receiver, and what takes its place.
# Administrators are among those who can approve, so that Wagtail's second e-mail to them about a
# submission is left out.
REVIEW_EMAILS: tuple[tuple[Signal, type, str, mail.Notifier | None], ...] = (
    (
        task_submitted,
        TaskState,
        "group_approval_task_submitted_email_notification",
        SubmissionNotifier(),
    ),
    (workflow_submitted, WorkflowState, "workflow_state_submitted_email_notification", None),
    (
        workflow_rejected,
        WorkflowState,
        "workflow_state_rejected_email_notification",
        RejectionNotifier(),
    ),
    (
        workflow_approved,
        WorkflowState,
        "workflow_state_approved_email_notification",
        ApprovalNotifier(),
    ),
)


def connect_receivers() -> None:
    """Replace Wagtail's receivers, which send e-mails within the transaction, by our own.

    These are the receivers in REVIEW_EMAILS; see `notify_after_commit`.
    """
    for signal, sender, identifier, notifier in REVIEW_EMAILS:
        signal.disconnect(sender=sender, dispatch_uid=identifier)
        if notifier:
            receiver = partial(notify_after_commit, notifier)
            signal.connect(receiver, sender=sender, dispatch_uid=identifier, weak=False)


def notify_after_commit(notifier: mail.Notifier, instance: Any, **kwargs: Any) -> None:
    """Send the e-mail once the current transaction is committed; not if it is rolled back."""
    call_after_commit(notifier, instance=instance, **kwargs)
