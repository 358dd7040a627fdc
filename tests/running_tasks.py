"""Runs background tasks within a test, as a worker would."""

from typing import Any

from bhp_site.tasks.execution import run_task
from bhp_site.tasks.models import QueuedTask


def run_tasks(*tasks: Any) -> int:
    """Run calls of these tasks, or of all, until none is due; return how many were run."""
    paths = [task.module_path for task in tasks]
    number = 0
    while run_task(_select(paths)):
        number += 1
    return number


def _select(paths: list[str]) -> Any:
    due = QueuedTask.objects.due()
    return due.filter(path__in=paths) if paths else due
