from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from .views import TaskReport, permission_policy, try_again


@hooks.register("register_admin_urls")
def register_task_urls() -> list[Any]:
    """Return the URL patterns of the list of tasks."""
    return [
        path("reports/background-tasks/", TaskReport.as_view(), name="background-tasks"),
        path(
            "reports/background-tasks/results/",
            TaskReport.as_view(results_only=True),
            name="background-tasks-results",
        ),
        path("background-tasks/<int:pk>/try-again/", try_again, name="try-task-again"),
    ]


class TasksMenuItem(MenuItem):
    """The menu item of the list of tasks."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return True if the user may see tasks."""
        allowed: bool = permission_policy.user_has_permission(request.user, "view")
        return allowed


@hooks.register("register_reports_menu_item")
def register_tasks_menu_item() -> TasksMenuItem:
    """Return the item of the reports menu."""
    return TasksMenuItem(
        "Background tasks",
        reverse("background-tasks"),
        name="background-tasks",
        icon_name="cogs",
        order=1200,
    )


@hooks.register("register_permissions")
def register_task_permissions() -> "QuerySet[Permission]":
    """Return the permissions to see tasks and to run them again, which groups can have."""
    return Permission.objects.filter(
        content_type__app_label="tasks", codename__in=("view_queuedtask", "change_queuedtask")
    )
