"""Messages about a reviewer's decision, and the views of lists that show them.

In a list, Wagtail carries out the decision and says nothing.
"""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from wagtail.admin import messages
from wagtail.admin.utils import get_latest_str
from wagtail.admin.views.pages.workflow import WorkflowActionView
from wagtail.snippets.views.snippets import WorkflowActionView as SnippetWorkflowActionView

from bhp_site.core.text.dates import format_uk_time


def add_decision_message(request: HttpRequest, instance: Any) -> None:
    """Add a message that says what became of a page or snippet whose review has ended."""
    instance = type(instance)._default_manager.get(pk=instance.pk)
    state = instance.workflow_states.order_by("-created_at", "-pk").first()
    if state is None or instance.workflow_in_progress:
        return
    title = get_latest_str(instance)
    if state.status == state.STATUS_NEEDS_CHANGES:
        messages.success(request, f"You asked for changes to “{title}”.")
    elif state.status == state.STATUS_APPROVED and instance.scheduled_revision:
        time = format_uk_time(instance.scheduled_revision.approved_go_live_at)
        messages.success(request, f"“{title}” was approved and goes live on {time}.")
    elif state.status == state.STATUS_APPROVED:
        messages.success(request, f"“{title}” was approved and published.")


class DecisionMessageMixin:
    """A mixin for `WorkflowAction` views that says what was decided."""

    request: HttpRequest
    object: Any

    def post(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Carry out the decision, add the message and return the response."""
        response: HttpResponseBase = super().post(*args, **kwargs)  # type: ignore[misc]
        add_decision_message(self.request, self.object)
        return response


class PageDecisionView(DecisionMessageMixin, WorkflowActionView):
    """Wagtail's view of a decision about a page in a list."""


class SnippetDecisionView(DecisionMessageMixin, SnippetWorkflowActionView):
    """Wagtail's view of a decision about a snippet in a list."""
