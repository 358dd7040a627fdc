"""The list of background tasks in the admin, with a button to run failed ones again."""

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from django_tasks import TaskResultStatus
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from .models import QueuedTask

# What the list calls the states of the tasks API.
STATUS_LABELS = {
    TaskResultStatus.READY: "Waiting",
    TaskResultStatus.RUNNING: "Running",
    TaskResultStatus.FAILED: "Failed",
    TaskResultStatus.SUCCESSFUL: "Done",
}

permission_policy = ModelPermissionPolicy(QueuedTask)


class StatusColumn(Column):
    """Shows the status of a task, and when a failed attempt is repeated."""

    def get_value(self, instance: QueuedTask) -> str:
        """Return the status as text; it says if a failed task is repeated."""
        label = STATUS_LABELS[TaskResultStatus(instance.status)]
        if instance.is_due_again_at:
            return f"{label}: failed, will be tried again"
        return label


class TryAgainColumn(Column):
    """Offers to run a task again whose last attempt failed."""

    cell_template_name = "admin/try_task_again.html"

    def get_cell_context_data(self, instance: QueuedTask, parent_context: Any) -> dict[str, Any]:
        """Return the context of the button, offered for failures to users who may change tasks."""
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        request = parent_context["request"]
        may_change = permission_policy.user_has_permission(request.user, "change")
        return context | {
            "is_offered": bool(instance.error) and may_change,
            "csrf_token": get_token(request),
        }


class TaskFilter(WagtailFilterSet):
    """Filters tasks by their state."""

    status = django_filters.ChoiceFilter(
        label="Status", choices=[(status.value, label) for status, label in STATUS_LABELS.items()]
    )

    class Meta:
        model = QueuedTask
        fields: list[str] = []


class TaskReport(ReportView):
    """Lists tasks, the ones that failed first."""

    page_title = "Background tasks"
    header_icon = "cogs"
    index_url_name = "background-tasks"
    index_results_url_name = "background-tasks-results"
    filterset_class = TaskFilter
    permission_policy = permission_policy
    permission_required = "view"
    columns = [
        Column("name", label="Task"),
        StatusColumn("status", label="Status"),
        Column("attempts", label="Attempts"),
        DateColumn("enqueued_at", label="Created"),
        Column("error", label="Last error"),
        TryAgainColumn("try_again", label="Action"),
    ]
    list_export = ["pk", "path", "status", "attempts", "enqueued_at", "finished_at", "error"]

    def get_queryset(self) -> "QuerySet[QueuedTask]":
        """Return all tasks, those that failed first."""
        return QueuedTask.objects.with_failed_first()

    def get_filename(self) -> str:
        """Return the name of the exported file, without its suffix."""
        return "background-tasks"


@require_POST
def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Run a failed task again with its number of attempts reset; return a redirect.

    Raises PermissionDenied unless the user may change tasks, and Http404.
    """
    if not permission_policy.user_has_permission(request.user, "change"):
        raise PermissionDenied
    queued = get_object_or_404(QueuedTask, pk=pk)
    if QueuedTask.objects.filter(pk=pk).run_again():
        messages.success(request, f"“{queued.name}” is being tried again.")
    else:
        messages.warning(
            request, f"“{queued.name}” was not tried again, because it is no longer failing."
        )
    return redirect("background-tasks")
